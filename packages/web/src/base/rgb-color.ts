/** A colour as programs read it that know no OKLCH, which are most that open an SVG. */
export interface RgbColor {
  /** `#rrggbb`. */
  readonly hex: string;
  /** 0 to 1. */
  readonly opacity: number;
}

const OKLCH = /^oklch\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*(?:\/\s*([\d.]+)\s*)?\)$/;

/**
 * Turns `oklch(L C H)` or `oklch(L C H / A)` into sRGB, cutting off what lies outside of it; any other colour is left as it is.
 * The matrices are those of Ottosson's OKLab (https://bottosson.github.io/posts/oklab).
 */
export function toRgbColor(color: string): RgbColor {
  const parts = OKLCH.exec(color);
  if (parts === null) return { hex: color, opacity: 1 };
  const [lightness = 0, chroma = 0, hue = 0] = parts.slice(1, 4).map(Number);
  const angle = (hue * Math.PI) / 180;
  const channels = toLinearRgb(lightness, chroma * Math.cos(angle), chroma * Math.sin(angle));
  const hex = channels.map((channel) => toByte(channel).toString(16).padStart(2, '0')).join('');
  return { hex: `#${hex}`, opacity: parts[4] === undefined ? 1 : Number(parts[4]) };
}

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
