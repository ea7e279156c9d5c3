import type { ReactNode } from 'react';
import { formatDuration, formatOffset } from '../../../base/format.ts';

/** Half a nanosecond is a remainder of dividing time. */
const NOTHING_NS = 0.5;

/** `+1.24 ms`, `−3.00 s`; `0` where there is none. */
export function formatDifference(differenceNs: number): string {
  return Math.abs(differenceNs) < NOTHING_NS ? '0' : formatOffset(differenceNs);
}

/** A duration, or a dash where there is nothing that could take time. */
export function formatMissing(durationNs: number | undefined): string {
  return durationNs === undefined ? '—' : formatDuration(durationNs);
}

/** A difference as a bar from the middle, to the right where B has more, and with its sign. */
export function DifferenceBar({
  differenceNs,
  largestNs,
}: {
  readonly differenceNs: number;
  /** Of all rows: as long as half of the bar. */
  readonly largestNs: number;
}): ReactNode {
  const width =
    largestNs === 0 ? 0 : (50 * Math.min(Math.abs(differenceNs), largestNs)) / largestNs;
  const isMore = differenceNs >= 0;
  return (
    <span className="compare-difference" data-more={isMore}>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect
          className="compare-difference-bar"
          x={isMore ? 50 : 50 - width}
          y="1"
          width={width}
          height="8"
        />
        <rect className="compare-difference-axis" x="49.75" width="0.5" height="10" />
      </svg>
      <span>{formatDifference(differenceNs)}</span>
    </span>
  );
}
