import type { TraceJson } from '@clew/api';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { FrameScheduler } from '../../base/frame-scheduler.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { Store } from '../../state/store.ts';
import { TraceState } from '../../state/trace-state.ts';
import { parseTraceUrl } from '../../state/trace-url.ts';
import { findSpanByKey } from '../../trace/span-key.ts';
import { buildTraceView } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { ArrivalNotice } from './arrival-notice.tsx';
import { SpanDetails } from './details/span-details.tsx';
import { FindBox } from './find/find-box.tsx';
import { FindState } from './find/find-state.ts';
import { Timeline } from './timeline/timeline.tsx';
import type { TimelineController } from './timeline/timeline-controller.ts';
import { TraceHeader } from './trace-header.tsx';
import { useReadable } from './use-readable.ts';
import { useTraceKeys } from './use-trace-keys.ts';
import { useTraceUrl } from './use-trace-url.ts';

export interface TraceContentProps {
  readonly trace: TraceJson;
  readonly loadedAtMs: number;
  readonly isRefreshing: boolean;
  /** The last attempt to load the trace again failed; the older answer is shown. */
  readonly refreshError: Error | undefined;
  readonly onRefresh: () => void;
  readonly search: QueryValues;
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** The trace page once there is a trace. */
export function TraceContent(props: TraceContentProps): ReactNode {
  const { search, onSearchChange, onRefresh, isRefreshing } = props;
  const { trace, state } = useTraceState(props.trace, search);
  const [scheduler] = useState(() => new FrameScheduler(window));
  const [find] = useState(() => new FindState());
  const controller = useRef<TimelineController | undefined>(undefined);
  const body = useRef<HTMLDivElement>(null);
  const findInput = useRef<HTMLInputElement>(null);
  useTraceUrl(state, search, onSearchChange);
  useTraceKeys({ state, find, controller, findInput });
  const view = useReadable(state.view);
  const selected = useReadable(state.selection);
  const isDetailOpen = useReadable(state.isDetailOpen);
  const missingSpan = useMissingSpan(view, search);
  return (
    <>
      <TraceHeader view={view} state={state} isRefreshing={isRefreshing} onRefresh={onRefresh}>
        <FindBox ref={findInput} trace={trace} state={state} find={find} />
      </TraceHeader>
      <ArrivalNotice
        view={view}
        loadedAtMs={props.loadedAtMs}
        isRefreshing={isRefreshing}
        refreshError={props.refreshError}
        missingSpan={missingSpan}
        onRefresh={onRefresh}
      />
      <div className="trace-body" ref={body}>
        <Timeline
          state={state}
          scheduler={scheduler}
          matches={find.matches}
          controller={controller}
        />
        {selected !== undefined && isDetailOpen ? (
          <SpanDetails
            trace={trace}
            state={state}
            spanIndex={selected}
            body={body}
            onZoom={() => controller.current?.zoomToSelection()}
          />
        ) : undefined}
      </div>
    </>
  );
}

/** The span that the address names, when the trace does not have it. */
function useMissingSpan(view: TraceView, search: QueryValues): string | undefined {
  const { span } = search;
  return useMemo(
    () =>
      typeof span === 'string' && findSpanByKey(view.spans, span) === undefined ? span : undefined,
    [view, span],
  );
}

/**
 * The state of the page and the answer it is about. A newer answer replaces both in one step, so that nothing is ever drawn
 * with the indexes of one answer and the spans of another.
 */
function useTraceState(
  trace: TraceJson,
  search: QueryValues,
): { readonly trace: TraceJson; readonly state: TraceState } {
  const view = useMemo(() => buildTraceView(trace), [trace]);
  const [state] = useState(() => new TraceState(view, parseTraceUrl(search, view)));
  const [shown] = useState(() => new Store(trace));
  useLayoutEffect(() => {
    state.replaceView(view);
    shown.set(trace);
  }, [state, view, trace, shown]);
  return { trace: useReadable(shown), state };
}
