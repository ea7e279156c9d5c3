import type { Span } from './span.ts';
import { durationNano } from './time.ts';
import type { DurationNano } from './time.ts';

/** What the analyses of time need of a span. */
export type TimedSpan = Pick<Span, 'startUnixNano' | 'durationNano'>;

/**
 * The self time of each span: the part of it during which none of its children runs. Children overlap each other and may
 * outlast their parent, so what they cover is merged and cut to the parent. Linear: `spans` must be ordered by start, as
 * `assembleTrace` leaves them, and `parents` be those of their tree.
 */
export function computeSelfTimes(
  spans: readonly TimedSpan[],
  parents: Int32Array,
): readonly DurationNano[] {
  const selfTimes: bigint[] = spans.map((span) => span.durationNano);
  const coveredUntil: bigint[] = spans.map((span) => span.startUnixNano);
  spans.forEach((span, index) => {
    const at = parents[index] ?? -1;
    const parent = spans[at];
    if (parent === undefined) return;
    const start = later(span.startUnixNano, coveredUntil[at] ?? 0n);
    const end = earlier(endOf(span), endOf(parent));
    if (end <= start) return;
    selfTimes[at] = (selfTimes[at] ?? 0n) - (end - start);
    coveredUntil[at] = end;
  });
  return selfTimes.map(durationNano);
}

function endOf({ startUnixNano, durationNano }: TimedSpan): bigint {
  return startUnixNano + durationNano;
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function earlier(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
