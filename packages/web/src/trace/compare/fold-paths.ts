/**
 * Which paths of calls are folded away. A link names them by a span of theirs, or by a depth where all from there on are folded, so
 * that it shows the same whichever of the traces comes first.
 */
import type { ComparedTraces } from './compare-traces.ts';
import type { PairSource } from './order-pairs.ts';
import { findSpanByKey, formatSpanKey } from '../span-key.ts';

/** 1 for a path whose paths below have no rows, over the number of the group. */
export type FoldedPaths = Uint8Array;

/** A span of one of the traces: `a` is the first. */
export interface SpanOfSide {
  readonly side: 'a' | 'b';
  /** See `span-key.ts`. */
  readonly key: string;
}

/** What is folded, apart from the traces. */
export type PathFold =
  | { readonly fromDepth: number }
  /** Paths that these spans are on; none is named where there are too many. */
  | { readonly spans: readonly SpanOfSide[] };

/** As many as make an address of some 1,500 characters. */
const MAX_NAMED = 70;

export const NOTHING_FOLDED: PathFold = { spans: [] };

export function foldPaths(source: PairSource, fold: PathFold): FoldedPaths {
  const { groups } = source.compared;
  const hasChildren = findParents(source.compared);
  if ('fromDepth' in fold)
    return hasChildren.map((has, group) =>
      (groups.depths[group] ?? 0) < fold.fromDepth ? 0 : has,
    );
  const folded = new Uint8Array(groups.count);
  for (const span of fold.spans) {
    const group = groupOfSpan(source, span);
    if (group !== undefined) folded[group] = hasChildren[group] ?? 0;
  }
  return folded;
}

/** 1 for a path that has others below it, over the number of the group. */
export function findParents({ groups }: ComparedTraces): Uint8Array {
  const hasChildren = new Uint8Array(groups.count);
  for (const parent of groups.parents) if (parent >= 0) hasChildren[parent] = 1;
  return hasChildren;
}

/** What is folded, for an address: linear in the spans for each path that is named. */
export function describeFold(source: PairSource, folded: FoldedPaths): PathFold {
  const { depths } = source.compared.groups;
  const hasChildren = findParents(source.compared);
  let fromDepth = Number.POSITIVE_INFINITY;
  folded.forEach((isFolded, group) => {
    if (isFolded === 1) fromDepth = Math.min(fromDepth, depths[group] ?? 0);
  });
  if (fromDepth === Number.POSITIVE_INFINITY) return NOTHING_FOLDED;
  const isByDepth = folded.every(
    (isFolded, group) =>
      (isFolded === 1) === (hasChildren[group] === 1 && (depths[group] ?? 0) >= fromDepth),
  );
  const groups = Array.from(folded.keys()).filter((group) => folded[group] === 1);
  if (isByDepth && groups.length > 1) return { fromDepth };
  if (groups.length > MAX_NAMED) return { spans: [] };
  return { spans: groups.map((group) => nameGroup(source, group)) };
}

/** Folds or unfolds one path; the same where nothing is below it. */
export function foldPath(
  { groups }: ComparedTraces,
  folded: FoldedPaths,
  group: number,
  isFolded: boolean,
): FoldedPaths {
  if (!groups.parents.includes(group)) return folded;
  const next = folded.slice();
  next[group] = isFolded ? 1 : 0;
  return next;
}

/** Unfolds everything above a path, so that it has a row; the same when it has one. */
export function unfoldAbove(
  { groups }: ComparedTraces,
  folded: FoldedPaths,
  group: number,
): FoldedPaths {
  let next: FoldedPaths | undefined;
  for (let at = groups.parents[group] ?? -1; at >= 0; at = groups.parents[at] ?? -1) {
    if (folded[at] !== 1) continue;
    next ??= folded.slice();
    next[at] = 0;
  }
  return next ?? folded;
}

/** The path itself, or the nearest above it that has a row. */
export function shownPath({ groups }: ComparedTraces, folded: FoldedPaths, group: number): number {
  let shown = group;
  for (let at = groups.parents[group] ?? -1; at >= 0; at = groups.parents[at] ?? -1)
    if (folded[at] === 1) shown = at;
  return shown;
}

export function isBelow({ groups }: ComparedTraces, group: number, above: number): boolean {
  for (let at = groups.parents[group] ?? -1; at >= 0; at = groups.parents[at] ?? -1)
    if (at === above) return true;
  return false;
}

/** How many paths are below each one. Parents have lower numbers. */
export function countPathsBelow({ groups: { count, parents } }: ComparedTraces): Uint32Array {
  const below = new Uint32Array(count);
  for (let group = count - 1; group >= 0; group--) {
    const parent = parents[group] ?? -1;
    if (parent >= 0) below[parent] = (below[parent] ?? 0) + (below[group] ?? 0) + 1;
  }
  return below;
}

function groupOfSpan(source: PairSource, { side, key }: SpanOfSide): number | undefined {
  const { compared, baseView, otherView } = source;
  const index = findSpanByKey(side === 'a' ? baseView : otherView, key);
  if (index === undefined) return undefined;
  return (side === 'a' ? compared.base : compared.other).groupIds[index];
}

function nameGroup({ compared, baseView, otherView }: PairSource, group: number): SpanOfSide {
  const baseIndex = compared.base.groupIds.indexOf(group);
  if (baseIndex >= 0) return { side: 'a', key: formatSpanKey(baseView, baseIndex) };
  const otherIndex = compared.other.groupIds.indexOf(group);
  return { side: 'b', key: formatSpanKey(otherView, otherIndex) };
}
