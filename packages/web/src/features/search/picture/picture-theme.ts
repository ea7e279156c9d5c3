import type { Theme } from '../../../ui/theme.tsx';

/** The design tokens the picture needs, as the canvas takes them. */
export interface PictureTheme {
  readonly line: string;
  readonly text: string;
  readonly textMuted: string;
  readonly accent: string;
  readonly accentStrong: string;
  readonly surface: string;
  readonly error: string;
  readonly font: string;
  /** How much of the accent the emptiest cell has: more on a dark ground, where little is not seen. */
  readonly leastAlpha: number;
}

/** Reads the tokens in force; `theme` is the one the document shows. */
export function readPictureTheme(theme: Theme): PictureTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    line: read('--color-line'),
    text: read('--color-text'),
    textMuted: read('--color-text-muted'),
    accent: read('--color-accent'),
    accentStrong: read('--color-accent-strong'),
    surface: read('--color-surface'),
    error: read('--color-error'),
    font: `${read('--text-xs')} ${read('--font-sans')}`,
    leastAlpha: theme === 'dark' ? 0.28 : 0.2,
  };
}
