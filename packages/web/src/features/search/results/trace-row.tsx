import type { TraceSummaryJson } from '@clew/api';
import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import type { ReactNode, Ref } from 'react';
import { formatDateTime, formatMoment, formatRelative } from '../../../base/format-time.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { DurationBar } from './duration-bar.tsx';
import { RootName } from './root-name.tsx';
import { ServicePills } from './service-pills.tsx';
import { SpanCount } from './span-count.tsx';

export interface TraceRowProps {
  readonly trace: TraceSummaryJson;
  readonly index: number;
  /** How many rows there are in all, for those who cannot see the list's length. */
  readonly count: number;
  readonly longestNano: bigint;
  readonly nowMs: number;
  /** The row that Tab reaches. */
  readonly isCurrent: boolean;
  readonly hoveredTraceId: Store<string | undefined>;
  readonly onFocus: (index: number) => void;
  readonly ref: Ref<HTMLLIElement>;
}

/** One trace: a link to it, with the span that was found selected. */
export function TraceRow({ ref, ...props }: TraceRowProps): ReactNode {
  const { trace, index, hoveredTraceId } = props;
  const zone = useTimeZone();
  const isHovered = useSyncExternalStore(
    hoveredTraceId.subscribe,
    () => hoveredTraceId.get() === trace.traceId,
  );
  const startMs = msFromNanos(trace.startUnixNano);
  return (
    <li
      ref={ref}
      data-index={index}
      className="trace-row"
      aria-setsize={props.count}
      aria-posinset={index + 1}
    >
      <Link
        to="/trace/$traceId"
        params={{ traceId: trace.traceId }}
        search={{ span: trace.matchedSpanId }}
        className="trace-row-link trace-columns"
        tabIndex={props.isCurrent ? 0 : -1}
        data-hovered={isHovered}
        onFocus={() => props.onFocus(index)}
        onPointerEnter={() => hoveredTraceId.set(trace.traceId)}
        onPointerLeave={() => hoveredTraceId.set(undefined)}
      >
        <time className="trace-row-when" title={formatDateTime(startMs, zone)}>
          {formatMoment(startMs, props.nowMs, zone)}
        </time>
        <span className="trace-row-ago">{formatRelative(startMs, props.nowMs)}</span>
        <RootName trace={trace} />
        <ServicePills services={trace.services} />
        <SpanCount trace={trace} />
        <DurationBar durationNano={BigInt(trace.durationNano)} longestNano={props.longestNano} />
      </Link>
    </li>
  );
}
