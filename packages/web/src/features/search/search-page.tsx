import { ApiError } from '@clew/api';
import type { ClewClient } from '@clew/api';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ReactNode, RefObject } from 'react';
import { flushSync } from 'react-dom';
import { messages } from '../../messages/messages.ts';
import type { OpenedFiles } from '../../state/opened-files.ts';
import type { QueryValues } from '../../state/query-string.ts';
import type { SearchHistory } from '../../state/search-history.ts';
import { isResolved, parseSearchState } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';
import { useIsEmbedded } from '../../ui/embed.tsx';
import { createLazyPart } from '../../ui/lazy-part.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { useDelayed } from '../../ui/use-delayed.ts';
import { EmbeddedSearch } from './embedded-search.tsx';
import { FileDrop } from './files/file-drop.tsx';
import { FileJobs } from './files/file-jobs.tsx';
import { useOpenFiles } from './files/use-open-files.ts';
import { fieldOfParameter } from './form/search-draft.ts';
import type { DraftErrors } from './form/search-draft.ts';
import { SearchForm } from './form/search-form.tsx';
import { HistoryButton } from './history/history-button.tsx';
import { EarlierNote } from './results/earlier-note.tsx';
import { SearchResults } from './results/search-results.tsx';
import { SCROLL_ID } from './results/result-list.tsx';
import { ShowSwitch } from './results/show-switch.tsx';
import { useSearchCommands } from './search-commands.ts';
import { SearchTopLine } from './search-top-line.tsx';
import { useFirstArrival } from './use-first-arrival.ts';
import { useSearchActions } from './use-search-actions.ts';
import type { SearchActions } from './use-search-actions.ts';
import { useSearch } from './use-search.ts';
import type { SearchOutcome } from './use-search.ts';
import './search-page.css';

export interface SearchPageProps {
  readonly client: ClewClient;
  readonly openedFiles: OpenedFiles;
  readonly history: SearchHistory;
  /** The search parameters of the address, its time range settled. */
  readonly search: QueryValues;
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** Where the server takes spans on the port of the page. */
const OTLP_URL = new URL('api/otlp/v1/traces', document.baseURI).href;

const OpenedList = createLazyPart({
  name: messages.search.parts.files,
  load: async () => (await import('./files/opened-list.tsx')).OpenedList,
  renderHead: ({ opened, ...props }) => <ShowHead {...props} openedCount={opened.length} />,
});
const LiveTail = createLazyPart({
  name: messages.search.parts.live,
  load: async () => (await import('./live/live-tail.tsx')).LiveTail,
  renderHead: ShowHead,
});

/** A search that is faster than this shows no progress, which would only flicker. */
const PATIENCE_MS = 150;

/** Finds traces: the question on top, its picture under it, the list below. Everything it shows is in the address. */
export function SearchPage({ search, ...rest }: SearchPageProps): ReactNode {
  const state = useMemo(() => parseSearchState(search), [search]);
  const isEmbedded = useIsEmbedded();
  if (!isResolved(state)) return undefined;
  if (isEmbedded) return <EmbeddedSearch state={state} {...rest} />;
  return <SearchWork state={state} {...rest} />;
}

type SearchWorkProps = Omit<SearchPageProps, 'search'> & { readonly state: ResolvedSearchState };

function SearchWork({
  client,
  openedFiles,
  history,
  state,
  onSearchChange,
}: SearchWorkProps): ReactNode {
  const outcome = useSearch(client, state);
  const isTakingLong = useDelayed(outcome.isSearching, PATIENCE_MS);
  const actions = useSearchActions({ state, onSearchChange, onSearchAgain: outcome.searchAgain });
  const opening = useOpenFiles(openedFiles, {
    otlpUrl: OTLP_URL,
    onOpened: () => actions.show({ ...state, show: 'files' }),
  });
  const scroller = useRef<HTMLDivElement>(null);
  const firstField = useRef<HTMLInputElement>(null);
  useFirstArrival(client, actions.refresh);
  const [isFormOpen, setIsFormOpen] = useState(false);
  // The search that was on the screen when the form refused another; any later one is an answer to what the form asks.
  const [refusedAt, setRefusedAt] = useState<ResolvedSearchState>();
  const ask = () => {
    // What is folded cannot be focused.
    flushSync(() => setIsFormOpen(true));
    firstField.current?.focus();
  };
  useSearchCommands({ state, actions, ask });
  useEffect(() => history.remember(state), [history, state]);
  return (
    <div className="search-page" ref={scroller} data-scroll-restoration-id={SCROLL_ID}>
      <SearchTopLine state={state}>
        <HistoryButton history={history} state={state} />
        <FileDrop onFiles={opening.open} />
      </SearchTopLine>
      <SearchForm
        client={client}
        shown={state}
        onSearch={(next) => {
          setIsFormOpen(false);
          setRefusedAt(undefined);
          actions.search(next);
        }}
        onRefuse={() => setRefusedAt(state)}
        isSearching={isTakingLong}
        onCancel={outcome.cancel}
        refused={refusedFields(outcome.error)}
        firstFieldRef={firstField}
        isOpen={isFormOpen}
        onOpenChange={setIsFormOpen}
      />
      <ProgressLine active={isTakingLong} label={messages.search.searching} />
      <FileJobs opening={opening} onSearch={actions.search} />
      <Shown
        {...{ client, openedFiles, state, actions, outcome, scroller }}
        isEarlier={refusedAt === state}
      />
    </div>
  );
}

interface ShownProps {
  readonly client: ClewClient;
  readonly openedFiles: OpenedFiles;
  readonly state: ResolvedSearchState;
  readonly actions: SearchActions;
  readonly outcome: SearchOutcome;
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** What the form was asked for last is no search, so what is shown is of the one before. */
  readonly isEarlier: boolean;
}

/** What the address says is to be listed. */
function Shown({ openedFiles, isEarlier, ...shared }: ShownProps): ReactNode {
  const opened = useSyncExternalStore(openedFiles.subscribe, openedFiles.get);
  const { show } = shared.state;
  if (show === 'live') {
    return (
      <>
        {isEarlier ? <EarlierNote isRefused /> : undefined}
        <LiveTail {...shared} openedCount={opened.length} />
      </>
    );
  }
  if (show === 'files') {
    return <OpenedList {...shared} files={openedFiles} opened={opened} />;
  }
  return <SearchResults {...shared} isEarlier={isEarlier} openedCount={opened.length} />;
}

/** The way to the other lists, where one did not come. */
function ShowHead({
  state,
  actions,
  openedCount,
}: Pick<ShownProps, 'state' | 'actions'> & { readonly openedCount: number }): ReactNode {
  return (
    <div className="results-summary">
      <ShowSwitch state={state} onShow={actions.show} openedCount={openedCount} />
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
