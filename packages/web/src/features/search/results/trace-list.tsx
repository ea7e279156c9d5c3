import type { TraceSummaryJson } from '@clew/api';
import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Store } from '../../../state/store.ts';
import { useNow } from '../../../ui/use-now.ts';
import { ResultList } from './result-list.tsx';
import type { ResultListProps } from './result-list.tsx';
import { PillCell } from './pill-cell.tsx';
import { ShapeLoader } from './shape/shape-loader.ts';
import type { TickedTraces } from './ticked-traces.ts';
import type { ShapeSource } from './shape/shape-loader.ts';
import { TraceRow } from './trace-row.tsx';
import { usePillRoom } from './use-pill-room.ts';

export interface TraceListProps extends Pick<
  ResultListProps<TraceSummaryJson>,
  'label' | 'scroller' | 'canLoadMore' | 'onLoadMore'
> {
  /** Where the spans for the miniatures come from; the first one given is kept. */
  readonly shapes: ShapeSource;
  /** The traces are those of opened files. */
  readonly source?: 'file' | undefined;
  readonly traces: readonly TraceSummaryJson[];
  /** The span that answered is selected in a trace that is opened. */
  readonly selectsMatch?: boolean | undefined;
  /** When the trace that is pointed at began. */
  readonly pointedMs: Store<number | undefined>;
  readonly ticked: TickedTraces;
}

const NOW_EVERY_MS = 5000;

/** Traces that were found or opened, each a link. */
export function TraceList(props: TraceListProps): ReactNode {
  const { shapes, source, traces, selectsMatch, pointedMs, ticked, ...list } = props;
  const nowMs = useNow(NOW_EVERY_MS);
  const longestNano = useMemo(() => longestOf(traces), [traces]);
  const [loader] = useState(() => new ShapeLoader(shapes));
  const pillCell = useRef<HTMLElement>(null);
  const pillRoom = usePillRoom(pillCell);
  return (
    <>
      <PillCell ref={pillCell} />
      <ResultList
        {...list}
        items={traces}
        keyOf={({ traceId }) => traceId}
        renderRow={(trace, place) => (
          <TraceRow
            key={trace.traceId}
            {...place}
            trace={trace}
            source={source}
            selectsMatch={selectsMatch}
            longestNano={longestNano}
            nowMs={nowMs}
            pointedMs={pointedMs}
            loader={loader}
            ticked={ticked}
            pillRoom={pillRoom}
          />
        )}
      />
    </>
  );
}

function longestOf(traces: readonly TraceSummaryJson[]): bigint {
  return traces.reduce((longest, { durationNano }) => {
    const nanos = BigInt(durationNano);
    return nanos > longest ? nanos : longest;
  }, 0n);
}
