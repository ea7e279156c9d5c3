/** Which paths of calls are listed, and in which order. */
import { unreachable } from '@clew/model';
import type { ComparedGroups } from '@clew/model';
import { sortIndexes } from '../../base/sort-indexes.ts';
import { rankTexts } from '../order-spans.ts';
import type { Sorting } from '../order-spans.ts';
import type { ComparedTraces } from './compare-traces.ts';
import type { FoldedPaths } from './fold-paths.ts';
import { chooseRows } from './row-filter.ts';
import type { RowFilter } from './row-filter.ts';

/** `difference` and `selfDifference` are by size, whichever trace has more. */
export const PATH_ORDERS = [
  'tree',
  'name',
  'calls',
  'errors',
  'baseTotal',
  'otherTotal',
  'baseSelf',
  'otherSelf',
  'difference',
  'share',
] as const;
export type PathOrder = (typeof PATH_ORDERS)[number];

export interface ShownPaths {
  /** The groups, in the order of the rows. */
  readonly groups: Uint32Array;
  /** Whether parents stand above their children, so that rows are indented. */
  readonly isTree: boolean;
}

/** The groups that are wanted; in the order of calls, those above them too, and none below those that are folded. */
export function showPaths(
  compared: ComparedTraces,
  filter: RowFilter,
  { by, direction }: Sorting<PathOrder>,
  folded: FoldedPaths = new Uint8Array(compared.groups.count),
): ShownPaths {
  const { groups, pathOrder } = compared;
  const isWanted = chooseRows(compared, filter);
  const isTree = by === 'tree';
  if (isTree) {
    keepAncestors(groups.parents, isWanted);
    dropFolded(groups.parents, folded, isWanted);
  }
  const wanted = pathOrder.filter((group) => isWanted[group] === 1);
  if (isTree) return { groups: wanted, isTree };
  return { groups: sortIndexes(wanted, keysOf(groups, by), direction), isTree };
}

/** Parents have lower numbers. */
function keepAncestors(parents: Int32Array, isWanted: Uint8Array): void {
  for (let group = parents.length - 1; group >= 0; group--) {
    const parent = parents[group] ?? -1;
    if (isWanted[group] === 1 && parent >= 0) isWanted[parent] = 1;
  }
}

/** Parents have lower numbers. */
function dropFolded(parents: Int32Array, folded: FoldedPaths, isWanted: Uint8Array): void {
  const isHidden = new Uint8Array(parents.length);
  for (let group = 0; group < parents.length; group++) {
    const parent = parents[group] ?? -1;
    if (parent < 0 || (folded[parent] !== 1 && isHidden[parent] !== 1)) continue;
    isHidden[group] = 1;
    isWanted[group] = 0;
  }
}

function keysOf(groups: ComparedGroups, by: Exclude<PathOrder, 'tree'>): ArrayLike<number> {
  const { base, other } = groups;
  const sizes = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array =>
    Float64Array.from(a, (value, group) => Math.abs((b[group] ?? 0) - value));
  switch (by) {
    case 'name': {
      const ranks = rankTexts(groups.names);
      return groups.nameIndexes.map((name) => ranks[name] ?? 0);
    }
    case 'calls':
      return sizes(base.spanCounts, other.spanCounts);
    case 'errors':
      return sizes(base.errorCounts, other.errorCounts);
    case 'baseTotal':
      return base.durationsNs;
    case 'otherTotal':
      return other.durationsNs;
    case 'baseSelf':
      return base.selfTimesNs;
    case 'otherSelf':
      return other.selfTimesNs;
    case 'difference':
      return sizes(base.durationsNs, other.durationsNs);
    case 'share':
      return sizes(base.sharesNs, other.sharesNs);
    default:
      return unreachable(by);
  }
}
