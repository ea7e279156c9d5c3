import type { CellPlace, Heatmap } from './heatmap.ts';

/** Where the keyboard is in the picture: a cell, and the corner that a box was begun at. */
export interface HeatmapCursor {
  readonly at: CellPlace;
  readonly from: CellPlace;
}

const STEPS: Readonly<Record<string, readonly [column: number, bucket: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * Arrows go from cell to cell, and with Shift they draw a box; undefined for any other key. The first arrow goes to the
 * fullest cell, where most is to be seen.
 */
export function moveCursor(
  heatmap: Heatmap,
  cursor: HeatmapCursor | undefined,
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
): HeatmapCursor | undefined {
  const step = STEPS[key];
  if (step === undefined) return undefined;
  if (cursor === undefined) {
    const start = fullestCell(heatmap);
    return { at: start, from: start };
  }
  const lastBucket = heatmap.firstBucket + heatmap.bucketCount - 1;
  const at = {
    column: clamp(cursor.at.column + step[0], 0, heatmap.columnCount - 1),
    bucket: clamp(cursor.at.bucket + step[1], heatmap.firstBucket, lastBucket),
  };
  return { at, from: shiftKey ? cursor.from : at };
}

function fullestCell({ cells, maxSpanCount, columnCount, firstBucket }: Heatmap): CellPlace {
  const { column, bucket } = cells.find(({ spanCount }) => spanCount === maxSpanCount) ?? {
    column: columnCount - 1,
    bucket: firstBucket,
  };
  return { column, bucket };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
