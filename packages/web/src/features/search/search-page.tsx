import { ApiError } from '@clew/api';
import type { ClewClient } from '@clew/api';
import { Suspense, lazy, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { isResolved, parseSearchState } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';
import { useKeyHelp } from '../../ui/keyboard-help.tsx';
import type { KeySection } from '../../ui/keyboard-help.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { useDelayed } from '../../ui/use-delayed.ts';
import { fieldOfParameter } from './form/search-draft.ts';
import type { DraftErrors } from './form/search-draft.ts';
import { SearchForm } from './form/search-form.tsx';
import { SearchResults } from './results/search-results.tsx';
import { SCROLL_ID } from './results/result-list.tsx';
import { SearchTopLine } from './search-top-line.tsx';
import { useFirstArrival } from './use-first-arrival.ts';
import { useSearchActions } from './use-search-actions.ts';
import { useSearchKeys } from './use-search-keys.ts';
import { useSearch } from './use-search.ts';
import './search-page.css';

export interface SearchPageProps {
  readonly client: ClewClient;
  /** The search parameters of the address, its time range settled. */
  readonly search: QueryValues;
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

const text = messages.search.keys;

const KEYS: KeySection = {
  title: text.title,
  keys: [
    { keys: ['j', 'k'], does: text.nextAndPrevious },
    { keys: ['Enter'], does: text.open },
    { keys: ['r'], does: text.again },
    { keys: ['p'], does: text.pause },
    { keys: ['←', '→', '↑', '↓'], does: text.picture },
  ],
};

const LiveTail = lazy(async () => ({ default: (await import('./live/live-tail.tsx')).LiveTail }));

/** A search that is faster than this shows no progress, which would only flicker. */
const PATIENCE_MS = 150;

/** Finds traces: the question on top, its picture under it, the list below. Everything it shows is in the address. */
export function SearchPage({ search, ...rest }: SearchPageProps): ReactNode {
  const state = useMemo(() => parseSearchState(search), [search]);
  return isResolved(state) ? <SearchWork state={state} {...rest} /> : undefined;
}

function SearchWork({
  client,
  state,
  onSearchChange,
}: Omit<SearchPageProps, 'search'> & { readonly state: ResolvedSearchState }): ReactNode {
  const outcome = useSearch(client, state);
  const isTakingLong = useDelayed(outcome.isSearching, PATIENCE_MS);
  const actions = useSearchActions({ state, onSearchChange, onSearchAgain: outcome.searchAgain });
  const scroller = useRef<HTMLDivElement>(null);
  const firstField = useRef<HTMLInputElement>(null);
  useFirstArrival(client, actions.refresh);
  useSearchKeys({ firstField, onRefresh: actions.refresh });
  useKeyHelp(KEYS);
  const shared = { client, state, actions, scroller, openedCount: 0 };
  return (
    <div className="search-page" ref={scroller} data-scroll-restoration-id={SCROLL_ID}>
      <SearchTopLine state={state} />
      <SearchForm
        client={client}
        shown={state}
        onSearch={actions.search}
        isSearching={isTakingLong}
        onCancel={outcome.cancel}
        refused={refusedFields(outcome.error)}
        firstFieldRef={firstField}
      />
      <ProgressLine active={isTakingLong} label={messages.search.searching} />
      {state.show === 'live' ? (
        <Suspense>
          <LiveTail {...shared} />
        </Suspense>
      ) : (
        <SearchResults {...shared} outcome={outcome} />
      )}
    </div>
  );
}

/** What the server says of a parameter belongs to the field it was typed into. */
function refusedFields(error: Error | undefined): DraftErrors {
  if (!(error instanceof ApiError)) return {};
  const field = fieldOfParameter(error.parameter);
  if (field === undefined) return {};
  return { [field]: error.message.replace(`${error.parameter}: `, '') };
}
