import type { AttributeChange } from './attribute-changes.ts';
import type { MeasuredTrace } from './measured-trace.ts';
import type { GroupPlace } from './span-groups.ts';
import type { SpanMatch } from './span-match.ts';

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

/** Sums up groups; `places` stand at their ids. Those first that have most of the shares' differences, of either sign. */
export function compareGroups(
  places: readonly GroupPlace[],
  { base, other, matched }: GroupedSpans,
): readonly GroupDiff[] {
  const tallies = places.map((place) => new GroupTally(place));
  base.groupIds.forEach((id, index) => tallies[id]?.base.add(base, index));
  other.groupIds.forEach((id, index) => tallies[id]?.other.add(other, index));
  for (const match of matched) tallies[match.groupId]?.addMatch(match);
  return sortBySize(tallies.map((tally) => tally.toDiff()));
}

interface GroupedSpans {
  readonly base: MeasuredTrace;
  readonly other: MeasuredTrace;
  readonly matched: readonly SpanMatch[];
}

class GroupTally {
  readonly base = new SideTally();
  readonly other = new SideTally();
  readonly #place: GroupPlace;
  #matchedCount = 0;
  #statusChangeCount = 0;
  readonly #changes: (readonly AttributeChange[])[] = [];

  constructor(place: GroupPlace) {
    this.#place = place;
  }

  addMatch({ status, attributes }: SpanMatch): void {
    this.#matchedCount++;
    if (status !== undefined) this.#statusChangeCount++;
    if (attributes.length > 0) this.#changes.push(attributes);
  }

  toDiff(): GroupDiff {
    const base = this.base.toSide();
    const other = this.other.toSide();
    const { id, parentId, depth, service, name, kind } = this.#place;
    return {
      id,
      parentId,
      depth,
      service,
      name,
      kind,
      base,
      other,
      durationDifferenceNano: other.durationNano - base.durationNano,
      selfTimeDifferenceNano: other.selfTimeNano - base.selfTimeNano,
      shareDifferenceNano: other.shareNano - base.shareNano,
      matchedCount: this.#matchedCount,
      statusChangeCount: this.#statusChangeCount,
      attributes: countByKey(this.#changes),
    };
  }
}

class SideTally {
  #spanCount = 0;
  #errorCount = 0;
  #durationNano = 0n;
  #selfTimeNano = 0n;
  #shareNs = 0;

  add({ spans, selfTimes, sharesNs }: MeasuredTrace, index: number): void {
    const span = spans[index];
    this.#spanCount++;
    if (span?.status === 'error') this.#errorCount++;
    this.#durationNano += span?.durationNano ?? 0n;
    this.#selfTimeNano += selfTimes[index] ?? 0n;
    this.#shareNs += sharesNs[index] ?? 0;
  }

  toSide(): GroupSide {
    return {
      spanCount: this.#spanCount,
      errorCount: this.#errorCount,
      durationNano: this.#durationNano,
      selfTimeNano: this.#selfTimeNano,
      shareNano: BigInt(Math.round(this.#shareNs)),
    };
  }
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
