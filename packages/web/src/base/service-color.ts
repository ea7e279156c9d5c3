/**
 * The colour of a service: the same on every page, in every session, for everyone, because it depends on nothing but the
 * name.
 *
 * The twenty-four colours, twelve in each of two narrow bands of lightness, were searched for by computer: the smallest distance
 * between any two is as large as it could be made, for full colour vision and for the three dichromacies at once, in both themes.
 * Reds and ambers are left out, since they mean errors and warnings, but for pale and brownish ones, and so is grey. Services may share a colour, more likely
 * the more of them there are, so a colour never stands without the name.
 */

/** OKLCH of the light theme: lightness 0 to 1, chroma, hue in degrees. */
export type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** Bars lie on a dark ground in the dark theme, so every colour is lighter there by the same step. */
const DARK_THEME_LIGHTNESS_STEP = 0.1;

const LIGHT_THEME_PALETTE: readonly Oklch[] = [
  [0.656, 0.127, 100],
  [0.66, 0.059, 299],
  [0.584, 0.174, 289],
  [0.66, 0.082, 27],
  [0.656, 0.173, 312],
  [0.6, 0.126, 68],
  [0.56, 0.075, 20],
  [0.612, 0.198, 334],
  [0.539, 0.073, 294],
  [0.596, 0.092, 126],
  [0.56, 0.044, 202],
  [0.521, 0.107, 91],
  [0.45, 0.105, 117],
  [0.638, 0.116, 178],
  [0.512, 0.118, 153],
  [0.503, 0.187, 275],
  [0.471, 0.199, 337],
  [0.45, 0.074, 184],
  [0.45, 0.194, 298],
  [0.45, 0.113, 283],
  [0.456, 0.062, 35],
  [0.581, 0.117, 238],
  [0.503, 0.11, 346],
  [0.52, 0.155, 309],
];

/** How many colours there are; `serviceColorIndex` is below it. */
export const SERVICE_COLOR_COUNT = LIGHT_THEME_PALETTE.length;

/** Behind the palette, where colours stand for the status of spans: the red of errors. No service has it. */
export const ERROR_COLOR_INDEX: number = LIGHT_THEME_PALETTE.length;

/** And the grey of what has nothing that a colour could stand for. */
export const NO_COLOR_INDEX: number = ERROR_COLOR_INDEX + 1;

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

/**
 * FNV-1a over UTF-16 code units, then a final mix, because names often differ in their last letter alone. Where it starts was
 * searched for: from here, the services of our shop, and those of the example systems that people try tracing with, have colours of
 * their own as far as there are enough. Any other names meet as often as chance has it.
 */
const HASH_START = 0x811ffacb;

function hash(text: string): number {
  let value = HASH_START;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
