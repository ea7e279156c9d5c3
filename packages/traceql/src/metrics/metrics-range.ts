import type { Span } from '@clew/model';

/** Intervals of one length, one after the other; a span counts in the one it started in. */
export interface MetricsRange {
  readonly startUnixNano: bigint;
  readonly stepNano: bigint;
  readonly binCount: number;
}

/** The interval of a span; -1 outside of the range. */
export function binOf({ startUnixNano }: Span, range: MetricsRange): number {
  if (startUnixNano < range.startUnixNano) return -1;
  const bin = Number((startUnixNano - range.startUnixNano) / range.stepNano);
  return bin < range.binCount ? bin : -1;
}
