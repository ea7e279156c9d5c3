import { useEffect, useEffectEvent, useRef } from 'react';

/** Where something was scrolled to, kept by who owns it. */
export interface ScrollMemory {
  /** Another object asks to go where `recall` says. */
  readonly request: unknown;
  /** In pixels of its rows from the top; undefined when it was never scrolled. */
  readonly recall: () => number | undefined;
  readonly tell: (topPx: number) => void;
}

export interface ScrollRestoring {
  /** Nothing is restored before there is something to scroll. */
  readonly isReady: boolean;
  readonly scrollTo: (topPx: number) => void;
  /** Goes from the top to where one is without a memory, such as a selected row. */
  readonly begin: () => void;
}

/** Goes to where it was, as often as that is asked for. To be called after the effects that scroll by themselves: the memory is believed. */
export function useScrollRestoring(
  memory: ScrollMemory | undefined,
  { isReady, scrollTo, begin }: ScrollRestoring,
): void {
  const isFirst = useRef(true);
  const restore = useEffectEvent(() => {
    const topPx = memory?.recall();
    if (topPx !== undefined) {
      scrollTo(topPx);
    } else if (!isFirst.current) {
      scrollTo(0);
      begin();
    }
    isFirst.current = false;
  });
  const request = memory?.request;
  useEffect(() => {
    if (request !== undefined && isReady) restore();
  }, [request, isReady]);
}
