import { durationNano } from '../time.ts';
import type { DurationNano } from '../time.ts';
import type { ComparedSide } from './compare-columns.ts';

/** A span without a partner; nor has any span below it one. */
export interface UnmatchedSpan {
  readonly index: number;
  readonly groupId: number;
  readonly selfTimeNano: DurationNano;
  /** Whether it is a root, or its parent has a partner: the subtree begins here. */
  readonly isTop: boolean;
  /** How many of those that follow in the list are below it. */
  readonly descendantCount: number;
}

/** The spans of a trace that have no partner, in the order of its tree. */
export function listUnmatched(side: ComparedSide): readonly UnmatchedSpan[] {
  const { tree, selfTimesNs, groupIds, partners } = side;
  const unmatched: UnmatchedSpan[] = [];
  for (const index of tree.order) {
    if ((partners[index] ?? -1) >= 0) continue;
    const parent = tree.parents[index] ?? -1;
    unmatched.push({
      index,
      groupId: groupIds[index] ?? 0,
      selfTimeNano: durationNano(BigInt(selfTimesNs[index] ?? 0)),
      isTop: parent < 0 || (partners[parent] ?? -1) >= 0,
      descendantCount: tree.descendantCounts[index] ?? 0,
    });
  }
  return unmatched;
}
