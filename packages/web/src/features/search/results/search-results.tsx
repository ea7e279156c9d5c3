import type { ClewClient } from '@clew/api';
import { useMemo, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { formatDate } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { asksForSpans, msFromNanos } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Store } from '../../../state/store.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { FirstSteps } from '../first-steps/first-steps.tsx';
import { SearchPicture } from '../picture/search-picture.tsx';
import { useHistogram } from '../picture/use-histogram.ts';
import type { SearchActions } from '../use-search-actions.ts';
import type { SearchAnswer, SearchOutcome } from '../use-search.ts';
import { useServices } from '../use-services.ts';
import { EarlierNote } from './earlier-note.tsx';
import { LoadMore } from './load-more.tsx';
import { NoResults } from './no-results.tsx';
import { ResultsHead } from './results-head.tsx';
import { ResultsSkeleton } from './results-skeleton.tsx';
import { SearchError, isRefusal } from './search-error.tsx';
import { readSample } from './shape/sample-spans.ts';
import type { ShapeSource } from './shape/shape-loader.ts';
import { ShowSwitch } from './show-switch.tsx';
import { TickedTraces } from './ticked-traces.ts';
import { SpanList } from './span-list.tsx';
import { TraceList } from './trace-list.tsx';
import './results.css';

export interface SearchResultsProps {
  readonly client: ClewClient;
  readonly state: ResolvedSearchState;
  readonly outcome: SearchOutcome;
  readonly actions: SearchActions;
  readonly scroller: RefObject<HTMLElement | null>;
  /** Traces of opened files. */
  readonly openedCount: number;
  /** The form refused what it was asked, and this is of the search before. */
  readonly isEarlier: boolean;
}

/**
 * The answer: traces or spans, or what to do when there are none. What was found before stays under a failure, a cancelled search
 * and one that the form refused, and is marked as such; under one that the server refused it is gone.
 */
export function SearchResults(props: SearchResultsProps): ReactNode {
  const { client, state, outcome, actions } = props;
  const services = useServices(client).data;
  const { answer } = outcome;
  const isEmpty = answer !== undefined && countOf(answer) === 0;
  if (isStopped(outcome)) {
    if (answer === undefined || isEmpty || isRefusal(outcome.error))
      return <Stopped outcome={outcome} />;
  } else if (isEmpty && !outcome.isSearching) {
    if (services?.length === 0) return <FirstSteps />;
    return (
      <section className="search-answer" aria-label={messages.search.results}>
        <div className="results-summary">
          <ShowSwitch state={state} onShow={actions.show} openedCount={props.openedCount} />
        </div>
        {/* That nothing was found is no advice for what could not be asked. */}
        {props.isEarlier ? undefined : (
          <NoResults state={state} knownServices={services} onSearch={actions.search} />
        )}
      </section>
    );
  }
  return (
    <>
      {isStopped(outcome) ? <Stopped outcome={outcome} /> : undefined}
      {isOfEarlier(props) ? <EarlierNote isRefused={props.isEarlier} /> : undefined}
      <Answer {...props} />
    </>
  );
}

/** Without an answer of its own: it failed, or was cancelled. */
function isStopped({ error, isMoreFailed, isCancelled }: SearchOutcome): boolean {
  return isCancelled || (error !== undefined && !isMoreFailed);
}

/** Whether the rows answer another question than the one that was asked last, and no answer to that is under way. */
function isOfEarlier({ state, outcome, isEarlier }: SearchResultsProps): boolean {
  const { answer } = outcome;
  return answer !== undefined && (isEarlier || (isStopped(outcome) && answer.asked !== state));
}

function Stopped({ outcome }: { readonly outcome: SearchOutcome }): ReactNode {
  if (outcome.error !== undefined && !outcome.isMoreFailed)
    return <SearchError error={outcome.error} onRetry={outcome.searchAgain} />;
  return (
    <div className="search-error">
      <Notice kind="note" title={messages.search.cancelled}>
        <Button onClick={outcome.searchAgain}>{messages.search.searchAgain}</Button>
      </Notice>
    </div>
  );
}

/** The picture and the list; their shapes, while nothing is known yet. */
function Answer(props: SearchResultsProps): ReactNode {
  const { client, state, outcome, actions } = props;
  const [pointedMs] = useState(() => new Store<number | undefined>(undefined));
  const [ticked] = useState(() => new TickedTraces());
  const histogram = useHistogram(client, state);
  return (
    <section
      className="search-answer"
      aria-label={messages.search.results}
      data-outdated={outcome.isOutdated || isOfEarlier(props)}
      data-earlier={isOfEarlier(props)}
      data-dated={useIsDated(outcome.answer)}
    >
      <SearchPicture state={state} histogram={histogram} pointedMs={pointedMs} actions={actions} />
      <ResultsHead
        state={state}
        outcome={outcome}
        actions={actions}
        spanCount={histogram.isOutdated ? undefined : histogram.heatmap?.spanCount}
        openedCount={props.openedCount}
        ticked={ticked}
      />
      <List {...props} pointedMs={pointedMs} ticked={ticked} />
      <LoadMore outcome={outcome} />
    </section>
  );
}

function List({
  client,
  state,
  outcome,
  scroller,
  pointedMs,
  ticked,
}: SearchResultsProps & {
  readonly pointedMs: Store<number | undefined>;
  readonly ticked: TickedTraces;
}): ReactNode {
  const { answer } = outcome;
  if (answer === undefined) return <ResultsSkeleton />;
  const canLoadMore =
    answer.hasMore && !outcome.isOutdated && !outcome.isLoadingMore && outcome.error === undefined;
  const list = { scroller, pointedMs, canLoadMore, onLoadMore: outcome.loadMore };
  if (answer.kind === 'spans') return <SpanList {...list} spans={answer.spans} />;
  return (
    <TraceList
      {...list}
      label={messages.search.traces}
      shapes={shapesOf(client)}
      selectsMatch={asksForSpans(state)}
      traces={answer.traces}
      ticked={ticked}
    />
  );
}

function shapesOf(client: ClewClient): ShapeSource {
  return {
    readTraceColumns: (traceId, options) => client.readTraceColumns(traceId, options),
    readSample: (trace, signal) => readSample(client, trace, signal),
  };
}

function countOf(answer: SearchAnswer): number {
  return answer.kind === 'spans' ? answer.spans.length : answer.traces.length;
}

const DAY_CHECK_MS = 60_000;

/** Whether something is of another day than today, so that times need their date. */
function useIsDated(answer: SearchAnswer | undefined): boolean {
  const zone = useTimeZone();
  const today = formatDate(useNow(DAY_CHECK_MS), zone);
  return useMemo(
    () => answer !== undefined && timesOf(answer).some((nanos) => isOther(nanos, today, zone)),
    [answer, today, zone],
  );
}

/** What the rows show. */
function timesOf(answer: SearchAnswer): readonly string[] {
  if (answer.kind === 'spans') return answer.spans.map(({ startUnixNano }) => startUnixNano);
  return answer.traces.map(({ matchedStartUnixNano }) => matchedStartUnixNano);
}

function isOther(nanos: string, today: string, zone: TimeZone): boolean {
  return formatDate(msFromNanos(nanos), zone) !== today;
}
