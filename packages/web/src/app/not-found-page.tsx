import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TopLine } from '../ui/top-line.tsx';

/** An address that leads nowhere. */
export function NotFoundPage(): ReactNode {
  return (
    <>
      <TopLine title="Not found">
        <h1>Not found</h1>
      </TopLine>
      <div className="not-found">
        <h2>There is no page at this address</h2>
        <p>
          <code>{location.pathname}</code>
        </p>
        <p>
          <Link to="/search" search={{}}>
            Search for traces
          </Link>{' '}
          or paste a trace id into the box above.
        </p>
      </div>
    </>
  );
}
