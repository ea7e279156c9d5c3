import { lengthOf } from '../dependencies.ts';
import { AWAITED } from '../span-relations.ts';
import { timeRoot } from '../trace-timing.ts';
import type { FindingContext } from './finding.ts';

/**
 * The trace as it looks from what the main root does not wait for: a message's consumer, what goes on after its caller, another root, a
 * span whose parent is missing. Each is the root of what it waits for itself, and what could be saved there shortens it alone.
 *
 * Of spans of one operation the longest stands for all, and of operations the longest `maxApartRoots` are looked at: each takes
 * as long as the main root. What takes less than `minSavingShare` of the main root's duration is as little as
 * what is not told of that one.
 */
export function viewApartRoots(context: FindingContext): readonly FindingContext[] {
  const { timing } = context;
  return listApartRoots(context).map((root) => ({
    ...context,
    timing: { ...timing, ...timeRoot(timing.dependencies, root) },
  }));
}

/** By duration, the longest first. */
function listApartRoots({ columns, timing, options }: FindingContext): readonly number[] {
  const { dependencies, root, rootDurationNs } = timing;
  const { serviceIndexes, nameIndexes, names } = columns;
  const enoughNs = Math.max(options.minFaultSavingNs, options.minSavingShare * rootDurationNs);
  const durationOf = (span: number): number => lengthOf(dependencies, span);
  const longests = new Map<number, number>();
  for (let span = 0; span < columns.spanCount; span++) {
    if (dependencies.relations[span] === AWAITED || span === root) continue;
    // Without a child it has nothing to be explained by.
    if (dependencies.awaitedCounts[span] === 0 || durationOf(span) < enoughNs) continue;
    const operation = (serviceIndexes[span] ?? 0) * names.length + (nameIndexes[span] ?? 0);
    const longest = longests.get(operation);
    if (longest === undefined || durationOf(span) > durationOf(longest))
      longests.set(operation, span);
  }
  return [...longests.values()]
    .sort((a, b) => durationOf(b) - durationOf(a) || a - b)
    .slice(0, options.maxApartRoots);
}
