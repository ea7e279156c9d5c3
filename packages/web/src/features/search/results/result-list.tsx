import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode, Ref, RefObject } from 'react';
import { useListKeys } from './use-list-keys.ts';
import { useNearEnd } from './use-near-end.ts';

/** What a row needs to know of its list. */
export interface ResultRowPlace {
  readonly ref: Ref<HTMLLIElement>;
  readonly index: number;
  /** How many rows there are in all, for those who cannot see the list's length. */
  readonly count: number;
  /** The row that Tab reaches. */
  readonly isCurrent: boolean;
  readonly onFocus: (index: number) => void;
}

export interface ResultListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly renderRow: (item: Item, place: ResultRowPlace) => ReactNode;
  /** What scrolls: the list is only a part of it. */
  readonly scroller: RefObject<HTMLElement | null>;
  readonly canLoadMore: boolean;
  readonly onLoadMore: () => void;
}

/** Under which the router remembers how far the page was scrolled. */
export const SCROLL_ID = 'search';

const ROW_PX = 32;
const HEAD_PX = 64;

/** What was found. Only the rows in sight exist. */
export function ResultList<Item>(props: ResultListProps<Item>): ReactNode {
  const { items, keyOf, scroller } = props;
  const list = useRef<HTMLOListElement>(null);
  const scrollMargin = useOffsetTop(list, scroller);
  const restored = useElementScrollRestoration({ id: SCROLL_ID });
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 8,
    scrollMargin,
    scrollPaddingStart: HEAD_PX,
    // The virtualizer scrolls here when it is mounted: after Back, to where the reader was.
    initialOffset: restored?.scrollY ?? 0,
    directDomUpdates: true,
  });
  const { currentIndex, setCurrentIndex } = useListKeys(list, items.length, (index) =>
    virtualizer.scrollToIndex(index, { align: 'auto' }),
  );
  const drawn = virtualizer.getVirtualItems();
  useNearEnd({
    lastIndex: drawn.at(-1)?.index ?? 0,
    rowCount: items.length,
    canLoadMore: props.canLoadMore,
    onLoadMore: props.onLoadMore,
  });
  return (
    <ol
      ref={(element) => {
        list.current = element;
        virtualizer.containerRef(element);
      }}
      className="result-list"
      aria-label={props.label}
    >
      {drawn.map(({ index }) => {
        const item = items[index];
        if (item === undefined) return undefined;
        return props.renderRow(item, {
          ref: virtualizer.measureElement,
          index,
          count: items.length,
          isCurrent: index === currentIndex,
          onFocus: setCurrentIndex,
        });
      })}
    </ol>
  );
}

/** Where the list begins inside what scrolls; measured again when anything above changes its height. */
function useOffsetTop(
  list: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const frame = scroller.current;
    if (frame === null) return undefined;
    const measure = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      setOffset(Math.round(top - frame.getBoundingClientRect().top + frame.scrollTop));
    };
    const observer = new ResizeObserver(measure);
    for (const child of frame.children) observer.observe(child);
    // The picture above the list changes its height when it becomes a table.
    const siblings = list.current?.parentElement?.children ?? [];
    for (const sibling of siblings) if (sibling !== list.current) observer.observe(sibling);
    return () => observer.disconnect();
  }, [list, scroller]);
  return offset;
}
