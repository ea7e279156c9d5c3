import { useEffect, useRef } from 'react';
import { takeEscape } from './take-escape.ts';

/** For what lies over the page without a primitive's help: Escape closes it wherever the focus is, and the page does not get the key. */
export function useEscape(close: () => void): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      takeEscape(event);
      latest.current();
    };
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
