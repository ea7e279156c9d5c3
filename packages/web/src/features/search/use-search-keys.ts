import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { isTyping } from '../../ui/is-typing.ts';

/** The keys of the page that are not the list's. */
export function useSearchKeys({
  firstField,
  onRefresh,
}: {
  readonly firstField: RefObject<HTMLInputElement | null>;
  readonly onRefresh: () => void;
}): void {
  const latest = useRef(onRefresh);
  useEffect(() => {
    latest.current = onRefresh;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') firstField.current?.focus();
      else if (event.key === 'r') latest.current();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [firstField]);
}
