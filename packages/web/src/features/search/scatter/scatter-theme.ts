import { serviceColors } from '../../../base/service-color.ts';
import type { Theme } from '../../../ui/theme.tsx';

/** The design tokens the plot needs, as the canvas takes them. */
export interface ScatterTheme {
  readonly surface: string;
  readonly line: string;
  readonly text: string;
  readonly textMuted: string;
  readonly error: string;
  /** By `serviceColorIndex`. */
  readonly services: readonly string[];
  readonly font: string;
}

/** Reads the tokens in force; `theme` is the one the document shows. */
export function readScatterTheme(theme: Theme): ScatterTheme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: read('--color-surface'),
    line: read('--color-line'),
    text: read('--color-text'),
    textMuted: read('--color-text-muted'),
    error: read('--color-error'),
    services: serviceColors(theme),
    font: `${read('--text-xs')} ${read('--font-sans')}`,
  };
}
