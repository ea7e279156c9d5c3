import type { AnalysisOptions } from './analysis-options.ts';
import type { Dependencies } from './dependencies.ts';
import { AWAITED, jitterOf } from './span-relations.ts';

/**
 * Lets an awaited child of `parent` end where the next begins, if they overlap by less than the jitter and no other child begins or
 * ends meanwhile: of more than two it is not clear who waits for whom. The order by end stays.
 */
export function removeOverlaps(
  dependencies: Dependencies,
  parent: number,
  options: AnalysisOptions,
): void {
  const { firsts, awaited, awaitedCounts, windowStartsNs, windowEndsNs } = dependencies;
  const byStart = listByStart(dependencies, parent);
  const from = firsts[parent] ?? 0;
  const byEnd = awaited.subarray(from, from + (awaitedCounts[parent] ?? 0));
  let begun = 0;
  for (let ended = 0; ended < byEnd.length; ended++) {
    const child = byEnd[ended] ?? 0;
    const endNs = windowEndsNs[child] ?? 0;
    while (begun < byStart.length && (windowStartsNs[byStart[begun] ?? 0] ?? 0) < endNs) begun++;
    const next = byStart[begun - 1] ?? child;
    const nextNs = windowStartsNs[next] ?? 0;
    if (!isBriefOverlap(dependencies, { child, next }, options)) continue;
    const isAlone =
      isOutside(windowStartsNs, [byStart[begun - 2], byStart[begun]], nextNs, endNs) &&
      isOutside(windowEndsNs, [byEnd[ended - 1], byEnd[ended + 1]], nextNs, endNs);
    if (isAlone) windowEndsNs[child] = nextNs;
  }
}

/** Whether of two spans the first is before `fromNs` and the second behind `toNs`, where they are there. */
function isOutside(
  timesNs: Float64Array,
  [before, behind]: readonly [number | undefined, number | undefined],
  fromNs: number,
  toNs: number,
): boolean {
  return (
    (before === undefined || (timesNs[before] ?? 0) < fromNs) &&
    (behind === undefined || (timesNs[behind] ?? 0) > toNs)
  );
}

function listByStart(
  { firsts, children, relations }: Dependencies,
  parent: number,
): readonly number[] {
  const starts: number[] = [];
  const to = firsts[parent + 1] ?? 0;
  for (let at = firsts[parent] ?? 0; at < to; at++) {
    const child = children[at] ?? 0;
    if (relations[child] === AWAITED) starts.push(child);
  }
  return starts;
}

function isBriefOverlap(
  { windowStartsNs, windowEndsNs }: Dependencies,
  { child, next }: { readonly child: number; readonly next: number },
  options: AnalysisOptions,
): boolean {
  const startNs = windowStartsNs[child] ?? 0;
  const endNs = windowEndsNs[child] ?? 0;
  const nextStartNs = windowStartsNs[next] ?? 0;
  const nextEndNs = windowEndsNs[next] ?? 0;
  if (nextStartNs <= startNs || nextEndNs <= endNs) return false;
  const shorterNs = Math.min(endNs - startNs, nextEndNs - nextStartNs);
  return endNs - nextStartNs <= jitterOf(options, shorterNs);
}
