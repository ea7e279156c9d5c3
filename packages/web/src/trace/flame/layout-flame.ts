/**
 * Where the frames of a flame graph lie. Sideways, from 0 to the width of the whole; downwards by their depth. In both measures a frame
 * is never wider than the one above it, and siblings together are not either.
 *
 * By total time, a frame is as wide as the time in which at least one of its spans was running, as a clock on the wall would measure it:
 * what is in the timeline, with calls that ran side by side counted once. So a frame that is called within another measures no more
 * than that. Siblings may together: they ran side by side, or outlasted their caller. They are then squeezed, all by the same factor,
 * to the width of their caller; what they are said to have taken stays what it was.
 *
 * By self time, a frame is as wide as the self times of itself and of all below it, so that widths add up exactly and nothing is
 * squeezed: what calls side by side did is counted as often as it was done.
 */
import { sortIndexes } from '../../base/sort-indexes.ts';
import type { CallPaths } from './merge-call-paths.ts';

export const FLAME_WIDTHS = ['total', 'self'] as const;
export type FlameWidth = (typeof FLAME_WIDTHS)[number];

export interface FlameLayout {
  readonly by: FlameWidth;
  readonly lefts: Float64Array;
  readonly widths: Float64Array;
  /** Of all frames at the top together. */
  readonly width: number;
  /** What each frame is measured by, in nanoseconds, before any squeezing. */
  readonly valuesNs: Float64Array;
  /** The frames of depth `d`, from left to right, are those from `firsts[d]` up to `firsts[d + 1]`. */
  readonly rows: Uint32Array;
  readonly firsts: Uint32Array;
  /** The same from left to right within `rows`, for binary search. */
  readonly rowLefts: Float64Array;
}

/** The widest of siblings comes first. Linear in the frames. */
export function layoutFlame(paths: CallPaths, by: FlameWidth): FlameLayout {
  const { frameCount, parents, depths, maxDepth } = paths;
  const valuesNs = by === 'self' ? sumBelow(paths) : paths.elapsedNs;
  const childrenNs = new Float64Array(frameCount);
  let width = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    const parent = parents[frame] ?? -1;
    const valueNs = valuesNs[frame] ?? 0;
    if (parent < 0) width += valueNs;
    else childrenNs[parent] = (childrenNs[parent] ?? 0) + valueNs;
  }
  const { rows, firsts } = rowsByDepth(
    sortIndexes(order(frameCount), valuesNs, -1),
    depths,
    maxDepth,
  );
  const lefts = new Float64Array(frameCount);
  const widths = new Float64Array(frameCount);
  // Where the next child of each frame begins.
  const nexts = new Float64Array(frameCount);
  let nextRoot = 0;
  for (const frame of rows) {
    const parent = parents[frame] ?? -1;
    const valueNs = valuesNs[frame] ?? 0;
    if (parent < 0) {
      lefts[frame] = nextRoot;
      widths[frame] = valueNs;
      nextRoot += valueNs;
    } else {
      lefts[frame] = nexts[parent] ?? 0;
      widths[frame] = valueNs * scaleBelow(parent, { valuesNs, childrenNs, widths });
      nexts[parent] = (nexts[parent] ?? 0) + (widths[frame] ?? 0);
    }
    nexts[frame] = lefts[frame] ?? 0;
  }
  const sorted = orderRows(rows, firsts, lefts);
  return {
    by,
    lefts,
    widths,
    width,
    valuesNs,
    rows: sorted,
    firsts,
    rowLefts: Float64Array.from(sorted, (frame) => lefts[frame] ?? 0),
  };
}

/** How wide a nanosecond is below a frame. */
function scaleBelow(
  parent: number,
  {
    valuesNs,
    childrenNs,
    widths,
  }: Readonly<Record<'valuesNs' | 'childrenNs' | 'widths', Float64Array>>,
): number {
  const roomNs = Math.max(valuesNs[parent] ?? 0, childrenNs[parent] ?? 0);
  return roomNs === 0 ? 0 : (widths[parent] ?? 0) / roomNs;
}

function order(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}

/** Self times of each frame and all below it. Children have higher numbers than their parents. */
function sumBelow({ frameCount, parents, selfTimesNs }: CallPaths): Float64Array {
  const sums = Float64Array.from(selfTimesNs);
  for (let frame = frameCount - 1; frame >= 0; frame--) {
    const parent = parents[frame] ?? -1;
    if (parent >= 0) sums[parent] = (sums[parent] ?? 0) + (sums[frame] ?? 0);
  }
  return sums;
}

function rowsByDepth(
  byValue: Uint32Array,
  depths: Uint32Array,
  maxDepth: number,
): Pick<FlameLayout, 'rows' | 'firsts'> {
  const firsts = new Uint32Array(maxDepth + 2);
  for (const depth of depths) firsts[depth + 1] = (firsts[depth + 1] ?? 0) + 1;
  for (let depth = 0; depth <= maxDepth; depth++) {
    firsts[depth + 1] = (firsts[depth + 1] ?? 0) + (firsts[depth] ?? 0);
  }
  const places = firsts.slice();
  const rows = new Uint32Array(byValue.length);
  for (const frame of byValue) {
    const depth = depths[frame] ?? 0;
    rows[places[depth] ?? 0] = frame;
    places[depth] = (places[depth] ?? 0) + 1;
  }
  return { rows, firsts };
}

/** From left to right; frames of no width keep their order. */
function orderRows(rows: Uint32Array, firsts: Uint32Array, lefts: Float64Array): Uint32Array {
  const sorted = new Uint32Array(rows.length);
  for (let depth = 0; depth + 1 < firsts.length; depth++) {
    const from = firsts[depth] ?? 0;
    sorted.set(sortIndexes(rows.subarray(from, firsts[depth + 1]), lefts), from);
  }
  return sorted;
}
