import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { FrameScheduler } from '../../base/frame-scheduler.ts';
import { findFoldLoss } from '../../state/fold-url.ts';
import type { FoldLoss } from '../../state/fold-url.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { Store } from '../../state/store.ts';
import { TraceState } from '../../state/trace-state.ts';
import { parseClock, parseTraceUrl } from '../../state/trace-url.ts';
import { findSpanByKey } from '../../trace/span-key.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import type { TracePageName } from '../../state/view-options.ts';
import { EmbedFoot, useIsEmbedded } from '../../ui/embed.tsx';
import { useTimeZone } from '../../ui/time-zone.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import { messages } from '../../messages/messages.ts';
import { ArrivalNotice } from './arrival-notice.tsx';
import { PictureSlot } from './export/picture-source.ts';
import type { PictureSource } from './export/picture-source.ts';
import { describeTrace } from './export/describe-trace.ts';
import { ClockNotice } from './clock-notice.tsx';
import { FindBox } from './find/find-box.tsx';
import { FindState } from './find/find-state.ts';
import { useMark } from './find/use-mark.ts';
import { useFind } from './find/use-find.ts';
import { Timeline } from './timeline/timeline.tsx';
import type { TimelineController } from './timeline/timeline-controller.ts';
import type { TraceClient } from './trace-client.ts';
import { TraceHeader } from './trace-header.tsx';
import { TraceSide } from './trace-side.tsx';
import { useTraceCommands } from './trace-commands.ts';
import { useReadable } from './use-readable.ts';
import { useTraceUrl } from './use-trace-url.ts';
import { useClockedView } from './worker/use-clocked-view.ts';
import { useInsight } from './worker/use-insight.ts';
import { OtherView } from './views/other-view.tsx';
import type { ViewProps } from './views/view-props.ts';
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
  const { state, answer } = useTraceState(props.view, search);
  const [scheduler] = useState(() => new FrameScheduler(window));
  const [find] = useState(() => new FindState(state.places));
  const controller = useRef<TimelineController | undefined>(undefined);
  const body = useRef<HTMLDivElement>(null);
  const findInput = useRef<HTMLInputElement>(null);
  useInsight(state, answer);
  useMark(client, state, find);
  useTraceUrl(state, search, onSearchChange);
  useTraceCommands({ state, find, findInput, onRefresh });
  const view = useReadable(state.view);
  const page = useReadable(state.page);
  const missingSpan = useMissingSpan(view, search);
  const foldLoss = useFoldLoss(state, search);
  const [picture] = useState(() => new Store<PictureSource | undefined>(undefined));
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const panelId = useId();
  const isEmbedded = useIsEmbedded();
  const shown = { page, client, state, find, scheduler, controller };
  if (isEmbedded) return <EmbeddedTrace {...shown} view={view} />;
  return (
    <PictureSlot value={picture}>
      <TraceHeader
        client={client}
        view={view}
        state={state}
        isRefreshing={isRefreshing}
        onRefresh={onRefresh}
      >
        <FindBox ref={findInput} client={client} state={state} find={find} />
      </TraceHeader>
      <ArrivalNotice
        view={view}
        loadedAtMs={props.loadedAtMs}
        isRefreshing={isRefreshing}
        refreshError={props.refreshError}
        missingSpan={missingSpan}
        foldLoss={foldLoss}
        onRefresh={onRefresh}
      />
      <ClockNotice view={view} state={state} />
      <ViewBar state={state} panelId={panelId} toolsRef={setTools} />
      <div className="trace-body" ref={body}>
        <ViewToolsSlot value={tools}>
          <div className="trace-view" id={panelId} role="tabpanel" aria-label={NAMES[page]}>
            <ShownView {...shown} />
          </div>
        </ViewToolsSlot>
        <TraceSide client={client} state={state} body={body} controller={controller} />
      </div>
    </PictureSlot>
  );
}

const NAMES = messages.trace.views.names;

interface ShownViewProps extends ViewProps {
  readonly page: TracePageName;
  readonly controller: RefObject<TimelineController | undefined>;
}

/** The picture that the tabs have chosen. */
function ShownView({ page, controller, ...props }: ShownViewProps): ReactNode {
  if (page !== 'timeline') return <OtherView page={page} {...props} />;
  const { client, state, scheduler, find } = props;
  return (
    <Timeline
      client={client}
      state={state}
      scheduler={scheduler}
      matches={find.matches}
      controller={controller}
    />
  );
}

/** The picture alone, where the page stands in another one. */
function EmbeddedTrace({
  view,
  ...shown
}: ShownViewProps & { readonly view: TraceView }): ReactNode {
  const { title, facts } = describeTrace(view, useTimeZone());
  useFind(shown.client, shown.state, shown.find);
  return (
    <>
      <TopLine title={title}>{undefined}</TopLine>
      <div className="trace-body" data-embedded="">
        <div className="trace-view" aria-label={NAMES[shown.page]} role="group">
          <ShownView {...shown} />
        </div>
      </div>
      <EmbedFoot>
        <strong>{title}</strong> {facts}
      </EmbedFoot>
    </>
  );
}

/** The span that the address names, when the trace does not have it. */
function useMissingSpan(view: TraceView, search: QueryValues): string | undefined {
  const { span } = search;
  return useMemo(
    () => (typeof span === 'string' && findSpanByKey(view, span) === undefined ? span : undefined),
    [view, span],
  );
}

/** What the address could not restore of the folding, or cannot say of it. */
function useFoldLoss(state: TraceState, search: QueryValues): FoldLoss | undefined {
  const lost = useReadable(state.foldLoss);
  const view = useReadable(state.view);
  const { fold } = search;
  const isUnsaid = useMemo(
    () => typeof fold === 'string' && findFoldLoss(fold, view) === 'tooMany',
    [fold, view],
  );
  return lost ?? (isUnsaid ? 'tooMany' : undefined);
}

/** The state of the page. A newer answer replaces what it is about, and leaves the rest as far as it still holds. */
function useTraceState(
  view: TraceView,
  search: QueryValues,
): { readonly state: TraceState; readonly answer: TraceView } {
  const [clock, setClock] = useState(() => parseClock(search));
  const answer = useClockedView(view, clock);
  const [state] = useState(() => new TraceState(answer, parseTraceUrl(search, answer)));
  useLayoutEffect(() => state.clock.subscribe(() => setClock(state.clock.get())), [state]);
  useLayoutEffect(() => state.replaceView(answer), [state, answer]);
  return { state, answer };
}
