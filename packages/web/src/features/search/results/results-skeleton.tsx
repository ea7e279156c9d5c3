import type { ReactNode } from 'react';

const ROWS = Array.from({ length: 12 }, (_, index) => index);

/** The shape of what is coming. */
export function ResultsSkeleton(): ReactNode {
  return (
    <div className="results-skeleton" aria-hidden="true">
      {ROWS.map((row) => (
        <div key={row} className="trace-columns">
          <i />
          <i />
          <i />
          <i />
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}
