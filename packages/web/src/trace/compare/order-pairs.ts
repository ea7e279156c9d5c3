/** Which spans and pairs of spans are listed, and in which order. */
import { unreachable } from '@clew/model';
import { allIndexes, sortIndexes } from '../../base/sort-indexes.ts';
import type { Sorting } from '../order-spans.ts';
import type { TraceView } from '../trace-view.ts';
import type { ComparedTraces } from './compare-traces.ts';
import { chooseRows } from './row-filter.ts';
import type { RowFilter, RowKind } from './row-filter.ts';

/** `difference` is by size, whichever span took longer. */
export const PAIR_ORDERS = ['tree', 'baseDuration', 'otherDuration', 'difference'] as const;
export type PairOrder = (typeof PAIR_ORDERS)[number];

export interface PairSource {
  readonly compared: ComparedTraces;
  readonly baseView: TraceView;
  readonly otherView: TraceView;
}

/** The rows of `compared.spans` that are wanted. */
export function showPairs(
  source: PairSource,
  filter: RowFilter,
  { by, direction }: Sorting<PairOrder>,
): Uint32Array {
  const { spans } = source.compared;
  const isNamed = chooseRows(source.compared, { kind: 'all', text: filter.text });
  const rows = allIndexes(spans.depths.length).filter(
    (row) => isNamed[groupOfRow(source.compared, row)] === 1 && isOfKind(source, row, filter.kind),
  );
  return by === 'tree' ? rows : sortIndexes(rows, keysOf(source, by), direction);
}

/** The path of calls that a row is of. */
export function groupOfRow({ base, other, spans }: ComparedTraces, row: number): number {
  const baseIndex = spans.baseIndexes[row] ?? -1;
  if (baseIndex >= 0) return base.groupIds[baseIndex] ?? 0;
  return other.groupIds[spans.otherIndexes[row] ?? 0] ?? 0;
}

/** How much longer the span of the second trace took, in nanoseconds: all of it where it has no partner, or less of it. */
export function differenceOfRow(
  { compared, baseView, otherView }: PairSource,
  row: number,
): number {
  const { baseIndexes, otherIndexes } = compared.spans;
  const baseNs = baseView.durationsNs[baseIndexes[row] ?? -1] ?? 0;
  return (otherView.durationsNs[otherIndexes[row] ?? -1] ?? 0) - baseNs;
}

/** The rows of a path of calls, those first whose spans differ most. Linear. */
export function pairsOfGroup(source: PairSource, group: number): Uint32Array {
  const { compared } = source;
  const rows = allIndexes(compared.spans.depths.length).filter(
    (row) => groupOfRow(compared, row) === group,
  );
  const sizes = new Map(Array.from(rows, (row) => [row, Math.abs(differenceOfRow(source, row))]));
  return rows.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || a - b);
}

/** A pair differs when it took notably longer or less, or ended otherwise. */
const NOTABLE_SHARE = 0.01;

function isOfKind(source: PairSource, row: number, kind: RowKind): boolean {
  const { compared, baseView, otherView } = source;
  const baseIndex = compared.spans.baseIndexes[row] ?? -1;
  const otherIndex = compared.spans.otherIndexes[row] ?? -1;
  const failed = [baseView.errors[baseIndex] ?? 0, otherView.errors[otherIndex] ?? 0];
  switch (kind) {
    case 'all':
      return true;
    case 'changed': {
      const longestNs = Math.max(compared.base.durationNs, compared.other.durationNs);
      const differenceNs = Math.abs(differenceOfRow(source, row));
      const isAlone = baseIndex < 0 || otherIndex < 0;
      return isAlone || failed[0] !== failed[1] || differenceNs >= longestNs * NOTABLE_SHARE;
    }
    case 'onlyBase':
      return otherIndex < 0;
    case 'onlyOther':
      return baseIndex < 0;
    case 'failed':
      return failed.includes(1);
    default:
      return unreachable(kind);
  }
}

function keysOf(source: PairSource, by: Exclude<PairOrder, 'tree'>): ArrayLike<number> {
  const { compared, baseView, otherView } = source;
  const { baseIndexes, otherIndexes } = compared.spans;
  const durations = (view: TraceView, indexes: Int32Array): Float64Array =>
    Float64Array.from(indexes, (index) => view.durationsNs[index] ?? -1);
  switch (by) {
    case 'baseDuration':
      return durations(baseView, baseIndexes);
    case 'otherDuration':
      return durations(otherView, otherIndexes);
    case 'difference':
      return Float64Array.from(baseIndexes, (_, row) => Math.abs(differenceOfRow(source, row)));
    default:
      return unreachable(by);
  }
}

/** The row of each path of calls whose spans differ most; of equal ones, the first. */
export function largestPairs(source: PairSource): Uint32Array {
  const { compared } = source;
  const largest = new Uint32Array(compared.groups.count);
  const sizes = new Float64Array(compared.groups.count).fill(-1);
  for (let row = 0; row < compared.spans.depths.length; row++) {
    const group = groupOfRow(compared, row);
    const size = Math.abs(differenceOfRow(source, row));
    if (size <= (sizes[group] ?? 0)) continue;
    sizes[group] = size;
    largest[group] = row;
  }
  return largest;
}
