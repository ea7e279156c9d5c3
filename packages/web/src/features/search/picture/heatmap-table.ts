import { boxBetween, countBetween } from './heatmap.ts';
import type { Heatmap, HeatmapBox, MsRange } from './heatmap.ts';

/** The heatmap as numbers: durations downwards from the longest, a few stretches of time across. */
export interface HeatmapTable {
  readonly times: readonly MsRange[];
  readonly rows: readonly HeatmapTableRow[];
}

export interface HeatmapTableRow {
  readonly bucket: number;
  readonly cells: readonly HeatmapTableCell[];
}

export interface HeatmapTableCell {
  readonly box: HeatmapBox;
  readonly spanCount: number;
  readonly errorCount: number;
}

/** Only durations that spans have are rows. */
export function toHeatmapTable(heatmap: Heatmap, wantedColumns: number): HeatmapTable {
  const perColumn = Math.ceil(heatmap.columnCount / wantedColumns);
  const starts = Array.from(
    { length: Math.ceil(heatmap.columnCount / perColumn) },
    (_, index) => index * perColumn,
  );
  const endOf = (start: number) => Math.min(start + perColumn, heatmap.columnCount) - 1;
  const buckets = [...new Set(heatmap.cells.map(({ bucket }) => bucket))].sort((a, b) => b - a);
  const corners = (start: number, bucket: number) =>
    [
      { column: start, bucket },
      { column: endOf(start), bucket },
    ] as const;
  return {
    times: starts.map((start) => {
      const { startMs, endMs } = boxBetween(heatmap, ...corners(start, heatmap.firstBucket));
      return { startMs, endMs };
    }),
    rows: buckets.map((bucket) => ({
      bucket,
      cells: starts.map((start) => ({
        box: boxBetween(heatmap, ...corners(start, bucket)),
        ...countBetween(heatmap, ...corners(start, bucket)),
      })),
    })),
  };
}
