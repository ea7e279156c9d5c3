import { lengthOf } from '../dependencies.ts';
import { createChildRetiming } from '../retime.ts';
import type { ChildTimes } from '../retime.ts';
import { listEvidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { FindingContext } from './finding.ts';

/** Computes how much less the root would take with other times of the children of a span on the critical path. */
export type Saving = (parent: number, changes: Partial<ChildTimes>) => number;

export function createSaving({ timing }: FindingContext): Saving {
  const { dependencies, marginsNs } = timing;
  const { gapsNs, tailsNs } = dependencies;
  const retime = createChildRetiming(dependencies);
  return (parent, changes) => {
    const childrenNs = lengthOf(dependencies, parent) - (tailsNs[parent] ?? 0);
    const changedNs = retime(parent, {
      lengthOf: (child) => lengthOf(dependencies, child),
      gapOf: (child) => gapsNs[child] ?? 0,
      ...changes,
    });
    return Math.min(childrenNs - changedNs, marginsNs[parent] ?? 0);
  };
}

/** How much less the root would take if, of these children of one span, only the longest took any time. */
function saveAllButLongest(
  saving: Saving,
  { timing }: FindingContext,
  { parent, spans }: Candidate,
): number {
  const { dependencies } = timing;
  const longest = spans.reduce((a, b) =>
    lengthOf(dependencies, b) > lengthOf(dependencies, a) ? b : a,
  );
  const dropped = new Set(spans);
  dropped.delete(longest);
  return saving(parent, {
    lengthOf: (child) => (dropped.has(child) ? 0 : lengthOf(dependencies, child)),
  });
}

/** Whether it is worth telling that the root would take so much less: a share of it, and enough for a person to care. */
export function isWorthwhile(
  { timing, options }: FindingContext,
  savingNs: number,
  floorNs: number = options.minSavingNs,
): boolean {
  const enoughNs = Math.max(floorNs, options.minSavingShare * timing.rootDurationNs);
  return savingNs > 0 && savingNs >= enoughNs;
}

/** Spans on the critical path with several children, in which something worthwhile could be saved. */
export function listWorthwhileParents(
  context: FindingContext,
  floorNs?: number,
): readonly number[] {
  const { criticalPath, dependencies, dragsNs } = context.timing;
  const parents: number[] = [];
  for (let span = 0; span < dragsNs.length; span++) {
    if (criticalPath.isOnPath[span] !== 1 || (dependencies.awaitedCounts[span] ?? 0) < 2) continue;
    if (isWorthwhile(context, dragsNs[span] ?? 0, floorNs)) parents.push(span);
  }
  return parents;
}

/** Children of one span that may be worth telling of. */
export interface Candidate {
  readonly parent: number;
  readonly spans: readonly number[];
  /** They cannot save more. */
  readonly mostNs: number;
}

/** Those that are measured, because that takes as long as their parents have children: as many as are told in the end. */
export function pickCandidates(
  context: FindingContext,
  candidates: readonly Candidate[],
  floorNs?: number,
): readonly Candidate[] {
  return candidates
    .filter(({ mostNs }) => isWorthwhile(context, mostNs, floorNs))
    .sort((a, b) => b.mostNs - a.mostNs)
    .slice(0, context.options.maxFindings);
}

/** Calls of which one was needed, or all at once: what is saved when only the longest takes any time. */
export interface SavedCalls extends Evidence {
  readonly parent: number;
}

/** Of all worthwhile parents, the groups of children that `listGroups` answers with and that save something worthwhile. */
export function saveCalls(
  context: FindingContext,
  listGroups: (parent: number) => readonly (readonly number[])[],
  floorNs?: number,
): readonly SavedCalls[] {
  const saving = createSaving(context);
  const candidates = listWorthwhileParents(context, floorNs).flatMap((parent) =>
    listGroups(parent).map((spans): Candidate => {
      const { totalNs, longestNs } = addUpLengths(context, spans);
      return { parent, spans, mostNs: totalNs - longestNs };
    }),
  );
  return pickCandidates(context, candidates, floorNs)
    .map((candidate): SavedCalls => {
      const { parent, spans } = candidate;
      const savingNs = saveAllButLongest(saving, context, candidate);
      return { ...listEvidence(context, spans, savingNs), parent };
    })
    .filter(({ savingNs }) => isWorthwhile(context, savingNs, floorNs));
}

/** How long spans take, added up, and the longest of them. */
export function addUpLengths(
  { timing }: FindingContext,
  spans: readonly number[],
): { readonly totalNs: number; readonly longestNs: number } {
  let totalNs = 0;
  let longestNs = 0;
  for (const span of spans) {
    const lengthNs = lengthOf(timing.dependencies, span);
    totalNs += lengthNs;
    longestNs = Math.max(longestNs, lengthNs);
  }
  return { totalNs, longestNs };
}
