import type { ReactNode } from 'react';
import type { ResolvedSearchState, SearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { widen } from './widen.ts';

/** Nothing met all conditions: what was asked, and what to leave out. */
export function NoResults({
  state,
  knownServices,
  onSearch,
}: {
  readonly state: ResolvedSearchState;
  readonly knownServices: readonly string[] | undefined;
  readonly onSearch: (state: SearchState) => void;
}): ReactNode {
  const isUnknown =
    state.service !== undefined &&
    knownServices !== undefined &&
    !knownServices.includes(state.service);
  return (
    <section className="no-results">
      <h2>
        {state.q === undefined
          ? 'No trace has a span that meets all conditions'
          : 'No trace answers this query'}
      </h2>
      {isUnknown ? (
        <p>
          No service called <code>{state.service}</code> has sent spans.
        </p>
      ) : (
        <p>
          {state.q === undefined
            ? 'All conditions hold on one span. Leave one out, or look further back:'
            : 'Ask for less, or look further back:'}
        </p>
      )}
      <div className="no-results-ways">
        {widen(state).map((way) => (
          <Button key={way.label} onClick={() => onSearch(way.state)}>
            {way.label}
          </Button>
        ))}
      </div>
    </section>
  );
}
