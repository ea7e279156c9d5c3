import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import { isolatedText } from '../../base/visible-text.ts';
import { ShownText } from '../../ui/shown-text.tsx';
import { formatDateTime, formatUtcOffset } from '../../base/format-time.ts';
import { formatCounted, formatDuration } from '../../base/format.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ServiceName } from '../../ui/service-name.tsx';
import { useTimeZone } from '../../ui/time-zone.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import { ExportMenu } from './export/export-menu.tsx';
import { CompareLink } from './compare-link.tsx';
import { FindingsButton } from './findings/findings-button.tsx';
import { selectNextError } from './select-next-error.ts';
import type { TraceClient } from './trace-client.ts';
import './trace-header.css';

const TEXTS = messages.trace.header;

export interface TraceHeaderProps {
  readonly client: TraceClient;
  readonly view: TraceView;
  readonly state: TraceState;
  readonly isRefreshing: boolean;
  readonly onRefresh: () => void;
  /** The find box. */
  readonly children: ReactNode;
}

/** The trace in one line: what it is on the shell's line, and its figures with the tools below. */
export function TraceHeader(props: TraceHeaderProps): ReactNode {
  const { client, view, state, isRefreshing, onRefresh, children } = props;
  return (
    <>
      <TraceTitle view={view} />
      <div className="trace-header">
        <TraceFacts view={view} state={state} />
        <div className="trace-tools">
          <FindingsButton state={state} />
          {children}
          <CompareLink traceId={view.traceId} />
          <ExportMenu client={client} view={view} />
          <Button
            look="quiet"
            aria-label={TEXTS.again}
            title={TEXTS.againTitle}
            disabled={isRefreshing}
            onClick={onRefresh}
          >
            <Icon name="refresh" />
          </Button>
        </div>
      </div>
    </>
  );
}

function TraceTitle({ view }: { readonly view: TraceView }): ReactNode {
  const shown = findTitleSpan(view);
  const isRootMissing = view.orphans[shown] === 1;
  const name = nameOf(view, shown);
  return (
    <TopLine title={isolatedText(name)}>
      <div className="trace-title">
        <h1>
          <ShownText text={name} />
        </h1>
        <ServiceName service={serviceOf(view, shown)} />
        {isRootMissing ? <span className="trace-no-root">{TEXTS.rootMissing}</span> : undefined}
      </div>
    </TopLine>
  );
}

function TraceFacts({ view, state }: Pick<TraceHeaderProps, 'view' | 'state'>): ReactNode {
  const zone = useTimeZone();
  const startMs = Number(view.startUnixNano / 1_000_000n);
  const other = zone === 'utc' ? 'local' : 'utc';
  const otherText = `${formatDateTime(startMs, other)} ${formatUtcOffset(startMs, other)}`;
  const serviceCount = view.services.filter(({ spanCount }) => spanCount > 0).length;
  return (
    <dl className="trace-facts">
      <Fact name={TEXTS.start} title={otherText}>
        {formatDateTime(startMs, zone)} <small>{formatUtcOffset(startMs, zone)}</small>
      </Fact>
      <Fact name={TEXTS.duration} strong>
        {formatDuration(view.durationNs)}
      </Fact>
      <Fact name={TEXTS.spans}>{formatCounted(view.spanCount, 'span')}</Fact>
      <Fact name={TEXTS.services}>{formatCounted(serviceCount, 'service')}</Fact>
      <Fact name={TEXTS.errors}>
        {view.errorCount === 0 ? (
          TEXTS.noneFailed
        ) : (
          <button
            type="button"
            className="trace-errors"
            title={TEXTS.nextFailed}
            onClick={() => selectNextError(state, 1)}
          >
            <Icon name="error" />
            {TEXTS.failed(view.errorCount, view.spanCount)}
          </button>
        )}
      </Fact>
      <Fact name={TEXTS.depth}>{TEXTS.depthOf(view.tree.maxDepth + 1)}</Fact>
      <Fact name={TEXTS.traceId}>
        <code className="trace-id" title={view.traceId}>
          {view.traceId}
        </code>
        <CopyButton text={view.traceId} label={TEXTS.copyTraceId} />
      </Fact>
    </dl>
  );
}

interface FactProps {
  /** For screen readers; the value speaks for itself on the screen. */
  readonly name: string;
  readonly title?: string | undefined;
  readonly strong?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, title, strong = false, children }: FactProps): ReactNode {
  return (
    <div title={title} data-strong={strong}>
      <dt className="visually-hidden">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
