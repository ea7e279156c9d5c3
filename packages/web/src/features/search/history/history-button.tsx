import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { SearchHistory } from '../../../state/search-history.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { useCommands } from '../../../ui/commands.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { HistoryPanel } from './history-panel.tsx';
import './history.css';

const text = messages.search.history;

/** Opens the recent and the saved searches, by click or with `h`. */
export function HistoryButton({
  history,
  state,
}: {
  readonly history: SearchHistory;
  readonly state: ResolvedSearchState;
}): ReactNode {
  // Another search closes it.
  const [openOn, setOpenOn] = useState<ResolvedSearchState>();
  const isOpen = openOn === state;
  const setOpen = (open: boolean) => setOpenOn(open ? state : undefined);
  useCommands({
    title: messages.search.commands.title,
    reach: 'page',
    commands: [
      { name: messages.search.commands.history, keys: ['h'], run: () => setOpen(!isOpen) },
    ],
  });
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setOpen}
      className="history"
      button={{
        title: text.title,
        children: (
          <>
            <Icon name="history" />
            <span className="history-name">{text.button}</span>
          </>
        ),
      }}
      panel={{ role: 'dialog', label: text.title, className: 'history-panel', takesFocus: true }}
    >
      <HistoryPanel history={history} state={state} onClose={() => setOpen(false)} />
    </Popover>
  );
}
