import type { ReactNode } from 'react';
import './progress-line.css';

/** A thin line along the upper edge of what is being loaded. It takes no room, so nothing moves when it comes or goes. */
export function ProgressLine({
  active,
  label,
}: {
  readonly active: boolean;
  readonly label: string;
}): ReactNode {
  return (
    <div className="progress-line" data-active={active}>
      {active ? <span role="progressbar" aria-label={label} /> : undefined}
    </div>
  );
}
