/** The colours of a canvas, resolved to what a 2D context takes. Service colours are by index of the palette, behind which stand the red of errors and the grey of spans without a value. */
export interface CanvasTheme {
  readonly background: string;
  readonly hover: string;
  readonly selected: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly textMuted: string;
  readonly textFaint: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly accentSoft: string;
  readonly error: string;
  /** The ground of what failed below. */
  readonly errorSoft: string;
  /** The ground of a small number. */
  readonly sunken: string;
  readonly warning: string;
  /** The critical path. */
  readonly warningMark: string;
  /** The ground of rows that show a finding. */
  readonly warningSoft: string;
  /** The background, half transparent: lies over what steps back. */
  readonly veil: string;
  /** A span's own time. */
  readonly serviceSolid: readonly string[];
  /** Its time in children. */
  readonly serviceLight: readonly string[];
  /** The CSS font of labels. */
  readonly font: string;
}
