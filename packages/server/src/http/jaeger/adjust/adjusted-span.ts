import type { Span } from '@clew/model';

/** A span as it is shown, and what there is to say about that. */
export interface AdjustedSpan {
  readonly span: Span;
  readonly warnings: readonly string[];
}

/** One step of what is done to the spans of a trace before they are shown; it changes nothing that it is given. */
export type Adjuster = (spans: readonly AdjustedSpan[]) => readonly AdjustedSpan[];

export function withWarning({ span, warnings }: AdjustedSpan, warning: string): AdjustedSpan {
  return { span, warnings: [...warnings, warning] };
}
