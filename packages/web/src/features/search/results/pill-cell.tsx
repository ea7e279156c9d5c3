import type { ReactNode, RefObject } from 'react';

/** A row without height: its cell for services is as wide as those of the rows below it. */
export function PillCell({ ref }: { readonly ref: RefObject<HTMLElement | null> }): ReactNode {
  return (
    <div className="pill-cell" aria-hidden="true">
      <div className="result-row-link trace-row-link trace-columns">
        <span className="service-pills" ref={ref} />
      </div>
    </div>
  );
}
