import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { FrameScheduler } from '../../base/frame-scheduler.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { TraceState } from '../../state/trace-state.ts';
import { parseTraceUrl } from '../../state/trace-url.ts';
import { findSpanByKey } from '../../trace/span-key.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { messages } from '../../messages/messages.ts';
import { ArrivalNotice } from './arrival-notice.tsx';
import { FindBox } from './find/find-box.tsx';
import { FindState } from './find/find-state.ts';
import { Timeline } from './timeline/timeline.tsx';
import type { TimelineController } from './timeline/timeline-controller.ts';
import type { TraceClient } from './trace-client.ts';
import { TraceHeader } from './trace-header.tsx';
import { TraceSide } from './trace-side.tsx';
import { useTraceCommands } from './trace-commands.ts';
import { useReadable } from './use-readable.ts';
import { useTraceUrl } from './use-trace-url.ts';
import { useInsight } from './worker/use-insight.ts';
import { OtherView } from './views/other-view.tsx';
import { ViewBar } from './views/view-bar.tsx';
import { ViewToolsSlot } from './views/view-tools.tsx';

export interface TraceContentProps {
  readonly client: TraceClient;
  readonly view: TraceView;
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
  const { client, search, onSearchChange, onRefresh, isRefreshing } = props;
  const state = useTraceState(props.view, search);
  const [scheduler] = useState(() => new FrameScheduler(window));
  const [find] = useState(() => new FindState());
  const controller = useRef<TimelineController | undefined>(undefined);
  const body = useRef<HTMLDivElement>(null);
  const findInput = useRef<HTMLInputElement>(null);
  useInsight(state, props.view);
  useTraceUrl(state, search, onSearchChange);
  useTraceCommands({ state, find, findInput, onRefresh });
  const view = useReadable(state.view);
  const page = useReadable(state.page);
  const missingSpan = useMissingSpan(view, search);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const panelId = useId();
  return (
    <>
      <TraceHeader view={view} state={state} isRefreshing={isRefreshing} onRefresh={onRefresh}>
        <FindBox ref={findInput} client={client} state={state} find={find} />
      </TraceHeader>
      <ArrivalNotice
        view={view}
        loadedAtMs={props.loadedAtMs}
        isRefreshing={isRefreshing}
        refreshError={props.refreshError}
        missingSpan={missingSpan}
        onRefresh={onRefresh}
      />
      <ViewBar state={state} panelId={panelId} toolsRef={setTools} />
      <div className="trace-body" ref={body}>
        <ViewToolsSlot value={tools}>
          <div className="trace-view" id={panelId} role="tabpanel" aria-label={NAMES[page]}>
            {page === 'timeline' ? (
              <Timeline
                state={state}
                scheduler={scheduler}
                matches={find.matches}
                controller={controller}
              />
            ) : (
              <OtherView
                page={page}
                client={client}
                state={state}
                find={find}
                scheduler={scheduler}
              />
            )}
          </div>
        </ViewToolsSlot>
        <TraceSide client={client} state={state} body={body} controller={controller} />
      </div>
    </>
  );
}

const NAMES = messages.trace.views.names;

/** The span that the address names, when the trace does not have it. */
function useMissingSpan(view: TraceView, search: QueryValues): string | undefined {
  const { span } = search;
  return useMemo(
    () => (typeof span === 'string' && findSpanByKey(view, span) === undefined ? span : undefined),
    [view, span],
  );
}

/** The state of the page. A newer answer replaces what it is about, and leaves the rest as far as it still holds. */
function useTraceState(view: TraceView, search: QueryValues): TraceState {
  const [state] = useState(() => new TraceState(view, parseTraceUrl(search, view)));
  useLayoutEffect(() => state.replaceView(view), [state, view]);
  return state;
}
