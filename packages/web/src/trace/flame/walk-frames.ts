import { lowerBound } from '../../base/binary-search.ts';
import type { FlameLayout } from './layout-flame.ts';
import type { CallPaths } from './merge-call-paths.ts';

export type FlameStep = 'up' | 'down' | 'left' | 'right';

/** The frame that an arrow key leads to: the one above, the first below, or the next of the same depth; none at the edges. */
export function walkFrames(
  { paths, layout }: { readonly paths: CallPaths; readonly layout: FlameLayout },
  frame: number,
  step: FlameStep,
): number | undefined {
  if (step === 'up') {
    const parent = paths.parents[frame] ?? -1;
    return parent < 0 ? undefined : parent;
  }
  return step === 'down' ? firstBelow(paths, layout, frame) : besides(paths, layout, frame, step);
}

function firstBelow(
  { parents, depths }: CallPaths,
  layout: FlameLayout,
  frame: number,
): number | undefined {
  const { rows, rowLefts, lefts } = layout;
  const row = rowOf(layout, (depths[frame] ?? 0) + 1);
  const left = lefts[frame] ?? 0;
  let slot = lowerBound({ values: rowLefts, ...row }, left);
  for (; slot < row.to && rowLefts[slot] === left; slot++) {
    if (parents[rows[slot] ?? 0] === frame) return rows[slot];
  }
  return undefined;
}

function besides(
  { depths }: CallPaths,
  layout: FlameLayout,
  frame: number,
  step: 'left' | 'right',
): number | undefined {
  const { rows, rowLefts, lefts } = layout;
  const row = rowOf(layout, depths[frame] ?? 0);
  let slot = lowerBound({ values: rowLefts, ...row }, lefts[frame] ?? 0);
  // Frames of no width begin at the same place.
  while (slot < row.to && rows[slot] !== frame) slot++;
  const next = slot + (step === 'left' ? -1 : 1);
  return next >= row.from && next < row.to ? rows[next] : undefined;
}

function rowOf({ firsts, rows }: FlameLayout, depth: number): { from: number; to: number } {
  const from = firsts[depth] ?? rows.length;
  return { from, to: firsts[depth + 1] ?? from };
}
