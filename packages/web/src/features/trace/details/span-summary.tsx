import type { SpanJson } from '@clew/api';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { visibleLines, visibleText } from '../../../base/visible-text.ts';
import { ShownText } from '../../../ui/shown-text.tsx';
import { formatClock, formatDateTime, formatUtcOffset } from '../../../base/format-time.ts';
import { formatDuration, formatOffset } from '../../../base/format.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { kindOf, nameOf, sentStartOf, spanIdOf, statusOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import type { TraceClient } from '../trace-client.ts';
import { failureReason } from './failure-reason.ts';
import { formatShare } from './format-share.ts';
import { LogsLink } from './logs-link.tsx';
import { SpanMeaning } from './span-meaning.tsx';

const TEXTS = messages.trace.span;

export interface SpanSummaryProps {
  /** Undefined until it is loaded. */
  readonly span: SpanJson | undefined;
  readonly client: TraceClient;
  readonly state: TraceState;
  readonly spanIndex: number;
}

/** What every span has: its times, kind, status and place in the trace. */
export function SpanSummary({ span, client, state, spanIndex }: SpanSummaryProps): ReactNode {
  const view = state.view.get();
  const status = statusOf(view, spanIndex);
  const statusMessage = span?.statusMessage ?? '';
  const spanId = spanIdOf(view, spanIndex);
  return (
    <>
      {status === 'error' ? (
        <FailedStatus reason={span === undefined ? '' : failureReason(span)} />
      ) : undefined}
      <dl className="span-summary">
        <Times view={view} spanIndex={spanIndex} />
        <SpanMeaning client={client} state={state} spanIndex={spanIndex} />
        <dt>{TEXTS.kind}</dt>
        <dd>{kindOf(view, spanIndex)}</dd>
        {status === 'error' ? undefined : (
          <>
            <dt>{TEXTS.status}</dt>
            <dd>{statusMessage === '' ? status : `${status}: ${visibleLines(statusMessage)}`}</dd>
          </>
        )}
        <dt>{TEXTS.spanId}</dt>
        <dd>
          <code>{spanId}</code>
          <CopyButton text={spanId} label={TEXTS.copySpanId} />
        </dd>
        <LogsLink view={view} spanIndex={spanIndex} />
        <Parent state={state} spanIndex={spanIndex} parentSpanId={span?.parentSpanId} />
        {span === undefined || span.traceState === '' ? undefined : (
          <>
            <dt>{TEXTS.traceState}</dt>
            <dd>
              <code>{visibleText(span.traceState)}</code>
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

interface ParentProps {
  readonly state: TraceState;
  readonly spanIndex: number;
  readonly parentSpanId: string | undefined;
}

function Parent({ state, spanIndex, parentSpanId }: ParentProps): ReactNode {
  const view = state.view.get();
  const parent = view.tree.parents[spanIndex] ?? -1;
  const isOrphan = view.orphans[spanIndex] === 1;
  // A root that names a parent: one of a circle, which is cut at it.
  const isCut = parent < 0 && !isOrphan && parentSpanId !== undefined;
  if (parent < 0 && !isOrphan && !isCut) return undefined;
  return (
    <>
      <dt>{TEXTS.parent}</dt>
      <dd>
        {isOrphan || isCut ? (
          <>
            <code>{parentSpanId}</code>
            <span className="span-summary-missing">{isCut ? TEXTS.circle : TEXTS.notHere}</span>
          </>
        ) : (
          <button type="button" className="span-link" onClick={() => state.select(parent)}>
            <ShownText text={nameOf(view, parent)} />
          </button>
        )}
      </dd>
    </>
  );
}

function FailedStatus({ reason }: { readonly reason: string }): ReactNode {
  return (
    <p className="span-failed">
      <Icon name="error" />
      <span>{reason === '' ? TEXTS.failed : visibleLines(reason)}</span>
    </p>
  );
}

interface TimesProps {
  readonly view: TraceView;
  readonly spanIndex: number;
}

function Times({ view, spanIndex }: TimesProps): ReactNode {
  const zone = useTimeZone();
  const offsetNs = view.offsetsNs[spanIndex] ?? 0;
  const durationNs = view.durationsNs[spanIndex] ?? 0;
  const selfNs = view.coverage.selfTimesNs[spanIndex] ?? 0;
  const startMs = Number((view.startUnixNano + BigInt(Math.round(offsetNs))) / 1_000_000n);
  const hasChildren = (view.tree.descendantCounts[spanIndex] ?? 0) > 0;
  return (
    <>
      <dt>{TEXTS.start}</dt>
      <dd title={`${formatDateTime(startMs, zone)} ${formatUtcOffset(startMs, zone)}`}>
        {formatOffset(offsetNs)}
        <small>{TEXTS.at(formatClock(startMs, zone))}</small>
      </dd>
      <Clock view={view} spanIndex={spanIndex} />
      <dt>{TEXTS.duration}</dt>
      <dd>
        <strong>{formatDuration(durationNs)}</strong>
        <small>{TEXTS.ofTrace(formatShare(durationNs, view.durationNs))}</small>
      </dd>
      {hasChildren ? (
        <>
          <dt>{TEXTS.self}</dt>
          <dd>
            {formatDuration(selfNs)}
            <small>{TEXTS.ofSpan(formatShare(selfNs, durationNs))}</small>
          </dd>
        </>
      ) : undefined}
    </>
  );
}

/** What was done to the times of a span, and as what they were sent. */
function Clock({ view, spanIndex }: TimesProps): ReactNode {
  const zone = useTimeZone();
  const { clock } = view;
  const skewNs = clock?.skewsNs[spanIndex] ?? 0;
  if (clock === undefined || skewNs === 0) return undefined;
  const texts = messages.trace.clock;
  const sentMs = Number(sentStartOf(view, spanIndex) / 1_000_000n);
  return (
    <>
      <dt title={texts.why}>{texts.name}</dt>
      <dd>
        {clock.isApplied ? texts.moved(skewNs) : texts.notMoved(skewNs)}
        {clock.isApplied ? (
          <small title={formatDateTime(sentMs, zone)}>
            {texts.sentAs(formatClock(sentMs, zone))}
          </small>
        ) : undefined}
      </dd>
    </>
  );
}
