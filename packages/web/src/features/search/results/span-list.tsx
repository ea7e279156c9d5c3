import type { FoundSpanJson } from '@clew/api';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { Store } from '../../../state/store.ts';
import { useNow } from '../../../ui/use-now.ts';
import { ResultList } from './result-list.tsx';
import type { ResultListProps } from './result-list.tsx';
import { spanKey } from './span-key.ts';
import { SpanRow } from './span-row.tsx';

export interface SpanListProps extends Pick<
  ResultListProps<FoundSpanJson>,
  'scroller' | 'canLoadMore' | 'onLoadMore'
> {
  readonly spans: readonly FoundSpanJson[];
  /** When the span that is pointed at began. */
  readonly pointedMs: Store<number | undefined>;
}

const NOW_EVERY_MS = 5000;

/** The spans that were found, each a link. */
export function SpanList({ spans, pointedMs, ...list }: SpanListProps): ReactNode {
  const nowMs = useNow(NOW_EVERY_MS);
  const longestNano = useMemo(
    () => spans.reduce((longest, span) => maxOf(longest, BigInt(span.durationNano)), 0n),
    [spans],
  );
  return (
    <ResultList
      {...list}
      label={messages.search.spans}
      items={spans}
      keyOf={spanKey}
      renderRow={(span, place) => (
        <SpanRow
          key={spanKey(span)}
          {...place}
          span={span}
          longestNano={longestNano}
          nowMs={nowMs}
          pointedMs={pointedMs}
        />
      )}
    />
  );
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
