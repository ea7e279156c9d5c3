import { messages } from '../../messages/messages.ts';
import { ORDERS, SHOWN, namesOrder } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';
import type { Command, CommandSection } from '../../ui/command-table.ts';
import { useCommands } from '../../ui/commands.tsx';
import type { SearchActions } from './use-search-actions.ts';

const TEXTS = messages.search.commands;

export interface SearchCommandsContext {
  readonly state: ResolvedSearchState;
  readonly actions: SearchActions;
  /** Goes to the form. */
  readonly ask: () => void;
}

/** What one can do on the search page, whatever is listed. */
export function useSearchCommands(context: SearchCommandsContext): void {
  useCommands(searchCommands(context));
}

function searchCommands({ state, actions, ask }: SearchCommandsContext): CommandSection {
  return {
    title: TEXTS.title,
    reach: 'page',
    commands: [
      { name: TEXTS.ask, keys: ['/'], run: ask },
      { name: TEXTS.again, keys: ['r'], run: actions.refresh },
      { name: TEXTS.zoomOut, run: actions.zoomOut },
      ...shows(state, actions),
      ...orders(state, actions),
      ...pictures(state, actions),
    ],
  };
}

function shows(state: ResolvedSearchState, actions: SearchActions): readonly Command[] {
  return [undefined, ...SHOWN].map((show) => ({
    name: TEXTS.show(messages.search.show.names[show ?? 'traces']),
    run: () => actions.show({ ...state, show }),
    isAvailable: () => state.show !== show,
  }));
}

/** Traces alone have an order to choose, unless the query has one. */
function orders(state: ResolvedSearchState, actions: SearchActions): readonly Command[] {
  return [undefined, ...ORDERS].map((order) => ({
    name: TEXTS.order(messages.search.orders[order ?? 'newest']),
    run: () => actions.show({ ...state, order }),
    isAvailable: () => state.show === undefined && state.order !== order && !namesOrder(state),
  }));
}

function pictures(state: ResolvedSearchState, actions: SearchActions): readonly Command[] {
  const isShown = state.show === undefined || state.show === 'spans';
  return [
    {
      name: TEXTS.asTable,
      run: () => actions.show({ ...state, picture: 'table' }),
      isAvailable: () => isShown && state.picture === undefined,
    },
    {
      name: TEXTS.asHeatmap,
      run: () => actions.show({ ...state, picture: undefined }),
      isAvailable: () => isShown && state.picture === 'table',
    },
    {
      name: messages.search.commands.picture,
      keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    },
  ];
}
