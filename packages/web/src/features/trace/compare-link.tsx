import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { Icon } from '../../ui/icon.tsx';

/** To the choice of what to compare this trace with. The trace is B: what it is compared with comes first. */
export function CompareLink({ traceId }: { readonly traceId: string }): ReactNode {
  return (
    <Link
      to="/compare"
      search={(current: QueryValues) => ({ b: traceId, bSource: current['source'] })}
      className="button button-quiet"
      title={messages.compare.linkTitle}
    >
      <Icon name="compare" />
      <span>{messages.compare.link}</span>
    </Link>
  );
}
