import { AWAITED } from './span-relations.ts';
import { lengthOf } from './dependencies.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * How many spans work at once under each span on average: the time that it and everything it waits for work themselves, divided
 * by its duration. 1 where one thing happens after the other, 0 for a span without a length. Never below 1 otherwise: at
 * each moment of a span it works, or something it waits for does.
 */
export function computeParallelism(dependencies: Dependencies): Float64Array {
  const { order, parents } = dependencies.tree;
  const workNs = new Float64Array(order.length);
  const parallelism = new Float64Array(order.length);
  for (let row = order.length - 1; row >= 0; row--) {
    const span = order[row] ?? 0;
    const lengthNs = lengthOf(dependencies, span);
    const total = (workNs[span] ?? 0) + ownWorkOf(dependencies, span);
    if (lengthNs > 0) parallelism[span] = total / lengthNs;
    if (dependencies.relations[span] !== AWAITED) continue;
    const parent = parents[span] ?? -1;
    workNs[parent] = (workNs[parent] ?? 0) + total;
  }
  return parallelism;
}

/** The part of the window of a span in which nothing runs that it waits for. */
function ownWorkOf(dependencies: Dependencies, span: number): number {
  const { firsts, children, relations, windowStartsNs, windowEndsNs } = dependencies;
  const to = firsts[span + 1] ?? 0;
  let untilNs = windowStartsNs[span] ?? 0;
  let workNs = 0;
  for (let at = firsts[span] ?? 0; at < to; at++) {
    const child = children[at] ?? 0;
    if (relations[child] !== AWAITED) continue;
    workNs += Math.max(0, (windowStartsNs[child] ?? 0) - untilNs);
    untilNs = Math.max(untilNs, windowEndsNs[child] ?? 0);
  }
  return workNs + (windowEndsNs[span] ?? 0) - untilNs;
}
