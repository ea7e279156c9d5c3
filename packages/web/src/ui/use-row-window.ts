import { useEffect, useEffectEvent, useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import {
  scrollTopFor,
  spacerHeightPx,
  toContentTopPx,
  toElementTopPx,
} from '../base/scroll-position.ts';
import type { ScrollExtent } from '../base/scroll-position.ts';
import type { ScrollMemory } from './scroll-memory.ts';

export interface RowWindowOptions {
  /** What scrolls. Its CSS variables `--spacer-height`, `--view-height` and `--rows-top` are written. */
  readonly scroller: RefObject<HTMLElement | null>;
  readonly rowCount: number;
  readonly rowHeightPx: number;
  /** Of what stays in sight above the rows. */
  readonly headHeightPx: number;
  /** Is told where it is scrolled to. */
  readonly memory?: ScrollMemory | undefined;
}

export interface ShownRows {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  readonly pageRows: number;
  readonly scrollToRow: (row: number) => void;
  /** In pixels of rows. */
  readonly scrollTo: (topPx: number) => void;
}

/**
 * Which rows of a list are in sight, of a million as of ten: the element that scrolls never gets taller than browsers bear, and
 * only the rows in sight exist. TanStack Virtual makes the element as tall as all rows, which ends at some 700,000 of them.
 */
export function useRowWindow(options: RowWindowOptions): ShownRows {
  const { scroller, rowCount, rowHeightPx } = options;
  const [{ scrollTopPx, clientHeightPx }, setPlace] = useState({
    scrollTopPx: 0,
    clientHeightPx: 0,
  });
  const extent = extentOf(options, clientHeightPx);
  const { viewHeightPx } = extent;
  const topPx = toContentTopPx(extent, scrollTopPx);
  const first = Math.max(0, Math.min(Math.floor(topPx / rowHeightPx), rowCount - 1));
  const end = Math.min(rowCount, Math.ceil((topPx + viewHeightPx) / rowHeightPx));
  const spacerPx = spacerHeightPx(extent);
  const rowsTopPx = first * rowHeightPx - topPx;

  useLayoutEffect(() => {
    const style = scroller.current?.style;
    style?.setProperty('--spacer-height', `${spacerPx}px`);
    style?.setProperty('--view-height', `${viewHeightPx}px`);
    style?.setProperty('--rows-top', `${rowsTopPx}px`);
  }, [scroller, spacerPx, viewHeightPx, rowsTopPx]);

  const tell = useEffectEvent((element: HTMLElement) => {
    const topPx = toContentTopPx(extentOf(options, element.clientHeight), element.scrollTop);
    options.memory?.tell(Math.round(topPx));
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => {
      const place = { scrollTopPx: element.scrollTop, clientHeightPx: element.clientHeight };
      setPlace((last) => (isSame(last, place) ? last : place));
    };
    // The rows must be there in the frame that scrolls to them.
    const onScroll = () => {
      flushSync(measure);
      tell(element);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller]);

  const scrollToRow = useEffectEvent((row: number) => {
    const place = { topPx: row * rowHeightPx, heightPx: rowHeightPx };
    if (scroller.current === null) return;
    scrollElement(scroller.current, options, (topPx, heightPx) =>
      scrollTopFor(place, topPx, heightPx),
    );
  });
  const scrollTo = useEffectEvent((topPx: number) => {
    if (scroller.current !== null) scrollElement(scroller.current, options, () => topPx);
  });
  return {
    first,
    end,
    pageRows: Math.max(1, Math.floor(viewHeightPx / rowHeightPx) - 1),
    scrollToRow,
    scrollTo,
  };
}

function scrollElement(
  element: HTMLElement,
  options: RowWindowOptions,
  choose: (topPx: number, viewHeightPx: number) => number,
): void {
  const extent = extentOf(options, element.clientHeight);
  if (extent.viewHeightPx <= 0) return;
  // What was selected before the element has its height must be scrolled to, too.
  element.style.setProperty('--spacer-height', `${spacerHeightPx(extent)}px`);
  const topPx = choose(toContentTopPx(extent, element.scrollTop), extent.viewHeightPx);
  element.scrollTop = toElementTopPx(extent, topPx);
}

function extentOf(
  { rowCount, rowHeightPx, headHeightPx }: RowWindowOptions,
  clientHeightPx: number,
): ScrollExtent {
  return {
    contentHeightPx: rowCount * rowHeightPx,
    viewHeightPx: Math.max(0, clientHeightPx - headHeightPx),
  };
}

interface Place {
  readonly scrollTopPx: number;
  readonly clientHeightPx: number;
}

function isSame(a: Place, b: Place): boolean {
  return a.scrollTopPx === b.scrollTopPx && a.clientHeightPx === b.clientHeightPx;
}
