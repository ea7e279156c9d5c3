import type { Span } from '@clew/model';

/** Intervals of one length, one after the other; a span counts in the one it started in. */
export interface MetricsRange {
  readonly startUnixNano: bigint;
  readonly stepNano: bigint;
  readonly binCount: number;
  /** The time that was asked about, where the first or the last interval reaches beyond it: only spans of it count. */
  readonly bounds?: TimeBounds | undefined;
}

/** From `startUnixNano` to before `endUnixNano`. */
export interface TimeBounds {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
}

/** When the spans that count started. */
export function boundsOf({ startUnixNano, stepNano, binCount, bounds }: MetricsRange): TimeBounds {
  return bounds ?? { startUnixNano, endUnixNano: startUnixNano + stepNano * BigInt(binCount) };
}

/** The interval of a span; -1 outside of the range. */
export function binOf({ startUnixNano }: Span, range: MetricsRange): number {
  const bounds = boundsOf(range);
  if (startUnixNano < bounds.startUnixNano || startUnixNano >= bounds.endUnixNano) return -1;
  return Number((startUnixNano - range.startUnixNano) / range.stepNano);
}
