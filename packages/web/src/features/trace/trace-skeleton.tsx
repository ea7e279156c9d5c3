import type { ReactNode } from 'react';

/** Depth, and where the bar starts and ends in percent: the shape of a trace, not of this one. */
const ROWS = [0, 1, 2, 2, 1, 2, 3, 3] as const;

/** The shape of what is coming. */
export function TraceSkeleton(): ReactNode {
  return (
    <div className="trace-skeleton" aria-hidden="true">
      <div className="trace-skeleton-head" />
      {ROWS.map((depth, index) => (
        <div key={`${index}-${depth}`} className="trace-skeleton-row" data-depth={depth} />
      ))}
    </div>
  );
}
