import type { ReactNode } from 'react';
import type { ResolvedSearchState, SearchState } from '../../../state/search-state.ts';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { isUnknown, widen } from './widen.ts';

const text = messages.search.none;

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
  return (
    <section className="no-results">
      <h2>{state.q === undefined ? text.title : text.titleOfQuery}</h2>
      {isUnknown(state.service, knownServices) ? (
        <p>{text.unknownService(state.service)}</p>
      ) : (
        <p>{state.q === undefined ? text.advice : text.adviceOfQuery}</p>
      )}
      <div className="no-results-ways">
        {widen(state, knownServices).map((way) => (
          <Button key={way.label} onClick={() => onSearch(way.state)}>
            {way.label}
          </Button>
        ))}
      </div>
    </section>
  );
}
