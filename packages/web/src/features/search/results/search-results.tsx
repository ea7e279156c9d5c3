import type { ClewClient } from '@clew/api';
import { Suspense, lazy, useMemo, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { msFromNanos } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Store } from '../../../state/store.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
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
  const { traces, error } = outcome;
  if (error !== undefined && traces === undefined) {
    return <SearchError error={error} onRetry={outcome.searchAgain} />;
  }
  if (outcome.isCancelled) {
    return (
      <div className="search-error">
        <Notice kind="warning" title="The search was cancelled">
          <Button onClick={outcome.searchAgain}>Search again</Button>
        </Notice>
      </div>
    );
  }
  if (traces?.length === 0 && !outcome.isSearching) {
    if (services?.length === 0) return <FirstSteps />;
    return <NoResults state={state} knownServices={services} onSearch={actions.search} />;
  }
  return <Answer {...props} />;
}

/** The picture and the list; their shapes, while nothing is known yet. */
function Answer({ state, outcome, actions, scroller }: SearchResultsProps): ReactNode {
  const [hoveredTraceId] = useState(() => new Store<string | undefined>(undefined));
  const { start, end } = state;
  const searched = useMemo(
    () => ({ startMs: msFromNanos(start), endMs: msFromNanos(end) }),
    [start, end],
  );
  const { traces } = outcome;
  return (
    <section className="search-answer" aria-label="Results" data-outdated={outcome.isOutdated}>
      <div className="search-picture">
        {traces === undefined ? undefined : (
          <Suspense>
            <DurationScatter
              traces={traces}
              hasMore={outcome.hasMore}
              searched={searched}
              hoveredTraceId={hoveredTraceId}
              onOpen={actions.open}
              onSelectRange={actions.narrow}
            />
          </Suspense>
        )}
      </div>
      <ResultsHead outcome={outcome} onRefresh={actions.refresh} />
      {traces === undefined ? (
        <ResultsSkeleton />
      ) : (
        <TraceList traces={traces} hoveredTraceId={hoveredTraceId} scroller={scroller} />
      )}
      <LoadMore outcome={outcome} limit={state.limit} />
    </section>
  );
}
