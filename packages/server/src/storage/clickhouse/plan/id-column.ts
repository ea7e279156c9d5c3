/**
 * Ids that stand for what spans share, a resource or a set of attributes, as a column to group by. There are more ids than labels
 * that come of them, so those of the same labels are made one.
 */
import { labelsKey } from '@clew/traceql';
import type { Value } from '@clew/traceql';
import { sql, uint64List } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';

/** The id of a resource or set; of those that give spans the same labels, of the first. */
export function idColumn<T>(
  column: Sql,
  entries: ReadonlyMap<bigint, T> | undefined,
  labelsOf: (entry: T) => readonly (Value | undefined)[],
): Sql {
  if (entries === undefined || entries.size === 0) return column;
  const firsts = new Map<string, bigint>();
  const to = [...entries].map(([id, entry]) => {
    const key = labelsKey(labelsOf(entry).map((value) => ({ name: '', value })));
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, id);
    return first ?? id;
  });
  const from = uint64List([...entries.keys()]);
  return sql`transform(${column}, [${from}], [${uint64List(to)}], ${column})`;
}
