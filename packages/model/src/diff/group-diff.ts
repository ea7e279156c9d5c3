import type { AttributeChange } from './attribute-changes.ts';
import { SPAN_KINDS } from '../span.ts';
import type { SpanKind } from '../span.ts';
import type { ComparedGroups, GroupSums } from './compare-columns.ts';
import type { SpanMatch } from './span-match.ts';

/** Where a group is in the tree of groups, and what its spans are. */
export interface GroupPlace {
  /** A parent's number is below its children's. */
  readonly id: number;
  /** `undefined` for a group of roots. */
  readonly parentId: number | undefined;
  readonly depth: number;
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
}

/** What differs between the spans of a group in the two traces. */
export interface GroupDiff extends GroupPlace {
  readonly base: GroupSide;
  readonly other: GroupSide;
  readonly durationDifferenceNano: bigint;
  readonly selfTimeDifferenceNano: bigint;
  /** What the group explains of the difference between the traces' durations. */
  readonly shareDifferenceNano: bigint;
  /** Pairs of partners; the rest of the spans are removed, or added. */
  readonly matchedCount: number;
  /** Pairs whose status or its message differ. */
  readonly statusChangeCount: number;
  /** Sorted by key. */
  readonly attributes: readonly GroupAttributeChange[];
}

/** How the spans of a group are in one of the traces. */
export interface GroupSide {
  readonly spanCount: number;
  readonly errorCount: number;
  /** Sums over the spans, of self time too. */
  readonly durationNano: bigint;
  readonly selfTimeNano: bigint;
  /** Their part of the trace's duration, as `computeTimeShares` divides it. */
  readonly shareNano: bigint;
}

/** A key whose values differ in pairs of a group; `base` and `other` are those of the first such pair. */
export interface GroupAttributeChange extends AttributeChange {
  readonly matchedCount: number;
}

/** The groups as objects. Those first that have most of the shares' differences, of either sign. */
export function compareGroups(
  groups: ComparedGroups,
  matched: readonly SpanMatch[],
): readonly GroupDiff[] {
  const changes = Array.from({ length: groups.count }, (): GroupChanges => ({
    statusChangeCount: 0,
    attributes: [],
  }));
  for (const { groupId, status, attributes } of matched) {
    const group = changes[groupId];
    if (group === undefined) continue;
    if (status !== undefined) group.statusChangeCount++;
    if (attributes.length > 0) group.attributes.push(attributes);
  }
  return sortBySize(changes.map((group, id) => toGroupDiff(groups, id, group)));
}

interface GroupChanges {
  statusChangeCount: number;
  /** Of each pair that has some. */
  readonly attributes: (readonly AttributeChange[])[];
}

function toGroupDiff(
  groups: ComparedGroups,
  id: number,
  { statusChangeCount, attributes }: GroupChanges,
): GroupDiff {
  const base = toSide(groups.base, id);
  const other = toSide(groups.other, id);
  const parent = groups.parents[id] ?? -1;
  return {
    id,
    parentId: parent < 0 ? undefined : parent,
    depth: groups.depths[id] ?? 0,
    service: groups.services[groups.serviceIndexes[id] ?? 0] ?? '',
    name: groups.names[groups.nameIndexes[id] ?? 0] ?? '',
    kind: SPAN_KINDS[groups.kinds[id] ?? 0] ?? 'unspecified',
    base,
    other,
    durationDifferenceNano: other.durationNano - base.durationNano,
    selfTimeDifferenceNano: other.selfTimeNano - base.selfTimeNano,
    shareDifferenceNano: other.shareNano - base.shareNano,
    matchedCount: groups.matchedCounts[id] ?? 0,
    statusChangeCount,
    attributes: countByKey(attributes),
  };
}

function toSide(sums: GroupSums, id: number): GroupSide {
  return {
    spanCount: sums.spanCounts[id] ?? 0,
    errorCount: sums.errorCounts[id] ?? 0,
    durationNano: BigInt(sums.durationsNs[id] ?? 0),
    selfTimeNano: BigInt(sums.selfTimesNs[id] ?? 0),
    shareNano: BigInt(Math.round(sums.sharesNs[id] ?? 0)),
  };
}

/** The changes of each pair are sorted by key; so is what comes of them. */
function countByKey(
  changes: readonly (readonly AttributeChange[])[],
): readonly GroupAttributeChange[] {
  const [first = [], ...rest] = changes;
  const once = first.map(({ key, base, other }) => ({ key, base, other, matchedCount: 1 }));
  if (rest.length === 0) return once;
  const byKey = new Map(once.map((change) => [change.key, change]));
  for (const change of rest.flat()) {
    const known = byKey.get(change.key);
    if (known === undefined) byKey.set(change.key, { ...change, matchedCount: 1 });
    else known.matchedCount++;
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Largest first; where the shares tell nothing, self times do. Sorted as numbers: big integers take
 * several times as long, and every span may be a group of its own.
 */
function sortBySize(diffs: readonly GroupDiff[]): readonly GroupDiff[] {
  return diffs
    .map((diff) => ({
      diff,
      shareNs: Math.abs(Number(diff.shareDifferenceNano)),
      selfTimeNs: Math.abs(Number(diff.selfTimeDifferenceNano)),
    }))
    .sort((a, b) => b.shareNs - a.shareNs || b.selfTimeNs - a.selfTimeNs)
    .map(({ diff }) => diff);
}
