import type { FoundSpanJson } from '@clew/api';
import type { ReactNode } from 'react';
import { visibleLines } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';

/** The kind of a span, and beside it whether it failed. */
export function SpanStatus({
  span: { kind, status, statusMessage },
}: {
  readonly span: Pick<FoundSpanJson, 'kind' | 'status' | 'statusMessage'>;
}): ReactNode {
  return (
    <span className="span-row-status">
      <span>{kind}</span>
      {status === 'error' ? (
        <span className="span-row-failed" title={visibleLines(statusMessage)}>
          <Icon name="error" />
          <span>{messages.search.failedSpan}</span>
        </span>
      ) : undefined}
    </span>
  );
}
