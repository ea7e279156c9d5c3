import type { Dependencies } from './dependencies.ts';

/** What own work would take instead of `gapsNs` and `tailsNs`; what is absent stays. */
export interface OwnWork {
  readonly gapsNs?: Float64Array;
  readonly tailsNs?: Float64Array;
}

/** How long `root` would take with other own work of its spans. Linear. */
export function retimeTrace(dependencies: Dependencies, root: number, work: OwnWork): number {
  const { order, descendantCounts } = dependencies.tree;
  const gapsNs = work.gapsNs ?? dependencies.gapsNs;
  const tailsNs = work.tailsNs ?? dependencies.tailsNs;
  const lengthsNs = new Float64Array(order.length);
  const retime = createChildRetiming(dependencies);
  const first = order.indexOf(root);
  const times: ChildTimes = {
    lengthOf: (child) => lengthsNs[child] ?? 0,
    gapOf: (child) => gapsNs[child] ?? 0,
  };
  for (let row = first + (descendantCounts[root] ?? 0); row >= first; row--) {
    const span = order[row] ?? 0;
    lengthsNs[span] = retime(span, times) + (tailsNs[span] ?? 0);
  }
  return lengthsNs[root] ?? 0;
}

/** How long awaited children take, and how long their parent works before them. */
export interface ChildTimes {
  readonly lengthOf: (child: number) => number;
  readonly gapOf: (child: number) => number;
}

/**
 * Gives what computes how long it takes from the start of a span until the last child that it waits for has ended, with other
 * times of these children. Linear in their number.
 */
export function createChildRetiming(
  dependencies: Dependencies,
): (parent: number, times: ChildTimes) => number {
  const { firsts, awaited, awaitedCounts, waitCounts } = dependencies;
  let momentsNs = new Float64Array(16);
  return (parent, { lengthOf, gapOf }) => {
    const from = firsts[parent] ?? 0;
    const count = awaitedCounts[parent] ?? 0;
    if (momentsNs.length <= count) momentsNs = new Float64Array(2 * count + 2);
    momentsNs[0] = 0;
    for (let place = 1; place <= count; place++) {
      const child = awaited[from + place - 1] ?? 0;
      const endNs = (momentsNs[waitCounts[child] ?? 0] ?? 0) + gapOf(child) + lengthOf(child);
      momentsNs[place] = Math.max(momentsNs[place - 1] ?? 0, endNs);
    }
    return momentsNs[count] ?? 0;
  };
}
