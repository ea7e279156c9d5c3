/**
 * What differs between two traces: by structure, which spans are the same work and which are only in one of them; by time,
 * which work explains that one of them took longer; and what else is not alike in spans that are the same work.
 *
 * All differences are those of the other trace to the base: positive where the other one has more. No recursion, and no
 * more than n log n, whatever a sender did (see `trace-tree.ts`).
 */
import { compareGroups } from './group-diff.ts';
import type { GroupDiff } from './group-diff.ts';
import { matchSpans } from './match-spans.ts';
import { measureTrace } from './measured-trace.ts';
import type { DiffSide, DiffSpan } from './measured-trace.ts';
import { compareResources } from './resource-diff.ts';
import type { ResourceDiff } from './resource-diff.ts';
import { SpanGroups } from './span-groups.ts';
import { comparePartners } from './span-match.ts';
import type { SpanMatch } from './span-match.ts';
import { listUnmatched } from './unmatched-span.ts';
import type { UnmatchedSpan } from './unmatched-span.ts';

export interface TraceDiff {
  readonly base: DiffSide;
  readonly other: DiffSide;
  readonly durationDifferenceNano: bigint;
  readonly counts: DiffCounts;
  /** In the order of the base's tree. */
  readonly matched: readonly SpanMatch[];
  /** Only in the base, in the order of its tree. */
  readonly removed: readonly UnmatchedSpan[];
  /** Only in the other trace, in the order of its tree. */
  readonly added: readonly UnmatchedSpan[];
  /**
   * Those first that account for most of the difference between the traces' durations, in either direction. The
   * differences of their shares, and of the idle time, add up to it but for the rounding.
   */
  readonly groups: readonly GroupDiff[];
  /** Resources that differ between partners. */
  readonly resources: readonly ResourceDiff[];
}

export interface DiffCounts {
  readonly matched: number;
  /** Pairs whose status or attributes differ. Durations do not count: they nearly always differ. */
  readonly changed: number;
  /** Pairs in which the other span took longer, and those in which it took less. */
  readonly slower: number;
  readonly faster: number;
  readonly added: number;
  readonly removed: number;
}

/** Compares two traces, each ordered by start, as `assembleTrace` leaves them. */
export function diffTraces(base: readonly DiffSpan[], other: readonly DiffSpan[]): TraceDiff {
  const groups = new SpanGroups();
  const baseTrace = measureTrace(base, groups);
  const otherTrace = measureTrace(other, groups);
  const partners = matchSpans(baseTrace, otherTrace);
  const matched = comparePartners(baseTrace, otherTrace, partners);
  const isMatchedInBase = new Uint8Array(base.length);
  const isMatchedInOther = new Uint8Array(other.length);
  for (const { baseIndex, otherIndex } of matched) {
    isMatchedInBase[baseIndex] = 1;
    isMatchedInOther[otherIndex] = 1;
  }
  const removed = listUnmatched(baseTrace, isMatchedInBase);
  const added = listUnmatched(otherTrace, isMatchedInOther);
  return {
    base: baseTrace.side,
    other: otherTrace.side,
    durationDifferenceNano: otherTrace.side.durationNano - baseTrace.side.durationNano,
    counts: { ...countChanges(matched), added: added.length, removed: removed.length },
    matched,
    removed,
    added,
    groups: compareGroups(groups.places, { base: baseTrace, other: otherTrace, matched }),
    resources: compareResources(base, other, matched),
  };
}

function countChanges(matched: readonly SpanMatch[]): Omit<DiffCounts, 'added' | 'removed'> {
  const counts = { matched: matched.length, changed: 0, slower: 0, faster: 0 };
  for (const { status, attributes, durationDifferenceNano } of matched) {
    if (status !== undefined || attributes.length > 0) counts.changed++;
    if (durationDifferenceNano > 0n) counts.slower++;
    if (durationDifferenceNano < 0n) counts.faster++;
  }
  return counts;
}
