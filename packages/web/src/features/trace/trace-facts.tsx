import type { ReactNode } from 'react';
import { formatDateTime, formatUtcOffset } from '../../base/format-time.ts';
import { formatCounted, formatDuration } from '../../base/format.ts';
import { isolatedText } from '../../base/visible-text.ts';
import { messages } from '../../messages/messages.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useTimeZone } from '../../ui/time-zone.tsx';
import { selectNextError } from './select-next-error.ts';

const TEXTS = messages.trace.header;

export interface TraceFactsProps {
  readonly view: TraceView;
  readonly state: TraceState;
}

/** The figures of a trace, in one line. */
export function TraceFacts({ view, state }: TraceFactsProps): ReactNode {
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
      <Fact name={TEXTS.duration} title={TEXTS.durationTitle} strong>
        {formatDuration(view.durationNs)}
      </Fact>
      <RootDuration view={view} />
      <Fact name={TEXTS.spans} title={TEXTS.exactSpans(view.spanCount)}>
        {formatCounted(view.spanCount, 'span')}
      </Fact>
      <Fact name={TEXTS.services}>{formatCounted(serviceCount, 'service')}</Fact>
      <Fact name={TEXTS.errors}>
        {view.errorCount === 0 ? (
          TEXTS.noneFailed
        ) : (
          <button
            type="button"
            className="trace-errors"
            title={TEXTS.nextFailed(view.errorCount, view.spanCount)}
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

/** From this share of the trace's duration on, what goes on without the root is told apart from it. */
const MIN_SHARE_WITHOUT_ROOT = 0.05;

function RootDuration({ view }: { readonly view: TraceView }): ReactNode {
  const root = findTitleSpan(view);
  const rootNs = view.durationsNs[root] ?? 0;
  const isAlike = view.durationNs - rootNs <= MIN_SHARE_WITHOUT_ROOT * view.durationNs;
  if (isAlike || view.orphans[root] === 1) return undefined;
  const title = TEXTS.rootTitle(
    isolatedText(nameOf(view, root)),
    isolatedText(serviceOf(view, root)),
  );
  return (
    <Fact name={TEXTS.rootDuration} title={title}>
      {TEXTS.rootTakes(formatDuration(rootNs))}
    </Fact>
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
