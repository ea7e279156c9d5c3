import { useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { TimeRange } from '../../base/time-range.ts';
import { openBrowserStorage } from '../../state/browser-storage.ts';
import { messages } from '../../messages/messages.ts';
import { readTraceLayout, writeTraceLayout } from '../../state/trace-layout.ts';
import type { TraceState } from '../../state/trace-state.ts';
import { SpanDetails } from './details/span-details.tsx';
import { FindingsPanel } from './findings/findings-panel.tsx';
import { Splitter } from './splitter.tsx';
import type { TimelineController } from './timeline/timeline-controller.ts';
import type { TraceClient } from './trace-client.ts';
import { useReadable } from './use-readable.ts';

/** From a picture that has no time to zoom into. */
function showInTimeline(state: TraceState, range: TimeRange): void {
  state.setRange(range);
  state.page.set('timeline');
}

export interface TraceSideProps {
  readonly client: TraceClient;
  readonly state: TraceState;
  /** The row that this is the last part of. */
  readonly body: RefObject<HTMLElement | null>;
  readonly controller: RefObject<TimelineController | undefined>;
}

/** Beside the waterfall: what was found, and below it the details of a span; a sheet below it where the page is narrow. */
export function TraceSide({ client, state, body, controller }: TraceSideProps): ReactNode {
  const [widthPx] = useState(() => readTraceLayout(openBrowserStorage()).detailsWidthPx);
  const selected = useReadable(state.selection);
  const hasDetails = useReadable(state.isDetailOpen) && selected !== undefined;
  const hasFindings = useReadable(state.insights.findings) !== undefined;
  if (!hasDetails && !hasFindings) return undefined;
  return (
    <>
      <Splitter
        label={messages.trace.details.width}
        target={body}
        variable="--details-width"
        initialPx={widthPx}
        minPx={260}
        minOtherPx={320}
        side="right"
        onCommit={(detailsWidthPx) => writeTraceLayout(openBrowserStorage(), { detailsWidthPx })}
      />
      <div className="trace-side" data-scroll-keys>
        {hasFindings ? (
          <FindingsPanel
            state={state}
            onZoom={(range) => {
              if (controller.current === undefined) showInTimeline(state, range);
              else controller.current.zoomToRange(range);
            }}
          />
        ) : undefined}
        {hasDetails ? (
          <SpanDetails
            client={client}
            state={state}
            spanIndex={selected}
            onZoom={() => {
              if (controller.current === undefined)
                showInTimeline(state, state.closeRangeOf(selected));
              else controller.current.zoomToSelection();
            }}
          />
        ) : undefined}
      </div>
    </>
  );
}
