import uPlot from 'uplot';
import { formatDurationShort } from '../../../base/format.ts';
import { formatClock, formatDate } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import type { RasterContext } from '../../../canvas/draw-context.ts';
import { captionHeightPx, drawCaption } from '../../../canvas/picture/caption.ts';
import type { Caption } from '../../../canvas/picture/caption.ts';
import type { Picture } from '../../../canvas/picture/picture.ts';
import { TextMeasurer } from '../../../canvas/text-measurer.ts';
import type { Theme } from '../../../ui/theme.tsx';
import { drawCells, drawFrame, drawMoment } from './draw-cells.ts';
import { findCell, placeOf } from './heatmap.ts';
import type { CellPlace, Heatmap, HeatmapBox } from './heatmap.ts';
import { listenToTouch } from './listen-to-touch.ts';
import { logTicks } from './log-ticks.ts';
import { readPictureTheme } from './picture-theme.ts';
import type { PictureTheme } from './picture-theme.ts';

export interface HeatmapPlotOptions {
  readonly theme: Theme;
  readonly zone: TimeZone;
  readonly onHover: (place: CellPlace | undefined) => void;
  readonly onSelect: (box: HeatmapBox) => void;
  readonly onZoomOut: () => void;
}

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's name for it exists only in its types
const LOG_SCALE: uPlot.Scale.Distr = 3;

const MIN_DRAG_PX = 6;
/** A drag that is flatter than this is one of time alone, and one that is narrower of duration alone. */
const ONE_WAY_PX = 16;
const NO_BOX = { left: 0, top: 0, width: 0, height: 0 };
/** A box that ends this near to the edge of the picture has no bound there. */
const EDGE_PX = 6;

/** The heatmap on a canvas: uPlot draws the axes and the box that is dragged, we draw the cells. */
export class HeatmapPlot {
  readonly #options: HeatmapPlotOptions;
  readonly #theme: PictureTheme;
  readonly #plot: uPlot;
  #heatmap: Heatmap;
  #hovered: CellPlace | undefined;
  #corners: readonly [CellPlace, CellPlace] | undefined;
  #moment: number | undefined;

  constructor(element: HTMLElement, heatmap: Heatmap, options: HeatmapPlotOptions) {
    this.#options = options;
    this.#theme = readPictureTheme(options.theme);
    this.#heatmap = heatmap;
    this.#plot = new uPlot(this.#configure(element), columnsOf(heatmap), element);
    // The element around it says what it shows, and the table says it all.
    this.#plot.root.setAttribute('aria-hidden', 'true');
    const { over } = this.#plot;
    over.addEventListener('dblclick', () => options.onZoomOut());
    listenToTouch(over, {
      minDragPx: MIN_DRAG_PX,
      oneWayPx: ONE_WAY_PX,
      onDraw: (box) => this.#plot.setSelect(box, false),
      onEnd: (box) => this.#plot.setSelect(box),
      onCancel: () => this.#plot.setSelect(NO_BOX, false),
    });
  }

  update(heatmap: Heatmap): void {
    this.#heatmap = heatmap;
    this.#setHovered(undefined);
    this.#plot.setData(columnsOf(heatmap));
  }

  resize(widthPx: number, heightPx: number): void {
    this.#plot.setSize({ width: widthPx, height: heightPx });
  }

