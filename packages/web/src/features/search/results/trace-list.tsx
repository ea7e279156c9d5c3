import type { TraceSummaryJson } from '@clew/api';
import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { Store } from '../../../state/store.ts';
import { useNow } from '../../../ui/use-now.ts';
import { TraceRow } from './trace-row.tsx';
import { useListKeys } from './use-list-keys.ts';

export interface TraceListProps {
  readonly traces: readonly TraceSummaryJson[];
  readonly hoveredTraceId: Store<string | undefined>;
  /** What scrolls: the list is only a part of it. */
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Under which the router remembers how far the page was scrolled. */
export const SCROLL_ID = 'search';

const ROW_PX = 32;
const HEAD_PX = 64;
const NOW_EVERY_MS = 5000;

/** The traces that were found. Only the rows in sight exist. */
export function TraceList({ traces, hoveredTraceId, scroller }: TraceListProps): ReactNode {
  const nowMs = useNow(NOW_EVERY_MS);
  const list = useRef<HTMLOListElement>(null);
  const scrollMargin = useOffsetTop(list, scroller);
  const restored = useElementScrollRestoration({ id: SCROLL_ID });
  const virtualizer = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: traces.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => traces[index]?.traceId ?? index,
    overscan: 8,
    scrollMargin,
    scrollPaddingStart: HEAD_PX,
    // The virtualizer scrolls here when it is mounted: after Back, to where the reader was.
    initialOffset: restored?.scrollY ?? 0,
    directDomUpdates: true,
  });
  const { currentIndex, setCurrentIndex } = useListKeys(list, traces.length, (index) =>
    virtualizer.scrollToIndex(index, { align: 'auto' }),
  );
  const longestNano = useMemo(() => longestOf(traces), [traces]);
  return (
    <ol
      ref={(element) => {
        list.current = element;
        virtualizer.containerRef(element);
      }}
      className="trace-list"
      aria-label="Traces"
    >
      {virtualizer.getVirtualItems().map(({ index, key }) => {
        const trace = traces[index];
        if (trace === undefined) return undefined;
        return (
          <TraceRow
            key={key}
            ref={virtualizer.measureElement}
            trace={trace}
            index={index}
            count={traces.length}
            longestNano={longestNano}
            nowMs={nowMs}
            isCurrent={index === currentIndex}
            hoveredTraceId={hoveredTraceId}
            onFocus={setCurrentIndex}
          />
        );
      })}
    </ol>
  );
}

function longestOf(traces: readonly TraceSummaryJson[]): bigint {
  return traces.reduce((longest, { durationNano }) => {
    const nanos = BigInt(durationNano);
    return nanos > longest ? nanos : longest;
  }, 0n);
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
    return () => observer.disconnect();
  }, [list, scroller]);
  return offset;
}
