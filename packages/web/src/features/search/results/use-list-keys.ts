import { useState } from 'react';
import type { RefObject } from 'react';
import { messages } from '../../../messages/messages.ts';
import { useCommands } from '../../../ui/commands.tsx';

const TEXTS = messages.search.commands.list;

export interface ListKeys {
  /** The row that Tab reaches, and that the keys go on from. */
  readonly currentIndex: number;
  readonly setCurrentIndex: (index: number) => void;
}

/**
 * Walks a virtual list: `j` and `k` from anywhere on the page, arrows, Home and End inside the list. `scrollTo` brings a row
 * into being; then its link gets the focus, so that Enter opens it as any link.
 */
export function useListKeys(
  list: RefObject<HTMLElement | null>,
  rowCount: number,
  scrollTo: (index: number) => void,
): ListKeys {
  const [current, setCurrent] = useState(0);
  const currentIndex = Math.min(current, Math.max(0, rowCount - 1));
  const isInside = () => list.current?.contains(document.activeElement) === true;
  const goTo = (target: number) => {
    const element = list.current;
    if (element === null) return;
    setCurrent(target);
    scrollTo(target);
    focusWhenDrawn(element, target);
  };
  const last = rowCount - 1;
  const next = () => goTo(Math.min(last, currentIndex + 1));
  const previous = () => goTo(Math.max(0, currentIndex - 1));
  const isAvailable = () => rowCount > 0;
  const isWalked = () => rowCount > 0 && isInside();
  useCommands({
    title: TEXTS.title,
    reach: 'view',
    commands: [
      // The first press goes to the row that is current, wherever the focus was.
      {
        name: TEXTS.next,
        keys: ['j'],
        run: () => (isInside() ? next() : goTo(currentIndex)),
        isAvailable,
      },
      {
        name: TEXTS.previous,
        keys: ['k'],
        run: () => (isInside() ? previous() : goTo(currentIndex)),
        isAvailable,
      },
      { name: TEXTS.below, keys: ['ArrowDown'], run: next, isAvailable: isWalked },
      { name: TEXTS.above, keys: ['ArrowUp'], run: previous, isAvailable: isWalked },
      { name: TEXTS.first, keys: ['Home'], run: () => goTo(0), isAvailable: isWalked },
      { name: TEXTS.last, keys: ['End'], run: () => goTo(last), isAvailable: isWalked },
      { name: TEXTS.open, keys: ['Enter'] },
    ],
  });

  return { currentIndex, setCurrentIndex: setCurrent };
}

const MAX_FRAMES = 10;

/** A row far away is drawn a frame or two after the list was scrolled to it. */
function focusWhenDrawn(list: HTMLElement, index: number, frames = 0): void {
  const link = list.querySelector<HTMLElement>(`[data-index="${index}"] a`);
  if (link !== null) link.focus({ preventScroll: true });
  else if (frames < MAX_FRAMES) {
    requestAnimationFrame(() => focusWhenDrawn(list, index, frames + 1));
  }
}
