import type { TraceSummaryJson } from '@clew/api';
import type { ReactNode } from 'react';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatMoment } from '../../../base/format-time.ts';
import { formatCounted, formatDuration } from '../../../base/format.ts';
import { comparePage } from '../../../messages/compare.ts';
import type { RecentTrace } from '../../../state/recent-traces.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';

/** Of some it is not known what else is in them. */
type OfferedTrace = Omit<RecentTrace, 'spanCount' | 'errorCount'> &
  Partial<Pick<RecentTrace, 'spanCount' | 'errorCount'>>;

/** A trace that can be chosen. */
export interface TraceOptionProps {
  readonly trace: OfferedTrace;
  /** Why it is offered; else what it is called. */
  readonly label?: string | undefined;
  readonly hint?: string | undefined;
  readonly nowMs: number;
  readonly onChoose: () => void;
}

/** One line of a list to choose from. */
export function TraceOption({ trace, label, hint, nowMs, onChoose }: TraceOptionProps): ReactNode {
  const zone = useTimeZone();
  const { service, name, durationNs, spanCount, errorCount = 0, startMs } = trace;
  return (
    <li>
      <button type="button" onClick={onChoose}>
        {label === undefined ? (
          <span className="choice-name">
            <ServiceName service={service} />
            <strong>
              <ShownText text={name || comparePage.noName} />
            </strong>
          </span>
        ) : (
          <span className="choice-name">
            <strong>{label}</strong>
            <small>{hint}</small>
          </span>
        )}
        <b className="choice-duration">{formatDuration(durationNs)}</b>
        <span className="choice-spans">
          {errorCount === 0 ? undefined : (
            <span className="table-failed">
              <Icon name="error" />{' '}
            </span>
          )}
          {spanCount === undefined ? undefined : formatCounted(spanCount, 'span')}
        </span>
        <time>{formatMoment(startMs, nowMs, zone)}</time>
      </button>
    </li>
  );
}

/** What a search found, as a trace to choose. */
export function toOption(trace: TraceSummaryJson): RecentTrace {
  return {
    traceId: trace.traceId,
    service: trace.rootService,
    name: trace.rootSpanName,
    startMs: Number(BigInt(trace.startUnixNano) / 1_000_000n),
    durationNs: Number(trace.durationNano),
    spanCount: trace.spanCount,
    errorCount: trace.errorCount,
  };
}
