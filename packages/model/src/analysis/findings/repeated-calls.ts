import { AWAITED, CLIENT, FAILED } from '../span-relations.ts';
import type { FindingContext, RepeatedCalls } from './finding.ts';
import { areAttempts } from './retries.ts';
import { groupSiblings } from './sibling-groups.ts';
import { addUpLengths, saveCalls } from './worthwhile-saving.ts';

/**
 * Siblings of the same operation that call somebody, themselves or below, one after the other: N+1. Where half of them failed it is
 * the failures that are to be mended, and one call for all would have failed, too.
 */
export function findRepeatedCalls(context: FindingContext): readonly RepeatedCalls[] {
  const { minRepeatedCalls, minFaultSavingNs } = context.options;
  let callsBelow: Uint8Array | undefined;
  const isRepeated = (group: readonly number[]): boolean => {
    if (group.length < minRepeatedCalls || areAttempts(context, group)) return false;
    if (countFailed(context, group) * 2 >= group.length) return false;
    callsBelow ??= markCalls(context);
    return callsBelow[group[0] ?? 0] === 1 && isSequential(context, group);
  };
  const groups = (parent: number): readonly (readonly number[])[] =>
    groupSiblings(context, parent).filter(isRepeated);
  return saveCalls(context, groups, minFaultSavingNs).map((calls): RepeatedCalls => {
    const { totalNs } = addUpLengths(context, calls.spans);
    return { kind: 'repeated-calls', ...calls, totalNs };
  });
}

function countFailed({ columns }: FindingContext, group: readonly number[]): number {
  return group.filter((span) => columns.statuses[span] === FAILED).length;
}

/** By start. */
function isSequential(context: FindingContext, group: readonly number[]): boolean {
  const { windowStartsNs, windowEndsNs } = context.timing.dependencies;
  let coveredNs = 0;
  let untilNs = -Infinity;
  for (const span of group) {
    const endNs = windowEndsNs[span] ?? 0;
    coveredNs += Math.max(0, endNs - Math.max(untilNs, windowStartsNs[span] ?? 0));
    untilNs = Math.max(untilNs, endNs);
  }
  return coveredNs >= context.options.minSequentialShare * addUpLengths(context, group).totalNs;
}

/** 1 for clients, and for what waits for one. */
function markCalls({ columns, timing }: FindingContext): Uint8Array {
  const { tree, relations } = timing.dependencies;
  const callsBelow = new Uint8Array(columns.spanCount);
  for (let row = columns.spanCount - 1; row >= 0; row--) {
    const span = tree.order[row] ?? 0;
    if (columns.kinds[span] === CLIENT) callsBelow[span] = 1;
    if (callsBelow[span] === 1 && relations[span] === AWAITED)
      callsBelow[tree.parents[span] ?? -1] = 1;
  }
  return callsBelow;
}
