import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { SearchHistory } from '../../../state/search-history.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { useCommands } from '../../../ui/commands.tsx';
import { Icon } from '../../../ui/icon.tsx';
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
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useCommands({
    title: messages.search.commands.title,
    reach: 'page',
    commands: [
      {
        name: messages.search.commands.history,
        keys: ['h'],
        run: () => setOpenOn(isOpen ? undefined : state),
      },
    ],
  });
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      const isInside = event.target instanceof Node && frame.current?.contains(event.target);
      if (isInside !== true) setOpenOn(undefined);
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, []);
  const close = () => {
    setOpenOn(undefined);
    button.current?.focus();
  };
  return (
    <div
      ref={frame}
      className="history"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.preventDefault();
        close();
      }}
    >
      <Button
        ref={button}
        look="quiet"
        aria-expanded={isOpen}
        title={text.title}
        onClick={() => setOpenOn(isOpen ? undefined : state)}
      >
        <Icon name="history" />
        <span className="history-name">{text.button}</span>
      </Button>
      {isOpen ? <HistoryPanel history={history} state={state} onClose={close} /> : undefined}
    </div>
  );
}
