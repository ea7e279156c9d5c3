import { useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { formatDuration } from '../../../base/format.ts';
import { formatClock } from '../../../base/format-time.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { RootName } from '../results/root-name.tsx';
import { SpanCount } from '../results/span-count.tsx';
import type { ScatterPoint } from './scatter-points.ts';

const GAP_PX = 12;

/** What the point under the pointer is. The list says the same to a screen reader. */
export function ScatterTooltip({
  point,
  locate,
}: {
  readonly point: ScatterPoint;
  readonly locate: (
    point: ScatterPoint,
  ) => { readonly xPx: number; readonly yPx: number } | undefined;
}): ReactNode {
  const zone = useTimeZone();
  const box = useRef<HTMLDivElement>(null);
  const { trace } = point;

  useLayoutEffect(() => {
    const place = locate(point);
    const frame = box.current?.parentElement;
    if (place === undefined || box.current === null || !frame) return;
    const { offsetWidth, offsetHeight } = box.current;
    const fitsRight = place.xPx + GAP_PX + offsetWidth <= frame.clientWidth;
    const x = fitsRight ? place.xPx + GAP_PX : Math.max(0, place.xPx - GAP_PX - offsetWidth);
    const highest = frame.clientHeight - offsetHeight;
    const y = Math.min(Math.max(place.yPx - offsetHeight / 2, 0), highest);
    box.current.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
  });

  return (
    <div ref={box} className="scatter-tooltip" aria-hidden="true">
      <RootName trace={trace} />
      <div className="scatter-tooltip-facts">
        <span>{formatDuration(BigInt(trace.durationNano))}</span>
        <SpanCount trace={trace} />
        <span>{formatClock(msFromNanos(trace.startUnixNano), zone)}</span>
      </div>
    </div>
  );
}
