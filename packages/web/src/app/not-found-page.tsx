import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { TopLine } from '../ui/top-line.tsx';

const TEXTS = messages.app.notFound;

/** An address that leads nowhere. */
export function NotFoundPage(): ReactNode {
  return (
    <>
      <TopLine title={TEXTS.title}>
        <h1>{TEXTS.title}</h1>
      </TopLine>
      <div className="not-found">
        <h2>{TEXTS.heading}</h2>
        <p>
          <code>{location.pathname}</code>
        </p>
        <p>
          <Link to="/search" search={{}}>
            {TEXTS.search}
          </Link>
          {TEXTS.orPaste}
        </p>
      </div>
    </>
  );
}
