import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { describeBox } from './describe-box.ts';
import type { CellPlace, Heatmap, HeatmapCell } from './heatmap.ts';

const GAP_PX = 10;

/** What the cell under the pointer holds. The keyboard has the same read out. */
export function HeatmapTooltip({
  heatmap,
  cell,
  locate,
}: {
  readonly heatmap: Heatmap;
  readonly cell: HeatmapCell;
  readonly locate: (place: CellPlace) => { readonly xPx: number; readonly yPx: number } | undefined;
}): ReactNode {
  const zone = useTimeZone();
  const box = useRef<HTMLDivElement>(null);
  const { times, durations } = describeBox(heatmap, cell, cell, zone);

  useLayoutEffect(() => {
    const place = locate(cell);
    const frame = box.current?.parentElement;
    if (place === undefined || box.current === null || !frame) return;
    const { offsetWidth, offsetHeight } = box.current;
    const fitsRight = place.xPx + GAP_PX + offsetWidth <= frame.clientWidth;
    const x = fitsRight ? place.xPx + GAP_PX : Math.max(0, place.xPx - 3 * GAP_PX - offsetWidth);
    const highest = frame.clientHeight - offsetHeight;
    const y = Math.min(Math.max(place.yPx - offsetHeight / 2, 0), highest);
    box.current.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
  });

  return (
    <div ref={box} className="heatmap-tooltip" aria-hidden="true">
      <strong>{messages.search.picture.count(cell.spanCount, cell.errorCount)}</strong>
      <span>{durations}</span>
      <span>{times}</span>
    </div>
  );
}
