import type { ClewClient, TraceSummaryJson } from '@clew/api';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { Store } from '../../../state/store.ts';
import { useNow } from '../../../ui/use-now.ts';
import { ResultList } from './result-list.tsx';
import type { ResultListProps } from './result-list.tsx';
import { readSample } from './shape/sample-spans.ts';
import { ShapeLoader } from './shape/shape-loader.ts';
import type { TickedTraces } from './ticked-traces.ts';
import type { ShapeSource } from './shape/shape-loader.ts';
import { TraceRow } from './trace-row.tsx';

export interface TraceListProps extends Pick<
  ResultListProps<TraceSummaryJson>,
  'scroller' | 'canLoadMore' | 'onLoadMore'
> {
  readonly client: ClewClient;
  readonly traces: readonly TraceSummaryJson[];
  /** When the trace that is pointed at began. */
  readonly pointedMs: Store<number | undefined>;
  readonly ticked: TickedTraces;
}

const NOW_EVERY_MS = 5000;

/** The traces that were found, each a link. */
export function TraceList(props: TraceListProps): ReactNode {
  const { client, traces, pointedMs, ticked, ...list } = props;
  const nowMs = useNow(NOW_EVERY_MS);
  const longestNano = useMemo(() => longestOf(traces), [traces]);
  const [loader] = useState(() => new ShapeLoader(sourceOf(client)));
  return (
    <ResultList
      {...list}
      label={messages.search.traces}
      items={traces}
      keyOf={({ traceId }) => traceId}
      renderRow={(trace, place) => (
        <TraceRow
          key={trace.traceId}
          {...place}
          trace={trace}
          longestNano={longestNano}
          nowMs={nowMs}
          pointedMs={pointedMs}
          loader={loader}
          ticked={ticked}
        />
      )}
    />
  );
}

function longestOf(traces: readonly TraceSummaryJson[]): bigint {
  return traces.reduce((longest, { durationNano }) => {
    const nanos = BigInt(durationNano);
    return nanos > longest ? nanos : longest;
  }, 0n);
}

function sourceOf(client: TraceListProps['client']): ShapeSource {
  return {
    readTraceColumns: (traceId, options) => client.readTraceColumns(traceId, options),
    readSample: (trace, signal) => readSample(client, trace, signal),
  };
}
