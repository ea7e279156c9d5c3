/**
 * The colour of a service: the same on every page, in every session, for everyone, because it depends on nothing but the
 * name.
 *
 * The twelve colours were searched for by computer: within a narrow band of lightness, the smallest distance between any
 * two is as large as it can be made, for full colour vision and for the three dichromacies at once, in both themes. Strong
 * reds and ambers are left out, since they mean errors and warnings. With more services than colours some share one, so a
 * colour never stands without the name.
 */

/** OKLCH of the light theme: lightness 0 to 1, chroma, hue in degrees. */
export type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** Bars lie on a dark ground in the dark theme, so every colour is lighter there by the same step. */
const DARK_THEME_LIGHTNESS_STEP = 0.1;

const LIGHT_THEME_PALETTE: readonly Oklch[] = [
  [0.603, 0.161, 355],
  [0.659, 0.14, 54],
  [0.623, 0.16, 136],
  [0.605, 0.159, 313],
  [0.56, 0.083, 170],
  [0.66, 0.107, 196],
  [0.604, 0.154, 257],
  [0.565, 0.112, 104],
  [0.565, 0.081, 41],
  [0.658, 0.074, 108],
  [0.659, 0.071, 5],
  [0.589, 0.049, 276],
];

/** How many colours there are; `serviceColorIndex` is below it. */
export const SERVICE_COLOR_COUNT = LIGHT_THEME_PALETTE.length;

/** Behind the palette, where colours stand for the status of spans: the red of errors. No service has it. */
export const ERROR_COLOR_INDEX: number = LIGHT_THEME_PALETTE.length;

/**
 * All colours as CSS colours, by `serviceColorIndex`, for a canvas. In the document
 * `data-service-color={serviceColorIndex(name)}` is better: it sets `--service-color`, which follows the theme by itself.
 */
export function serviceColors(theme: 'light' | 'dark'): readonly string[] {
  return LIGHT_THEME_PALETTE.map((_, index) => {
    const [lightness, chroma, hue] = servicePaletteColor(index, theme);
    return `oklch(${lightness} ${chroma} ${hue})`;
  });
}

/** Which colour of the palette a service has. */
export function serviceColorIndex(service: string): number {
  return hash(service) % SERVICE_COLOR_COUNT;
}

/** One colour of the palette, for code that mixes or measures colours itself. */
export function servicePaletteColor(index: number, theme: 'light' | 'dark'): Oklch {
  const [lightness, chroma, hue] = LIGHT_THEME_PALETTE[index % SERVICE_COLOR_COUNT] ?? [0.6, 0, 0];
  if (theme === 'light') return [lightness, chroma, hue];
  return [Number((lightness + DARK_THEME_LIGHTNESS_STEP).toFixed(3)), chroma, hue];
}

/** FNV-1a over UTF-16 code units, then a final mix, because names often differ in their last letter alone. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
