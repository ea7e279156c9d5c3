/**
 * What waits for what in a trace. Senders do not say it, so it is read from the times, once for all analyses:
 *
 * - A span waits for its children, but for those that run on without it: a message's consumer, and what goes on when its parent has ended
 *   (`relateToParent`). What is only closed late is cut to its parent. A
 *   server that outlasts its client is waited for as long as the client is there: that the client gave up is no reason to leave
 *   out what it waited for.
 * - A child waits for all of its siblings that ended before it began. The time between the last of these ends (or the parent's
 *   start) and its start is the parent's own work, and so is the time between the end of the last child and the parent's end.
 *
 * So each start is the latest of some ends plus own work, which takes as long whatever else changes:
 *
 *     start(c) = max(start(p), end of every sibling that c waits for) + gap(c)
 *     end(p)   = max(start(p), end of every child that p waits for)   + tail(p)
 *
 * The times of the trace solve this, and so do other times when a gap is shortened or a span taken out: what that saves is
 * the difference at the root. It is exact for this reading of the trace, which is the one of CRISP (Zhang et al., USENIX ATC 2022):
 * siblings of which one ended before the other began may not have waited for each other in truth.
 *
 * Windows make the times such that it holds: clocks corrected, children cut to their parents, small overlaps removed. What
 * comes first in the array of the children of a span by their ends is what a child waits for: a number tells.
 */
import type { TraceColumns } from '../trace-columns.ts';
import { growTraceTree } from '../trace-tree.ts';
import type { TraceTree } from '../trace-tree.ts';
import type { AnalysisOptions } from './analysis-options.ts';
import { computeClockSkews } from './clock-skews.ts';
import { removeOverlaps } from './remove-overlaps.ts';
import { sortRange } from './sort-range.ts';
import { AWAITED, FAILED, SERVER, isOfMessage, relateToParent } from './span-relations.ts';

/** Over the index of the span. Times are nanoseconds since the trace's start. */
export interface Dependencies {
  readonly tree: TraceTree;
  /** Added to what the sender's clock said. */
  readonly skewsNs: Float64Array;
  /** As the sender has them, but for the clock. */
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  /** Indexes into `SPAN_RELATIONS`. */
  readonly relations: Uint8Array;
  /** What of a span its parent waits for; of a span that no parent waits for, all of it. Within the window of the parent. */
  readonly windowStartsNs: Float64Array;
  readonly windowEndsNs: Float64Array;
  /** The children of span `i` are at `firsts[i]` up to `firsts[i + 1]` of `children`, by start. */
  readonly firsts: Uint32Array;
  readonly children: Uint32Array;
  /** Those that it waits for are at `firsts[i]` up to `firsts[i] + awaitedCounts[i]` here, by the ends of their windows. */
  readonly awaited: Uint32Array;
  readonly awaitedCounts: Uint32Array;
  /** How many of the awaited children before it, in that order, a child waits for: always the first ones. */
  readonly waitCounts: Uint32Array;
  /** Own work of the parent before a child. */
  readonly gapsNs: Float64Array;
  /** Own work of a span after its last child, or all of it where it waits for none. */
  readonly tailsNs: Float64Array;
}

/** Takes n log n for the children of one span that are not ordered by start and end, and is linear otherwise. */
export function findDependencies(columns: TraceColumns, options: AnalysisOptions): Dependencies {
  const builder = new DependencyBuilder(columns, options);
  for (const index of builder.dependencies.tree.order) builder.linkChildren(index);
  return builder.dependencies;
}

class DependencyBuilder {
  readonly dependencies: Dependencies;
  readonly #columns: TraceColumns;
  readonly #options: AnalysisOptions;

  constructor(columns: TraceColumns, options: AnalysisOptions) {
    const { spanCount, durationsNs } = columns;
    const tree = growTraceTree(columns.parents);
    const skewsNs = correctClocks(columns, tree, options);
    const startsNs = columns.startsNs.map((startNs, index) => startNs + (skewsNs[index] ?? 0));
    const endsNs = startsNs.map((startNs, index) => startNs + (durationsNs[index] ?? 0));
    this.#columns = columns;
    this.#options = options;
    this.dependencies = {
      tree,
      skewsNs,
      startsNs,
      endsNs,
      relations: new Uint8Array(spanCount),
      windowStartsNs: startsNs.slice(),
      windowEndsNs: endsNs.slice(),
      ...listChildren(tree.parents),
      awaited: new Uint32Array(spanCount),
      awaitedCounts: new Uint32Array(spanCount),
      waitCounts: new Uint32Array(spanCount),
      gapsNs: new Float64Array(spanCount),
      tailsNs: new Float64Array(spanCount),
    };
  }

