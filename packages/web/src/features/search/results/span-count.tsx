import type { TraceSummaryJson } from '@clew/api';
import type { ReactNode } from 'react';
import { formatCount } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { Icon } from '../../../ui/icon.tsx';

/** `41 spans`, or with a mark `3 of 41 failed`. */
export function SpanCount({
  trace: { spanCount, errorCount },
}: {
  readonly trace: TraceSummaryJson;
}): ReactNode {
  if (errorCount === 0) {
    return (
      <span className="span-count">
        {formatCount(spanCount)}
        <span className="span-count-noun">
          {` ${spanCount === 1 ? messages.search.span : messages.search.spansOfCount}`}
        </span>
      </span>
    );
  }
  return (
    <span className="span-count span-count-failed">
      <Icon name="error" />
      {messages.search.failedOf(formatCount(errorCount), formatCount(spanCount))}
    </span>
  );
}
