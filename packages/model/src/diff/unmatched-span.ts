import { durationNano } from '../time.ts';
import type { DurationNano } from '../time.ts';
import type { MeasuredTrace } from './measured-trace.ts';

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

/** The spans of a trace that have no partner, in the order of its tree; `isMatched` is over the index of the spans. */
export function listUnmatched(
  { tree, selfTimes, groupIds }: MeasuredTrace,
  isMatched: Uint8Array,
): readonly UnmatchedSpan[] {
  const unmatched: UnmatchedSpan[] = [];
  for (const index of tree.order) {
    if (isMatched[index] === 1) continue;
    const parent = tree.parents[index] ?? -1;
    unmatched.push({
      index,
      groupId: groupIds[index] ?? 0,
      selfTimeNano: selfTimes[index] ?? durationNano(0n),
      isTop: parent < 0 || isMatched[parent] === 1,
      descendantCount: tree.descendantCounts[index] ?? 0,
    });
  }
  return unmatched;
}
