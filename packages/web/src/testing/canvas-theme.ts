import type { CanvasTheme } from '../canvas/canvas-theme.ts';

/** Colours with names instead of values, so that a test reads what was drawn. */
export const NAMED_THEME: CanvasTheme = {
  background: 'background',
  hover: 'hover',
  selected: 'selected',
  line: 'line',
  lineStrong: 'line-strong',
  text: 'text',
  textMuted: 'text-muted',
  textFaint: 'text-faint',
  accent: 'accent',
  onAccent: 'on-accent',
  accentSoft: 'accent-soft',
  error: 'error',
  errorSoft: 'error-soft',
  sunken: 'sunken',
  warning: 'warning',
  warningMark: 'warning-mark',
  warningSoft: 'warning-soft',
  veil: 'veil',
  serviceSolid: Array.from({ length: 26 }, () => 'solid'),
  serviceLight: Array.from({ length: 26 }, () => 'light'),
  font: '12px sans',
};