  /** Marks when something began that the list is pointed at. */
  markMoment(unixMs: number | undefined): void {
    if (unixMs === this.#moment) return;
    this.#moment = unixMs;
    this.#plot.redraw(false);
  }

  /** Frames the cells between two corners. */
  frame(corners: readonly [CellPlace, CellPlace] | undefined): void {
    this.#corners = corners;
    this.#plot.redraw(false);
  }

  /** Where a cell lies, in CSS pixels from the upper left corner of the element. */
  locate({ column, bucket }: CellPlace): { readonly xPx: number; readonly yPx: number } {
    const { left, top } = this.#plot.bbox;
    const { startMs, stepMs } = this.#heatmap;
    return {
      xPx: left / devicePixelRatio + this.#plot.valToPos(startMs + (column + 1) * stepMs, 'x'),
      yPx: top / devicePixelRatio + this.#plot.valToPos(2 ** (bucket - 0.5), 'y'),
    };
  }

  /** As it is, under a caption. uPlot draws to canvases alone, so that there is no SVG of it. */
  makePicture(caption: Caption): Picture {
    const { canvas } = this.#plot.ctx;
    const theme = { ...this.#theme, serviceSolid: [] };
    const topPx = captionHeightPx(caption);
    const widthPx = canvas.width / devicePixelRatio;
    const plotHeightPx = canvas.height / devicePixelRatio;
    return {
      title: caption.title,
      widthPx,
      heightPx: topPx + plotHeightPx,
      background: theme.surface,
      draw: (context) => {
        drawCaption(context, caption, { widthPx, theme, text: new TextMeasurer() });
        (context as RasterContext).drawImage(canvas, 0, topPx, widthPx, plotHeightPx);
      },
    };
  }

  [Symbol.dispose](): void {
    this.#plot.destroy();
  }

  #configure({ clientWidth: width, clientHeight: height }: HTMLElement): uPlot.Options {
    const { zone } = this.#options;
    return {
      width,
      height,
      ms: 1,
      tzDate: (unixMs) =>
        zone === 'utc' ? uPlot.tzDate(new Date(unixMs), 'Etc/UTC') : new Date(unixMs),
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: {
        x: false,
        y: false,
        points: { show: false },
        drag: { x: true, y: true, setScale: false, dist: MIN_DRAG_PX, uni: ONE_WAY_PX },
        // Its own double click resets the scales, which never change here.
        bind: { dblclick: () => null },
      },
      scales: {
        x: { time: true, range: () => [this.#heatmap.range.startMs, this.#heatmap.range.endMs] },
        y: { distr: LOG_SCALE, range: () => durationsOf(this.#heatmap) },
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
    const { line, textMuted, font } = this.#theme;
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
    drawCells(plot, this.#heatmap, this.#theme);
    if (this.#moment !== undefined) drawMoment(plot, this.#moment, this.#theme);
    const hovered = this.#hovered && ([this.#hovered, this.#hovered] as const);
    const corners = this.#corners ?? hovered;
    if (corners !== undefined) drawFrame(plot, this.#heatmap, { corners, theme: this.#theme });
  }

  #hover(plot: uPlot): void {
    const { left = -1, top = -1 } = plot.cursor;
    if (left < 0 || plot.select.width > 0) {
      this.#setHovered(undefined);
      return;
    }
    const durationNs = plot.posToVal(top, 'y');
    this.#setHovered(placeOf(this.#heatmap, plot.posToVal(left, 'x'), durationNs));
  }

  #setHovered(place: CellPlace | undefined): void {
    const cell = place && findCell(this.#heatmap, place);
    if (cell === this.#hovered) return;
    this.#hovered = cell;
    this.#plot.redraw(false);
    this.#options.onHover(cell);
  }

  #select(plot: uPlot): void {
    const { left, top, width, height } = plot.select;
    if (width < 1 || height < 1) return;
    const { clientWidth, clientHeight } = plot.over;
    const { startMs, endMs } = this.#heatmap.range;
    plot.setSelect(NO_BOX, false);
    this.#options.onSelect({
      startMs: left <= EDGE_PX ? startMs : plot.posToVal(left, 'x'),
      endMs: left + width >= clientWidth - EDGE_PX ? endMs : plot.posToVal(left + width, 'x'),
      minNs: top + height >= clientHeight - EDGE_PX ? undefined : plot.posToVal(top + height, 'y'),
      maxNs: top <= EDGE_PX ? undefined : plot.posToVal(top, 'y'),
    });
  }
}

/** uPlot wants a line; ours is not drawn. */
function columnsOf(heatmap: Heatmap): uPlot.AlignedData {
  const { startMs, endMs } = heatmap.range;
  return [[startMs, endMs], [...durationsOf(heatmap)]];
}

function durationsOf({ firstBucket, bucketCount }: Heatmap): [number, number] {
  return [2 ** (firstBucket - 1), 2 ** (firstBucket + bucketCount - 1)];
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
