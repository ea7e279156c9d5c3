import type { HistogramResponse } from '@clew/api';
import { msFromNanos } from '../../../state/search-state.ts';

/**
 * A picture of what a search finds: how many spans began in which interval, and took how long. Durations are in buckets
 * whose bounds are powers of two: those of bucket `b` are longer than 2^(b-1) ns and not longer than 2^b.
 */
export interface Heatmap {
  /** What was searched, milliseconds since 1970. */
  readonly range: MsRange;
  /** Where column 0 begins, up to a column before the range, and how long each is. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly columnCount: number;
  /** The buckets to show, ascending; some room around those that have spans. */
  readonly firstBucket: number;
  readonly bucketCount: number;
  readonly cells: readonly HeatmapCell[];
  /** The same by their place; see `findCell`. */
  readonly cellByKey: ReadonlyMap<number, HeatmapCell>;
  /** Of the fullest cell. */
  readonly maxSpanCount: number;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface MsRange {
  readonly startMs: number;
  readonly endMs: number;
}

export interface CellPlace {
  readonly column: number;
  readonly bucket: number;
}

export interface HeatmapCell extends CellPlace {
  readonly spanCount: number;
  readonly errorCount: number;
}

/** A part of the picture. Durations in nanoseconds; a bound that is absent is open. */
export interface HeatmapBox extends MsRange {
  readonly minNs?: number | undefined;
  readonly maxNs?: number | undefined;
}

/** Fewer rows make bars of cells. */
const MIN_BUCKETS = 8;

export function toHeatmap(histogram: HistogramResponse, range: MsRange): Heatmap {
  const cells = histogram.cells.map(({ interval, maxDurationNano, spanCount, errorCount }) => ({
    column: interval,
    bucket: bucketOf(Number(maxDurationNano)),
    spanCount,
    errorCount,
  }));
  const startMs = msFromNanos(histogram.startUnixNano);
  const stepMs = Number(histogram.stepNano) / 1e6;
  return {
    range,
    startMs,
    stepMs,
    columnCount: Math.max(1, Math.ceil((range.endMs - startMs) / stepMs - 1e-9)),
    ...bucketsAround(cells),
    cells,
    cellByKey: new Map(cells.map((cell) => [keyOf(cell), cell])),
    maxSpanCount: cells.reduce((max, cell) => Math.max(max, cell.spanCount), 0),
    spanCount: cells.reduce((sum, cell) => sum + cell.spanCount, 0),
    errorCount: cells.reduce((sum, cell) => sum + cell.errorCount, 0),
  };
}

/** Durations have 64 bits. */
const BUCKETS = 65;

function keyOf({ column, bucket }: CellPlace): number {
  return column * BUCKETS + bucket;
}

/** Undefined where no span is. */
export function findCell(heatmap: Heatmap, place: CellPlace): HeatmapCell | undefined {
  return heatmap.cellByKey.get(keyOf(place));
}

function bucketOf(maxDurationNs: number): number {
  return maxDurationNs <= 1 ? 0 : Math.round(Math.log2(maxDurationNs));
}

function bucketsAround(cells: readonly CellPlace[]): Pick<Heatmap, 'firstBucket' | 'bucketCount'> {
  // With nothing to show, from a millisecond to a second.
  if (cells.length === 0) return { firstBucket: 20, bucketCount: 11 };
  const buckets = cells.map(({ bucket }) => bucket);
  const [lowest, highest] = [Math.min(...buckets), Math.max(...buckets)];
  const missing = Math.max(0, MIN_BUCKETS - (highest - lowest + 3));
  const firstBucket = Math.max(0, lowest - 1 - Math.floor(missing / 2));
  const lastBucket = Math.max(highest + 1, firstBucket + MIN_BUCKETS - 1);
  return { firstBucket, bucketCount: lastBucket - firstBucket + 1 };
}

/** The durations of a bucket, nanoseconds: longer than the first, up to the second. */
export function boundsOfBucket(bucket: number): readonly [number, number] {
  // The lowest also has the spans that took no time.
  return [bucket === 0 ? 0 : 2 ** (bucket - 1), 2 ** bucket];
}

/** The part of the searched time that a column covers. */
export function timesOfColumn({ startMs, stepMs, range }: Heatmap, column: number): MsRange {
  return {
    startMs: Math.max(range.startMs, startMs + column * stepMs),
    endMs: Math.min(range.endMs, startMs + (column + 1) * stepMs),
  };
}

/** The cell of a moment and a duration; it may hold nothing. */
export function placeOf(
  { startMs, stepMs }: Heatmap,
  unixMs: number,
  durationNs: number,
): CellPlace {
  const column = Math.floor((unixMs - startMs) / stepMs);
  return { column, bucket: durationNs <= 1 ? 0 : Math.ceil(Math.log2(durationNs)) };
}

/** The box that two cells span. A bound of duration at the edge of the picture is open. */
export function boxBetween(heatmap: Heatmap, a: CellPlace, b: CellPlace): HeatmapBox {
  const [left, right] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
  const [bottom, top] = [Math.min(a.bucket, b.bucket), Math.max(a.bucket, b.bucket)];
  const isLowest = bottom <= heatmap.firstBucket;
  const isHighest = top >= heatmap.firstBucket + heatmap.bucketCount - 1;
  return {
    startMs: timesOfColumn(heatmap, left).startMs,
    endMs: timesOfColumn(heatmap, right).endMs,
    minNs: isLowest ? undefined : boundsOfBucket(bottom)[0],
    maxNs: isHighest ? undefined : boundsOfBucket(top)[1],
  };
}

/** How many spans are in the cells that two cells span. */
export function countBetween(
  { cells }: Heatmap,
  a: CellPlace,
  b: CellPlace,
): { readonly spanCount: number; readonly errorCount: number } {
  const isBetween = (value: number, one: number, other: number) =>
    value >= Math.min(one, other) && value <= Math.max(one, other);
  let spanCount = 0;
  let errorCount = 0;
  for (const cell of cells) {
    if (!isBetween(cell.column, a.column, b.column)) continue;
    if (!isBetween(cell.bucket, a.bucket, b.bucket)) continue;
    spanCount += cell.spanCount;
    errorCount += cell.errorCount;
  }
  return { spanCount, errorCount };
}

/** Lengths of columns that people read easily, milliseconds. */
const SECOND_MS = 1000;
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800];
const HOURS = [1, 2, 3, 6, 12, 24, 48, 168];
const STEPS_MS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  SECONDS.map((seconds) => seconds * SECOND_MS),
  HOURS.map((hours) => hours * 3600 * SECOND_MS),
);

/** The shortest step, as the API takes it, that makes no more columns of a time than `columnCount`. */
export function stepFor({ startMs, endMs }: MsRange, columnCount: number): string {
  const wantedMs = (endMs - startMs) / columnCount;
  const stepMs = STEPS_MS.find((step) => step >= wantedMs);
  if (stepMs === undefined) return `${Math.ceil(wantedMs)}ms`;
  // Below that, microseconds are as good as any.
  return wantedMs < 0.5 ? `${Math.max(1, Math.ceil(wantedMs * 1000))}us` : `${stepMs}ms`;
}
