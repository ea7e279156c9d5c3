import type { TraceSummaryJson } from '@clew/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatDateTime, formatMoment, formatRelative } from '../../../base/format-time.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { DurationBar } from './duration-bar.tsx';
import type { ResultRowPlace } from './result-list.tsx';
import { RootName } from './root-name.tsx';
import { ServicePills } from './service-pills.tsx';
import type { ShapeLoader } from './shape/shape-loader.ts';
import { TraceShape } from './shape/trace-shape.tsx';
import { SpanCount } from './span-count.tsx';

export interface TraceRowProps extends ResultRowPlace {
  readonly trace: TraceSummaryJson;
  readonly longestNano: bigint;
  readonly nowMs: number;
  readonly pointedMs: Store<number | undefined>;
  /** Undefined where there are no spans to draw a shape of. */
  readonly loader: ShapeLoader | undefined;
  /** The trace is one of an opened file. */
  readonly source?: 'file' | undefined;
}

/** One trace: a link to it, with the span that was found selected. */
export function TraceRow({ ref, ...props }: TraceRowProps): ReactNode {
  const { trace, index, pointedMs } = props;
  const zone = useTimeZone();
  const startMs = msFromNanos(trace.startUnixNano);
  const matchedMs = msFromNanos(trace.matchedStartUnixNano);
  return (
    <li
      ref={ref}
      data-index={index}
      className="result-row"
      aria-setsize={props.count}
      aria-posinset={index + 1}
    >
      <Link
        to="/trace/$traceId"
        params={{ traceId: trace.traceId }}
        search={{ span: trace.matchedSpanId, source: props.source }}
        className="result-row-link trace-row-link trace-columns"
        tabIndex={props.isCurrent ? 0 : -1}
        onFocus={() => props.onFocus(index)}
        onPointerEnter={() => pointedMs.set(matchedMs)}
        onPointerLeave={() => pointedMs.set(undefined)}
      >
        <time className="row-when" title={formatDateTime(startMs, zone)}>
          {formatMoment(startMs, props.nowMs, zone)}
        </time>
        <span className="row-ago">{formatRelative(startMs, props.nowMs)}</span>
        <RootName trace={trace} />
        <ServicePills services={trace.services} />
        <TraceShape trace={trace} loader={props.loader} />
        <SpanCount trace={trace} />
        <DurationBar durationNano={BigInt(trace.durationNano)} longestNano={props.longestNano} />
      </Link>
    </li>
  );
}
