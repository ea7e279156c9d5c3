import type { ReactNode } from 'react';
import { formatDuration } from '../../../base/format.ts';

/** A duration, and how it compares with the longest one of the list. */
export function DurationBar({
  durationNano,
  longestNano,
}: {
  readonly durationNano: bigint;
  readonly longestNano: bigint;
}): ReactNode {
  const share = longestNano === 0n ? 0 : Number(durationNano) / Number(longestNano);
  return (
    <span className="duration-bar">
      <svg aria-hidden="true">
        <rect width={`${(Math.min(1, share) * 100).toFixed(2)}%`} height="100%" />
      </svg>
      <span>{formatDuration(durationNano)}</span>
    </span>
  );
}