  readonly #byStart = (a: number, b: number): number => {
    const { startsNs } = this.dependencies;
    return (startsNs[a] ?? 0) - (startsNs[b] ?? 0) || a - b;
  };

  /** Of spans that end together the longest is last: what waits for all of them waits for that one. */
  readonly #byEnd = (a: number, b: number): number => {
    const { windowStartsNs, windowEndsNs } = this.dependencies;
    return (
      (windowEndsNs[a] ?? 0) - (windowEndsNs[b] ?? 0) ||
      (windowStartsNs[b] ?? 0) - (windowStartsNs[a] ?? 0) ||
      a - b
    );
  };

  /** The parent's own window must be known. */
  linkChildren(parent: number): void {
    const { firsts, children, awaited } = this.dependencies;
    const { relations, awaitedCounts } = this.dependencies;
    const columns = this.#columns;
    const options = this.#options;
    const from = firsts[parent] ?? 0;
    const to = firsts[parent + 1] ?? 0;
    if (to > from + 1) sortRange(children, { from, to }, this.#byStart);
    let end = from;
    for (let at = from; at < to; at++) {
      const child = children[at] ?? 0;
      const relation = relateToParent(columns, this.dependencies, { parent, child }, options);
      relations[child] = relation;
      if (relation !== AWAITED) continue;
      awaited[end++] = child;
      this.#cutToParent(child, parent);
    }
    awaitedCounts[parent] = end - from;
    if (end > from + 1) {
      sortRange(awaited, { from, to: end }, this.#byEnd);
      removeOverlaps(this.dependencies, parent, options);
    }
    this.#measureGaps(parent);
  }

  #cutToParent(child: number, parent: number): void {
    const { windowStartsNs, windowEndsNs } = this.dependencies;
    const low = windowStartsNs[parent] ?? 0;
    const high = windowEndsNs[parent] ?? 0;
    windowStartsNs[child] = Math.min(high, Math.max(low, windowStartsNs[child] ?? 0));
    windowEndsNs[child] = Math.min(high, Math.max(low, windowEndsNs[child] ?? 0));
  }

  #measureGaps(parent: number): void {
    const { firsts, awaited, awaitedCounts, windowStartsNs, windowEndsNs } = this.dependencies;
    const { waitCounts, gapsNs, tailsNs } = this.dependencies;
    const from = firsts[parent] ?? 0;
    const count = awaitedCounts[parent] ?? 0;
    const startNs = windowStartsNs[parent] ?? 0;
    this.#countWaits(parent);
    for (let place = 0; place < count; place++) {
      const child = awaited[from + place] ?? 0;
      // One without a length would wait for itself, and for others that begin and end at its moment.
      const waits = Math.min(waitCounts[child] ?? 0, place);
      const last = awaited[from + waits - 1] ?? 0;
      waitCounts[child] = waits;
      gapsNs[child] =
        (windowStartsNs[child] ?? 0) - (waits === 0 ? startNs : (windowEndsNs[last] ?? 0));
    }
    const last = awaited[from + count - 1] ?? 0;
    tailsNs[parent] =
      (windowEndsNs[parent] ?? 0) - (count === 0 ? startNs : (windowEndsNs[last] ?? 0));
  }

  /** How many ended when each began. */
  #countWaits(parent: number): void {
    const { firsts, children, awaited, awaitedCounts, relations } = this.dependencies;
    const { windowStartsNs, windowEndsNs, waitCounts } = this.dependencies;
    const from = firsts[parent] ?? 0;
    const to = firsts[parent + 1] ?? 0;
    const end = from + (awaitedCounts[parent] ?? 0);
    let ended = from;
    for (let at = from; at < to; at++) {
      const child = children[at] ?? 0;
      if (relations[child] !== AWAITED) continue;
      const startNs = windowStartsNs[child] ?? 0;
      while (ended < end && (windowEndsNs[awaited[ended] ?? 0] ?? 0) <= startNs) ended++;
      waitCounts[child] = ended - from;
    }
  }
}

/** How long a span's parent waits for it; of one that nobody waits for, how long it lasts. */
export function lengthOf({ windowStartsNs, windowEndsNs }: Dependencies, span: number): number {
  return (windowEndsNs[span] ?? 0) - (windowStartsNs[span] ?? 0);
}

/** What to add to the start of each span, for its clock: whole nanoseconds, over the index of the span. */
export function correctClocks(
  { kinds, statuses, startsNs, durationsNs, serviceIndexes }: TraceColumns,
  { parents, order }: TraceTree,
  { maxClockSkewNs }: Pick<AnalysisOptions, 'maxClockSkewNs'>,
): Float64Array {
  const sharesClock = new Uint8Array(order.length);
  const mayOutlast = new Uint8Array(order.length);
  for (let index = 0; index < order.length; index++) {
    const parent = parents[index] ?? -1;
    if (parent < 0) continue;
    const isSameService = serviceIndexes[index] === serviceIndexes[parent];
    // A service that calls itself may do so on another host.
    sharesClock[index] = isSameService && kinds[index] !== SERVER ? 1 : 0;
    const endsLaterNs =
      (startsNs[index] ?? 0) +
      (durationsNs[index] ?? 0) -
      ((startsNs[parent] ?? 0) + (durationsNs[parent] ?? 0));
    const isMessage = isOfMessage(kinds[index], kinds[parent], isSameService);
    const hasGivenUp = statuses[parent] === FAILED && endsLaterNs >= maxClockSkewNs;
    mayOutlast[index] = isMessage || hasGivenUp ? 1 : 0;
  }
  return computeClockSkews({ parents, order, startsNs, durationsNs, sharesClock, mayOutlast });
}

function listChildren(parents: Int32Array): Pick<Dependencies, 'firsts' | 'children'> {
  const firsts = new Uint32Array(parents.length + 1);
  for (const parent of parents) if (parent >= 0) firsts[parent + 1] = (firsts[parent + 1] ?? 0) + 1;
  for (let at = 0; at < parents.length; at++)
    firsts[at + 1] = (firsts[at + 1] ?? 0) + (firsts[at] ?? 0);
  const nexts = firsts.slice();
  const children = new Uint32Array(parents.length);
  for (let index = 0; index < parents.length; index++) {
    const parent = parents[index] ?? -1;
    if (parent < 0) continue;
    const at = nexts[parent] ?? 0;
    children[at] = index;
    nexts[parent] = at + 1;
  }
  return { firsts, children };
}
