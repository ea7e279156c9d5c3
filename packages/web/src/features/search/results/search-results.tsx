import type { ClewClient, TraceSummaryJson } from '@clew/api';
import { Suspense, lazy, useMemo, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { formatDate } from '../../../base/format-time.ts';
import { msFromNanos, namesOrder } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Store } from '../../../state/store.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { FirstSteps } from '../first-steps/first-steps.tsx';
import type { SearchActions } from '../use-search-actions.ts';
import type { SearchOutcome } from '../use-search.ts';
import { useServices } from '../use-services.ts';
import { LoadMore } from './load-more.tsx';
import { NoResults } from './no-results.tsx';
import { ResultsHead } from './results-head.tsx';
import { ResultsSkeleton } from './results-skeleton.tsx';
import { SearchError } from './search-error.tsx';
import { TraceList } from './trace-list.tsx';
import './results.css';

const DurationScatter = lazy(async () => ({
  default: (await import('../scatter/duration-scatter.tsx')).DurationScatter,
}));

export interface SearchResultsProps {
  readonly client: ClewClient;
  readonly state: ResolvedSearchState;
  readonly outcome: SearchOutcome;
  readonly actions: SearchActions;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** The answer: traces, or what to do when there are none. */
export function SearchResults(props: SearchResultsProps): ReactNode {
  const { client, state, outcome, actions } = props;
  const services = useServices(client).data;
  const { answer, error } = outcome;
  if (error !== undefined && answer === undefined) {
    return <SearchError error={error} onRetry={outcome.searchAgain} />;
  }
  if (outcome.isCancelled) {
    return (
      <div className="search-error">
        <Notice kind="note" title="The search was cancelled">
          <Button onClick={outcome.searchAgain}>Search again</Button>
        </Notice>
      </div>
    );
  }
  if (answer?.traces.length === 0 && !outcome.isSearching) {
    if (services?.length === 0) return <FirstSteps />;
    return <NoResults state={state} knownServices={services} onSearch={actions.search} />;
  }
  return <Answer {...props} />;
}

/** The picture and the list; their shapes, while nothing is known yet. */
function Answer({ state, outcome, actions, scroller }: SearchResultsProps): ReactNode {
  const [hoveredTraceId] = useState(() => new Store<string | undefined>(undefined));
  const { answer } = outcome;
  const isDated = useIsDated(answer?.traces);
  return (
    <section
      className="search-answer"
      aria-label="Results"
      data-outdated={outcome.isOutdated}
      data-dated={isDated}
    >
      <div className="search-picture">
        {answer === undefined ? undefined : (
          <Suspense>
            <DurationScatter
              answer={answer}
              hoveredTraceId={hoveredTraceId}
              onOpen={actions.open}
              onSelectRange={actions.narrow}
            />
          </Suspense>
        )}
      </div>
      <ResultsHead
        order={namesOrder(state) ? 'query' : (state.order ?? 'newest')}
        outcome={outcome}
        onOrder={(order) => actions.search({ ...state, order })}
        onRefresh={actions.refresh}
      />
      {answer === undefined ? (
        <ResultsSkeleton />
      ) : (
        <TraceList traces={answer.traces} hoveredTraceId={hoveredTraceId} scroller={scroller} />
      )}
      <LoadMore outcome={outcome} limit={state.limit} />
    </section>
  );
}

const DAY_CHECK_MS = 60_000;

/** Whether a trace is of another day than today, so that times need their date. */
function useIsDated(traces: readonly TraceSummaryJson[] | undefined): boolean {
  const zone = useTimeZone();
  const today = formatDate(useNow(DAY_CHECK_MS), zone);
  return useMemo(
    () =>
      traces?.some(
        ({ startUnixNano }) => formatDate(msFromNanos(startUnixNano), zone) !== today,
      ) === true,
    [traces, today, zone],
  );
}
