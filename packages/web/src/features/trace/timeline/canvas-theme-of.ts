import { SERVICE_COLOR_COUNT, servicePaletteColor } from '../../../base/service-color.ts';
import type { Oklch } from '../../../base/service-color.ts';
import type { CanvasTheme } from '../../../canvas/canvas-theme.ts';
import type { Theme } from '../../../ui/theme.tsx';

/** How far the time in children steps back towards the ground: enough to tell it from self time, too little to vanish. */
const LIGHT_SHARE = { light: 0.66, dark: 0.62 } as const;
const GROUND_LIGHTNESS = { light: 0.99, dark: 0.22 } as const;

/** Resolves the style sheet's colours in force on `element` to what a 2D context takes. */
export function canvasThemeOf(element: Element, theme: Theme): CanvasTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const palette = Array.from({ length: SERVICE_COLOR_COUNT }, (_, index) =>
    servicePaletteColor(index, theme),
  );
  const surface = token('color-surface');
  return {
    background: surface,
    hover: token('color-hover'),
    selected: token('color-selected'),
    line: token('color-line'),
    lineStrong: token('color-line-strong'),
    text: token('color-text'),
    textMuted: token('color-text-muted'),
    textFaint: token('color-text-faint'),
    accent: token('color-accent'),
    onAccent: token('color-on-accent'),
    accentSoft: token('color-accent-soft'),
    error: token('color-error'),
    errorSoft: token('color-error-soft'),
    sunken: token('color-sunken'),
    warning: token('color-warning'),
    veil: surface.replace(/\)$/, ' / 0.72)'),
    warningMark: token('color-warning-mark'),
    warningSoft: token('color-warning-soft'),
    serviceSolid: [...palette.map(formatOklch), token('color-error'), token('color-no-value')],
    serviceLight: [
      ...palette.map((color) => formatOklch(stepBack(color, theme))),
      token('color-error-line'),
      token('color-no-value-soft'),
    ],
    font: `${token('text-sm')} ${token('font-sans')}`,
  };
}

function formatOklch([lightness, chroma, hue]: Oklch): string {
  return `oklch(${lightness} ${chroma} ${hue})`;
}

function stepBack([lightness, chroma, hue]: Oklch, theme: Theme): Oklch {
  const share = LIGHT_SHARE[theme];
  return [lightness + (GROUND_LIGHTNESS[theme] - lightness) * share, chroma * (1 - share), hue];
}

/** Colours as the bytes of an `ImageData`: draws each into one pixel, as the browser alone knows how to. */
export function packColors(colors: readonly string[]): Uint32Array {
  const canvas = document.createElement('canvas');
  canvas.width = colors.length;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return new Uint32Array(colors.length);
  colors.forEach((color, index) => {
    context.fillStyle = color;
    context.fillRect(index, 0, 1, 1);
  });
  return new Uint32Array(context.getImageData(0, 0, colors.length, 1).data.buffer);
}
