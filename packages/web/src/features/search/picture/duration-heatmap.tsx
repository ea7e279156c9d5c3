import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { Store } from '../../../state/store.ts';
import { useTheme } from '../../../ui/theme.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { describeBox } from './describe-box.ts';
import { HeatmapPlot } from './heatmap-plot.ts';
import { HeatmapTooltip } from './heatmap-tooltip.tsx';
import { moveCursor } from './heatmap-keys.ts';
import type { HeatmapCursor } from './heatmap-keys.ts';
import { boxBetween, countBetween, findCell } from './heatmap.ts';
import type { CellPlace, Heatmap, HeatmapBox } from './heatmap.ts';
import 'uplot/dist/uPlot.min.css';
import './duration-heatmap.css';

const text = messages.search.picture;

export interface DurationHeatmapProps {
  /** Must stay the same object while it says the same. */
  readonly heatmap: Heatmap;
  /** When what is pointed at in the list began, milliseconds since 1970. */
  readonly pointedMs: Store<number | undefined>;
  /** Given the picture while it is on the page. */
  readonly onPlot: (plot: HeatmapPlot | undefined) => void;
  readonly onNarrow: (box: HeatmapBox) => void;
  readonly onZoomOut: () => void;
  /** What lies over the picture. */
  readonly children?: ReactNode;
}

/** Time across, duration upwards: dragging a box asks for what is in it, and so do Shift, arrows and Enter. */
export function DurationHeatmap(props: DurationHeatmapProps): ReactNode {
  const { heatmap, pointedMs, onNarrow } = props;
  const zone = useTimeZone();
  const { element, plot, pointedAt } = usePlot(props);
  const [drawn, setDrawn] = useState<{ readonly of: Heatmap; readonly cursor: HeatmapCursor }>();
  const cursor = drawn?.of === heatmap ? drawn.cursor : undefined;
  useEffect(() => {
    plot.current?.frame(cursor && [cursor.from, cursor.at]);
  }, [cursor, plot]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moveCursor(heatmap, cursor, event);
    if (next !== undefined) setDrawn({ of: heatmap, cursor: next });
    else if (cursor === undefined) return;
    else if (event.key === 'Enter') onNarrow(boxBetween(heatmap, cursor.from, cursor.at));
    else if (event.key === 'Escape') setDrawn(undefined);
    else return;
    event.preventDefault();
  };
  const cell = pointedAt && findCell(heatmap, pointedAt);
  return (
    <div className="heatmap">
      <div
        ref={element}
        className="heatmap-plot"
        role="application"
        tabIndex={0}
        aria-label={text.label(heatmap.spanCount, heatmap.errorCount)}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Enter"
        onKeyDown={onKeyDown}
        onBlur={() => setDrawn(undefined)}
      />
      <p className="visually-hidden" role="status">
        {cursor === undefined ? '' : readOut(heatmap, cursor, zone)}
      </p>
      {cell === undefined || cursor !== undefined ? undefined : (
        <HeatmapTooltip
          heatmap={heatmap}
          cell={cell}
          locate={(place) => plot.current?.locate(place)}
        />
      )}
      {props.children}
      <MomentMark pointedMs={pointedMs} onChange={(unixMs) => plot.current?.markMoment(unixMs)} />
    </div>
  );
}

function readOut(
  heatmap: Heatmap,
  { from, at }: HeatmapCursor,
  zone: Parameters<typeof describeBox>[3],
): string {
  const { times, durations } = describeBox(heatmap, from, at, zone);
  const { spanCount, errorCount } = countBetween(heatmap, from, at);
  return text.readOut({ count: text.count(spanCount, errorCount), times, durations });
}

/** Passes on what the list is pointed at, without rendering anything. */
function MomentMark({
  pointedMs,
  onChange,
}: {
  readonly pointedMs: Store<number | undefined>;
  readonly onChange: (unixMs: number | undefined) => void;
}): ReactNode {
  useEffect(() => pointedMs.subscribe(() => onChange(pointedMs.get())));
  return undefined;
}

/** Keeps a plot in an element, for as long as both are there. */
function usePlot({ heatmap, onNarrow, onZoomOut, onPlot }: DurationHeatmapProps) {
  const theme = useTheme();
  const zone = useTimeZone();
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<HeatmapPlot>(undefined);
  const [pointedAt, setPointedAt] = useState<CellPlace>();
  const latest = useRef({ heatmap, onNarrow, onZoomOut, onPlot });
  useEffect(() => {
    latest.current = { heatmap, onNarrow, onZoomOut, onPlot };
  });

  useEffect(() => {
    if (element.current === null) return undefined;
    const made = new HeatmapPlot(element.current, latest.current.heatmap, {
      theme,
      zone,
      onHover: setPointedAt,
      onSelect: (box) => latest.current.onNarrow(box),
      onZoomOut: () => latest.current.onZoomOut(),
    });
    plot.current = made;
    latest.current.onPlot(made);
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) made.resize(entry.contentRect.width, entry.contentRect.height);
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      made[Symbol.dispose]();
      plot.current = undefined;
      latest.current.onPlot(undefined);
    };
  }, [theme, zone]);

  useEffect(() => {
    plot.current?.update(heatmap);
  }, [heatmap]);
  return { element, plot, pointedAt };
}
