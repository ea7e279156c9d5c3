import { SPAN_KINDS } from '../../span.ts';
import type { FindingContext } from './finding.ts';

/**
 * Children that a span waits for, of the same service, operation and kind, by start; groups of one are left out. `operations` has
 * the operation of each name.
 */
export function groupSiblings(
  { columns, timing }: FindingContext,
  parent: number,
  operations: Uint32Array,
): readonly (readonly number[])[] {
  const { serviceIndexes, nameIndexes, names, kinds } = columns;
  const { firsts, awaited, awaitedCounts, windowStartsNs } = timing.dependencies;
  const from = firsts[parent] ?? 0;
  const groups = new Map<number, number[]>();
  for (const child of awaited.subarray(from, from + (awaitedCounts[parent] ?? 0))) {
    const operation =
      (serviceIndexes[child] ?? 0) * names.length + (operations[nameIndexes[child] ?? 0] ?? 0);
    const key = operation * SPAN_KINDS.length + (kinds[child] ?? 0);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [child]);
    else group.push(child);
  }
  const startOf = (span: number): number => windowStartsNs[span] ?? 0;
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((group) => group.sort((a, b) => startOf(a) - startOf(b) || a - b));
}
