import type { ReactNode } from 'react';
import { formatShare } from '../../../../base/format.ts';

/** A share of the whole as a bar and in words; in the colour of the service around it. */
export function ShareBar({ share }: { readonly share: number }): ReactNode {
  return (
    <span className="table-share">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.min(100, share * 100)} height="6" />
      </svg>
      {formatShare(share)}
    </span>
  );
}
