import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { useCommands } from '../../ui/commands.tsx';
import { Icon } from '../../ui/icon.tsx';

/** To the choice of what to compare this trace with. The trace is B: what it is compared with comes first. */
export function CompareLink({ traceId }: { readonly traceId: string }): ReactNode {
  const navigate = useNavigate();
  const searchOf = (current: QueryValues) => ({ b: traceId, bSource: current['source'] });
  useCommands({
    title: messages.trace.commands.title,
    reach: 'page',
    commands: [
      {
        name: messages.trace.commands.compare,
        run: () => void navigate({ to: '/compare', search: searchOf }),
      },
    ],
  });
  return (
    <Link
      to="/compare"
      search={searchOf}
      className="button button-quiet"
      title={messages.compare.linkTitle}
    >
      <Icon name="compare" />
      <span>{messages.compare.link}</span>
    </Link>
  );
}
