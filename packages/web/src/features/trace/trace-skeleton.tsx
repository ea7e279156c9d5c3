import type { ReactNode } from 'react';

/** The depth of each row, and its number: the shape of a trace, not of this one. */
const ROWS = [0, 1, 2, 2, 1, 2, 3, 3].map((depth, row) => ({ depth, row }));

/** The shape of what is coming. */
export function TraceSkeleton(): ReactNode {
  return (
    <div className="trace-skeleton" aria-hidden="true">
      <div className="trace-skeleton-head" />
      {ROWS.map(({ depth, row }) => (
        <div key={row} className="trace-skeleton-row" data-depth={depth} />
      ))}
    </div>
  );
}
