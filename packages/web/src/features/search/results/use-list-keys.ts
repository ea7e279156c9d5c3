import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { isTyping } from '../../../ui/is-typing.ts';

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
  const latest = useRef({ currentIndex, rowCount, scrollTo });
  useEffect(() => {
    latest.current = { currentIndex, rowCount, scrollTo };
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const element = list.current;
      const { currentIndex, rowCount, scrollTo } = latest.current;
      const isInside = element?.contains(document.activeElement) === true;
      const target = targetOf(event.key, currentIndex, { isInside, rowCount });
      if (target === undefined || element === null) return;
      event.preventDefault();
      setCurrent(target);
      scrollTo(target);
      focusWhenDrawn(element, target);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [list]);

  return { currentIndex, setCurrentIndex: setCurrent };
}

function targetOf(
  key: string,
  current: number,
  { isInside, rowCount }: { readonly isInside: boolean; readonly rowCount: number },
): number | undefined {
  if (rowCount === 0) return undefined;
  const last = rowCount - 1;
  if (key === 'j') return isInside ? Math.min(last, current + 1) : current;
  if (key === 'k') return isInside ? Math.max(0, current - 1) : current;
  if (!isInside) return undefined;
  if (key === 'ArrowDown') return Math.min(last, current + 1);
  if (key === 'ArrowUp') return Math.max(0, current - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? last : undefined;
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
