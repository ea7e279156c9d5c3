import type { TraceJson } from '@clew/api';
import { useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { readTraceLayout, writeTraceLayout } from '../../../state/trace-layout.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { Splitter } from '../splitter.tsx';
import { DetailTabs } from './detail-tabs.tsx';
import { SpanSummary } from './span-summary.tsx';
import './span-details.css';

export interface SpanDetailsProps {
  readonly trace: TraceJson;
  readonly state: TraceState;
  readonly spanIndex: number;
  /** The row that the panel is the last part of. */
  readonly body: RefObject<HTMLElement | null>;
  readonly onZoom: () => void;
}

/** Everything that is known of one span, beside the waterfall; a sheet below it where the page is narrow. */
export function SpanDetails({
  trace,
  state,
  spanIndex,
  body,
  onZoom,
}: SpanDetailsProps): ReactNode {
  const [widthPx] = useState(() => readTraceLayout(localStorage).detailsWidthPx);
  const span = trace.spans[spanIndex];
  if (span === undefined) return undefined;
  const resource = trace.resources[span.resource];
  return (
    <>
      <Splitter
        label="Width of the details"
        target={body}
        variable="--details-width"
        initialPx={widthPx}
        minPx={260}
        minOtherPx={320}
        side="right"
        onCommit={(detailsWidthPx) => writeTraceLayout(localStorage, { detailsWidthPx })}
      />
      <aside className="span-details" aria-label="Span details">
        <header className="span-details-head">
          <div>
            <h2>{span.name === '' ? '(no name)' : span.name}</h2>
            <ServiceName service={resource?.service ?? ''} />
          </div>
          <Button look="quiet" title="Show this span from edge to edge (z)" onClick={onZoom}>
            Zoom to span
          </Button>
          <Button
            look="quiet"
            aria-label="Close the details"
            title="Close (Esc)"
            onClick={() => state.isDetailOpen.set(false)}
          >
            <Icon name="close" />
          </Button>
        </header>
        <div className="span-details-body" key={spanIndex} tabIndex={-1}>
          <SpanSummary span={span} state={state} spanIndex={spanIndex} />
          <DetailTabs trace={trace} span={span} state={state} spanIndex={spanIndex} />
        </div>
      </aside>
    </>
  );
}
