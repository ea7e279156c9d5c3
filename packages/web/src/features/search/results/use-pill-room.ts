import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { TextMeasurer } from '../../../canvas/text-measurer.ts';
import type { PillRoom } from './count-pills.ts';

/** The widest page whose pills are names alone: the same number stands in results.css. */
const COMPACT_PAGE = '(max-width: 640px)';

/** Measures the room for pills by one cell that stands for those of all rows, when it changes its width and when fonts have come. */
export function usePillRoom(cell: RefObject<HTMLElement | null>): PillRoom | undefined {
  const [room, setRoom] = useState<PillRoom>();
  const text = useRef(new TextMeasurer());
  useLayoutEffect(() => {
    const element = cell.current;
    const context = document.createElement('canvas').getContext('2d');
    if (element === null || context === null) return undefined;
    let isThere = true;
    const measure = () => {
      // The shorthand is empty where figures are tabular.
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
      const font = `${fontWeight} ${fontSize} ${fontFamily}`;
      context.font = font;
      setRoom({
        widthPx: element.getBoundingClientRect().width,
        isCompact: matchMedia(COMPACT_PAGE).matches,
        textPx: (shown) => text.current.measure(context, font, shown),
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    // Texts that were measured before the fonts had come are measured anew.
    const measureAgain = async () => {
      await document.fonts.ready;
      text.current.clear();
      if (isThere) measure();
    };
    void measureAgain();
    return () => {
      isThere = false;
      observer.disconnect();
    };
  }, [cell]);
  return room;
}
