import type { TraceSummaryJson } from '@clew/api';
import type { ReactNode } from 'react';
import { isolatedText } from '../../../base/visible-text.ts';
import { formatDuration } from '../../../base/format.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import type { PillRoom } from './count-pills.ts';
import { DurationBar } from './duration-bar.tsx';
import type { ResultRowPlace } from './result-list.tsx';
import { ResultRow } from './result-row.tsx';
import { RootName } from './root-name.tsx';
import { ServicePills } from './service-pills.tsx';
import type { ShapeLoader } from './shape/shape-loader.ts';
import { TraceShape } from './shape/trace-shape.tsx';
import { SpanCount } from './span-count.tsx';
import { TickBox } from './tick-box.tsx';
import type { TickedTraces } from './ticked-traces.ts';

export interface TraceRowProps extends ResultRowPlace {
  readonly trace: TraceSummaryJson;
  readonly longestNano: bigint;
  readonly nowMs: number;
  readonly pointedMs: Store<number | undefined>;
  /** Undefined where there are no spans to draw a shape of. */
  readonly loader: ShapeLoader | undefined;
  /** The trace is one of an opened file. */
  readonly source?: 'file' | undefined;
  readonly selectsMatch: boolean | undefined;
  readonly ticked: TickedTraces;
  readonly pillRoom: PillRoom | undefined;
}

/** One trace: a link to it, with the span that was found selected where one was asked for. */
export function TraceRow({ trace, longestNano, nowMs, ...props }: TraceRowProps): ReactNode {
  const { pointedMs, loader, source, selectsMatch, ticked, pillRoom, ...place } = props;
  const matchedMs = msFromNanos(trace.matchedStartUnixNano);
  return (
    <ResultRow
      place={place}
      traceId={trace.traceId}
      search={{ span: selectsMatch === true ? trace.matchedSpanId : undefined, source }}
      className="trace-row-link trace-columns"
      tick={
        <TickBox
          trace={trace}
          name={`${isolatedText(trace.rootService)} ${isolatedText(trace.rootSpanName)}, ${formatDuration(BigInt(trace.durationNano))}`}
          ticked={ticked}
          isCurrent={place.isCurrent}
        />
      }
      whenMs={matchedMs}
      traceStartMs={msFromNanos(trace.startUnixNano)}
      nowMs={nowMs}
      onPoint={(isPointed) => pointedMs.set(isPointed ? matchedMs : undefined)}
    >
      <RootName trace={trace} />
      <ServicePills services={trace.services} room={pillRoom} />
      <TraceShape trace={trace} loader={loader} />
      <SpanCount trace={trace} />
      <DurationBar durationNano={BigInt(trace.durationNano)} longestNano={longestNano} />
    </ResultRow>
  );
}
