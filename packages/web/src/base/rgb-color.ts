/** A colour as programs read it that know no OKLCH, which are most that open an SVG. */
export interface RgbColor {
  /** `#rrggbb`. */
  readonly hex: string;
  /** 0 to 1. */
  readonly opacity: number;
}

const FUNCTION = /^(oklch|oklab|lch|lab)\(\s*([^()]+?)\s*\)$/i;

/**
 * Turns what style sheets hold, and what builders of style sheets and browsers make of it (`oklch()`, `oklab()`, `lch()` and `lab()` of
 * CSS Color 4), into sRGB, cutting off what lies outside of it; any other colour is left as it is.
 */
export function toRgbColor(color: string): RgbColor {
  const [, name, inside] = FUNCTION.exec(color) ?? [];
  if (name === undefined || inside === undefined) return { hex: color, opacity: 1 };
  const [values = '', alpha = '1'] = inside.split('/');
  const [first = '', ...rest] = values.trim().split(/\s+/);
  const space = name.toLowerCase();
  const isOk = space.startsWith('ok');
  const lightness = readNumber(first, isOk ? 1 : 100);
  const [second = 0, third = 0] = rest.map((part) => readNumber(part, isOk ? 0.4 : 125));
  const angle = (third * Math.PI) / 180;
  const [a, b] = space.endsWith('lch')
    ? [second * Math.cos(angle), second * Math.sin(angle)]
    : [second, third];
  const channels = isOk ? toLinearRgb(lightness, a, b) : labToLinearRgb(lightness, a, b);
  const hex = channels.map((channel) => toByte(channel).toString(16).padStart(2, '0')).join('');
  return { hex: `#${hex}`, opacity: readNumber(alpha.trim(), 1) };
}

/** A number, or a share of what 100 % is; `none` is 0, and an angle may have its unit. */
function readNumber(text: string, whole: number): number {
  const number = Number.parseFloat(text);
  if (Number.isNaN(number)) return 0;
  return text.endsWith('%') ? (number / 100) * whole : number;
}

/** CIE Lab of D50 by way of XYZ; the matrix has the adaptation to D65 in it (CSS Color 4, section 18). */
function labToLinearRgb(lightness: number, a: number, b: number): readonly number[] {
  const fy = (lightness + 16) / 116;
  const [x, y, z] = [
    0.96429567 * unbend(fy + a / 500),
    unbend(fy),
    0.8251046 * unbend(fy - b / 200),
  ];
  return [
    3.1341359 * x - 1.6173863 * y - 0.4906619 * z,
    -0.9787955 * x + 1.9162545 * y + 0.0334427 * z,
    0.0719557 * x - 0.2289769 * y + 1.405386 * z,
  ];
}

function unbend(f: number): number {
  return f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29);
}

/** The matrices are those of Ottosson's OKLab (https://bottosson.github.io/posts/oklab). */
function toLinearRgb(lightness: number, a: number, b: number): readonly number[] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toByte(linear: number): number {
  const cut = Math.min(Math.max(linear, 0), 1);
  const encoded = cut <= 0.0031308 ? 12.92 * cut : 1.055 * cut ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}
