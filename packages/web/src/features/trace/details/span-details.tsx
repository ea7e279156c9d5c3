import type { ReactNode } from 'react';
import { ShownText } from '../../../ui/shown-text.tsx';
import type { TraceState } from '../../../state/trace-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { messages } from '../../../messages/messages.ts';
import { nameOf, serviceOf } from '../../../trace/trace-view.ts';
import { useDelayed } from '../../../ui/use-delayed.ts';
import type { TraceClient } from '../trace-client.ts';
import { useReadable } from '../use-readable.ts';
import { useSpan } from './use-span.ts';
import { DetailTabs } from './detail-tabs.tsx';
import { SpanSummary } from './span-summary.tsx';
import './span-details.css';

export interface SpanDetailsProps {
  readonly client: TraceClient;
  readonly state: TraceState;
  readonly spanIndex: number;
  readonly onZoom: () => void;
}

/** Everything that is known of one span. */
export function SpanDetails({ client, state, spanIndex, onZoom }: SpanDetailsProps): ReactNode {
  const view = useReadable(state.view);
  const loaded = useSpan(client, view, spanIndex);
  const name = nameOf(view, spanIndex);
  return (
    <aside className="span-details" aria-label={messages.trace.details.label}>
      <header className="span-details-head">
        <div>
          <h2>{name === '' ? messages.trace.noName : <ShownText text={name} />}</h2>
          <ServiceName service={serviceOf(view, spanIndex)} />
        </div>
        <Button look="quiet" title={messages.trace.details.zoomTitle} onClick={onZoom}>
          {messages.trace.details.zoom}
        </Button>
        <Button
          look="quiet"
          aria-label={messages.trace.details.close}
          title={messages.trace.details.closeTitle}
          onClick={() => state.isDetailOpen.set(false)}
        >
          <Icon name="close" />
        </Button>
      </header>
      <div className="span-details-body" key={spanIndex} tabIndex={-1}>
        <SpanSummary span={loaded.data?.span} client={client} state={state} spanIndex={spanIndex} />
        {loaded.data === undefined ? (
          <SpanPending error={loaded.error} onRetry={() => void loaded.refetch()} />
        ) : (
          <DetailTabs client={client} loaded={loaded.data} state={state} spanIndex={spanIndex} />
        )}
      </div>
    </aside>
  );
}

/** What is here sooner needs no words. */
const LATE_MS = 300;

interface SpanPendingProps {
  readonly error: Error | null;
  readonly onRetry: () => void;
}

/** In the place of what a span carries, until it is here. */
function SpanPending({ error, onRetry }: SpanPendingProps): ReactNode {
  const isLate = useDelayed(error === null, LATE_MS);
  if (error !== null) {
    return (
      <div className="span-pending" role="alert">
        <p className="detail-note">{messages.trace.details.notLoaded(error.message)}</p>
        <Button onClick={onRetry}>{messages.trace.details.retry}</Button>
      </div>
    );
  }
  return (
    <p className="detail-note" role="status">
      {isLate ? messages.trace.details.loading : ''}
    </p>
  );
}
