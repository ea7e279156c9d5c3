/** What differs between two traces in a few facts, the largest first: what the page says in words. */
import type { ComparedTraces } from './compare-traces.ts';

export interface Explanation {
  /** How much longer the second trace took; negative where it took less. */
  readonly differenceNs: number;
  /** The second duration divided by the first; `undefined` where the first took no time. */
  readonly ratio: number | undefined;
  /** Paths of calls that account for the difference, those of most of it first; each in the direction of the difference. */
  readonly causes: readonly Cause[];
  /** How much more time nothing ran. */
  readonly idleDifferenceNs: number;
  readonly onlyBaseCount: number;
  readonly onlyOtherCount: number;
  readonly baseErrorCount: number;
  readonly otherErrorCount: number;
}

export interface Cause {
  readonly group: number;
  /** Of the difference between the traces' durations; has its sign. */
  readonly differenceNs: number;
  readonly baseCalls: number;
  readonly otherCalls: number;
}

const MAX_CAUSES = 3;
/** What accounts for less of the difference is not worth a sentence, nor what comes behind this much of it. */
const MIN_PART = 0.05;
const ENOUGH_PART = 0.9;
/** Two runs of the same work never take equally long. */
const NOISE = 0.02;

export function explainDifference({
  base,
  other,
  groups,
  matchedCount,
}: ComparedTraces): Explanation {
  const differenceNs = other.durationNs - base.durationNs;
  const sum = (counts: Uint8Array): number => counts.reduce((total, count) => total + count, 0);
  return {
    differenceNs,
    ratio: base.durationNs === 0 ? undefined : other.durationNs / base.durationNs,
    causes: findCauses(groups, differenceNs),
    idleDifferenceNs: other.idleNs - base.idleNs,
    onlyBaseCount: base.partners.length - matchedCount,
    onlyOtherCount: other.partners.length - matchedCount,
    baseErrorCount: sum(base.errors),
    otherErrorCount: sum(other.errors),
  };
}

/** Whether the durations are as good as alike. */
export function isAlike({ base, other }: ComparedTraces): boolean {
  const longestNs = Math.max(base.durationNs, other.durationNs);
  return Math.abs(other.durationNs - base.durationNs) <= longestNs * NOISE;
}

function findCauses(groups: ComparedTraces['groups'], differenceNs: number): readonly Cause[] {
  if (differenceNs === 0) return [];
  const sign = Math.sign(differenceNs);
  const wholeNs = Math.abs(differenceNs);
  const partOf = (group: number): number =>
    sign * ((groups.other.sharesNs[group] ?? 0) - (groups.base.sharesNs[group] ?? 0));
  const causes: Cause[] = [];
  let explainedNs = 0;
  while (causes.length < MAX_CAUSES && explainedNs < wholeNs * ENOUGH_PART) {
    const group = findLargest(groups.count, partOf, causes);
    if (group === undefined || partOf(group) < wholeNs * MIN_PART) break;
    explainedNs += partOf(group);
    causes.push({
      group,
      differenceNs: sign * partOf(group),
      baseCalls: groups.base.spanCounts[group] ?? 0,
      otherCalls: groups.other.spanCounts[group] ?? 0,
    });
  }
  return causes;
}

function findLargest(
  count: number,
  partOf: (group: number) => number,
  known: readonly Cause[],
): number | undefined {
  let largest: number | undefined;
  for (let group = 0; group < count; group++) {
    if (known.some((cause) => cause.group === group)) continue;
    if (largest === undefined || partOf(group) > partOf(largest)) largest = group;
  }
  return largest;
}
