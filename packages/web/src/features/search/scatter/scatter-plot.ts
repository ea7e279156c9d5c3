import uPlot from 'uplot';
import { formatDurationShort } from '../../../base/format.ts';
import { formatClock, formatDate } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { drawPoints, placePoints } from './draw-points.ts';
import type { PlacedPoints } from './draw-points.ts';
import { findNearest } from './find-nearest.ts';
import { logTicks } from './log-ticks.ts';
import { durationRange } from './scatter-points.ts';
import type { ScatterPoint, ScatterRange } from './scatter-points.ts';
import type { Theme } from '../../../ui/theme.tsx';
import { readScatterTheme } from './scatter-theme.ts';
import type { ScatterTheme } from './scatter-theme.ts';

export interface ScatterPlotOptions {
  readonly theme: Theme;
  readonly zone: TimeZone;
  readonly onHover: (point: ScatterPoint | undefined) => void;
  readonly onOpen: (point: ScatterPoint, inNewTab: boolean) => void;
  readonly onSelectRange: (range: ScatterRange) => void;
}

export interface ScatterData {
  readonly points: readonly ScatterPoint[];
  readonly range: ScatterRange;
}

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's name for it exists only in its types
const LOG_SCALE: uPlot.Scale.Distr = 3;

const HEIGHT_PX = 156;
const REACH_PX = 14;
const MIN_DRAG_PX = 6;

/** Duration over time on a canvas: uPlot draws the axes and selects a range, we draw and find the points. */
export class ScatterPlot {
  readonly #options: ScatterPlotOptions;
  readonly #colors: ScatterTheme;
  readonly #plot: uPlot;
  #data: ScatterData;
  #placed: PlacedPoints;
  #hovered: number | undefined;

  constructor(element: HTMLElement, data: ScatterData, options: ScatterPlotOptions) {
    this.#options = options;
    this.#colors = readScatterTheme(options.theme);
    this.#data = data;
    this.#placed = placePoints([], () => ({ xPx: 0, yPx: 0 }));
    this.#plot = new uPlot(this.#configure(element.clientWidth), toColumns(data), element);
    const { over } = this.#plot;
    over.addEventListener('click', (event) => this.#open(event.ctrlKey || event.metaKey));
    over.addEventListener('auxclick', (event) => event.button === 1 && this.#open(true));
  }

  update(data: ScatterData): void {
    this.#data = data;
    this.#setHovered(undefined);
    this.#plot.setData(toColumns(data));
  }

  resize(widthPx: number): void {
    this.#plot.setSize({ width: widthPx, height: HEIGHT_PX });
  }

  /** Marks the point of a trace, as when the list is pointed at. */
  highlight(traceId: string | undefined): void {
    const index = this.#data.points.findIndex(({ trace }) => trace.traceId === traceId);
    if ((index < 0 ? undefined : index) === this.#hovered) return;
    this.#hovered = index < 0 ? undefined : index;
    this.#plot.redraw(false);
  }

  /** Where a point lies, in CSS pixels from the upper left corner of the element. */
  locate(point: ScatterPoint): { readonly xPx: number; readonly yPx: number } {
    const { left, top } = this.#plot.bbox;
    return {
      xPx: left / devicePixelRatio + this.#plot.valToPos(point.unixMs, 'x'),
      yPx: top / devicePixelRatio + this.#plot.valToPos(point.durationNs, 'y'),
    };
  }

  [Symbol.dispose](): void {
    this.#plot.destroy();
  }

  #configure(width: number): uPlot.Options {
    const { zone } = this.#options;
    return {
      width,
      height: HEIGHT_PX,
      ms: 1,
      tzDate: (unixMs) =>
        zone === 'utc' ? uPlot.tzDate(new Date(unixMs), 'Etc/UTC') : new Date(unixMs),
      padding: [10, 16, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: MIN_DRAG_PX },
      },
      scales: {
        x: { time: true, range: () => [this.#data.range.startMs, this.#data.range.endMs] },
        y: {
          distr: LOG_SCALE,
          range: () => [...durationRange(this.#data.points)] as [number, number],
        },
      },
      axes: this.#axes(),
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        draw: [(plot) => this.#draw(plot)],
        setCursor: [(plot) => this.#hover(plot)],
        setSelect: [(plot) => this.#select(plot)],
      },
    };
  }

  #axes(): uPlot.Axis[] {
    const { line, textMuted, font } = this.#colors;
    const common = {
      font,
      stroke: textMuted,
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
      border: { show: false },
    };
    return [
      {
        ...common,
        size: 24,
        gap: 4,
        space: 90,
        values: (...[, splits, , , incrementMs]) =>
          splits.map((unixMs) => formatTick(unixMs, incrementMs, this.#options.zone)),
      },
      {
        ...common,
        size: 68,
        gap: 8,
        splits: (_, __, min, max) => [...logTicks(min, max, 6)],
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map((nanos) => formatDurationShort(nanos)),
      },
    ];
  }

  #draw(plot: uPlot): void {
    this.#placed = placePoints(this.#data.points, ({ unixMs, durationNs }) => ({
      xPx: plot.valToPos(unixMs, 'x'),
      yPx: plot.valToPos(durationNs, 'y'),
    }));
    drawPoints(plot, this.#placed, { colors: this.#colors, hovered: this.#hovered });
  }

  #hover(plot: uPlot): void {
    const { left = -1, top = -1 } = plot.cursor;
    this.#setHovered(
      left < 0 ? undefined : findNearest(this.#placed, { x: left, y: top }, REACH_PX),
    );
  }

  #setHovered(index: number | undefined): void {
    if (index === this.#hovered) return;
    this.#hovered = index;
    this.#plot.over.classList.toggle('scatter-over-point', index !== undefined);
    this.#plot.redraw(false);
    this.#options.onHover(index === undefined ? undefined : this.#data.points[index]);
  }

  #open(inNewTab: boolean): void {
    const point = this.#hovered === undefined ? undefined : this.#data.points[this.#hovered];
    if (point !== undefined) this.#options.onOpen(point, inNewTab);
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < MIN_DRAG_PX) return;
    const startMs = plot.posToVal(left, 'x');
    const endMs = plot.posToVal(left + width, 'x');
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.onSelectRange({ startMs, endMs });
  }
}

function toColumns({ points }: ScatterData): uPlot.AlignedData {
  return [points.map(({ unixMs }) => unixMs), points.map(({ durationNs }) => durationNs)];
}

function formatTick(unixMs: number, incrementMs: number, zone: TimeZone): string {
  const clock = formatClock(unixMs, zone);
  if (incrementMs >= 86_400_000) return formatDate(unixMs, zone).slice(5);
  if (incrementMs >= 60_000) {
    const isMidnight = clock.startsWith('00:00');
    return isMidnight ? formatDate(unixMs, zone).slice(5) : clock.slice(0, 5);
  }
  return incrementMs >= 1000 ? clock.slice(0, 8) : clock;
}
