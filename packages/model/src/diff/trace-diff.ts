/**
 * What differs between two traces: by structure, which spans are the same work and which are only in one of them; by time,
 * which work explains that one of them took longer; and what else is not alike in spans that are the same work.
 *
 * All differences are those of the other trace to the base: positive where the other one has more. Which spans are compared
 * and how long they took is said by `compareColumns`, which a browser asks by itself; here is what needs whole spans.
 */
import { durationNano } from '../time.ts';
import type { DurationNano } from '../time.ts';
import { compareColumns } from './compare-columns.ts';
import type { ComparedSide } from './compare-columns.ts';
import { compareGroups } from './group-diff.ts';
import type { GroupDiff } from './group-diff.ts';
import { toDiffColumns } from './diff-columns.ts';
import type { DiffSpan } from './diff-columns.ts';
import { compareResources } from './resource-diff.ts';
import type { ResourceDiff } from './resource-diff.ts';
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

/** One of the two traces as a whole. */
export interface DiffSide {
  readonly spanCount: number;
  /** From the earliest start to the latest end. */
  readonly durationNano: DurationNano;
  /** The part of it during which no span runs. */
  readonly idleNano: DurationNano;
}

/** Compares two traces, each ordered by start, as `assembleTrace` leaves them. Times are exact up to 104 days. */
export function diffTraces(base: readonly DiffSpan[], other: readonly DiffSpan[]): TraceDiff {
  const comparison = compareColumns(toDiffColumns(base), toDiffColumns(other));
  const matched = comparePartners(comparison, base, other);
  const removed = listUnmatched(comparison.base);
  const added = listUnmatched(comparison.other);
  const baseSide = toDiffSide(comparison.base);
  const otherSide = toDiffSide(comparison.other);
  return {
    base: baseSide,
    other: otherSide,
    durationDifferenceNano: otherSide.durationNano - baseSide.durationNano,
    counts: { ...countChanges(matched), added: added.length, removed: removed.length },
    matched,
    removed,
    added,
    groups: compareGroups(comparison.groups, matched),
    resources: compareResources(base, other, matched),
  };
}

function toDiffSide({ partners, durationNs, idleNs }: ComparedSide): DiffSide {
  return {
    spanCount: partners.length,
    durationNano: durationNano(BigInt(durationNs)),
    idleNano: durationNano(BigInt(Math.round(idleNs))),
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
