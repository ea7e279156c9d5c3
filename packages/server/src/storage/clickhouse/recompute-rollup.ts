/**
 * The rows of the rollup tables, in SQL over the spans of a segment: what `rollup/` computes while spans are received, for
 * a segment whose process died before it was inserted. It is also what rollups are recounted with.
 */
import {
  ATTRIBUTE_VALUE_STRUCTURE,
  RED_STRUCTURE,
  SPAN_STRUCTURE,
  TRACE_STRUCTURE,
} from '../native/structures.ts';
import type { Structure } from '../native/structures.ts';
import { MAX_VALUES, MAX_VALUE_BYTES } from '../rollup/attribute-values.ts';
import { LATENCY_BUCKET_SQL } from '../rollup/latency-bucket.ts';
import type { RollupTable } from '../rollup/segment-rollup.ts';
import type { Engine } from './engine/engine.ts';
import { Sql, integerLiteral, sql, structureLiteral, textLiteral, unionAll } from './engine/sql.ts';

/** Of `attribute_keys_1m` the spans alone do not tell: most keys are in their sets. */
export type RecomputedTable = Exclude<RollupTable, 'attribute_keys_1m'>;

export interface RollupInsert {
  readonly table: RecomputedTable;
  /** The segment's spans. */
  readonly spansPath: string;
  readonly token: string;
  readonly affectedTables: readonly string[];
}

/** Computes the rows of one table and inserts them. */
export async function recomputeRollup(
  engine: Engine,
  { table, spansPath, token, affectedTables }: RollupInsert,
): Promise<void> {
  const spans = sql`file(${textLiteral(spansPath)}, Native, ${structureLiteral(SPAN_STRUCTURE)})`;
  const { structure, select } = ROLLUPS[table];
  const insert = { table, columns: Object.keys(structure), affectedTables };
  await engine.insertSelect({ ...insert, select: select(spans), token });
  if (table !== 'attribute_values') return;
  // The segment's resources are in the engine by now, filed under whichever day it was written on. All are listed: a key that
  // is not would never be looked for, and one too many changes nothing.
  const ofResources = selectAttributeValues(new Sql('resources'), 'resource');
  await engine.insertSelect({ ...insert, select: ofResources, token: `${token}-resources` });
}

interface Rollup {
  readonly structure: Structure;
  /** The rows for the spans of `source`, in the order of the structure's columns. */
  readonly select: (source: Sql) => Sql;
}

export const ROLLUPS: Readonly<Record<RecomputedTable, Rollup>> = {
  traces: { structure: TRACE_STRUCTURE, select: selectTraces },
  red_1m: { structure: RED_STRUCTURE, select: selectRates },
  attribute_values: { structure: ATTRIBUTE_VALUE_STRUCTURE, select: selectAttributeValues },
};

const LAST_NANO = new Sql('18446744073709551615');

function selectTraces(source: Sql): Sql {
  return sql`
SELECT
  tenant,
  toDate(partition_time) AS partition_date,
  trace_id,
  min(start_unix_nano) AS first_start_unix_nano,
  max(start_unix_nano + least(duration_nano, toUInt64(${LAST_NANO} - start_unix_nano))) AS last_end_unix_nano,
  sumMap([toString(service)], [toUInt64(1)], [toUInt64(status = 2)]) AS services,
  min(if(
    parent_span_id = toFixedString('', 8),
    (start_unix_nano, toString(service), toString(name)),
    (${LAST_NANO}, '', '')
  )) AS root
FROM ${source}
GROUP BY tenant, partition_date, trace_id`;
}

function selectRates(source: Sql): Sql {
  return sql`
SELECT
  tenant,
  toDate(partition_time) AS partition_date,
  if(start_clamped, partition_time, toDateTime(intDiv(start_unix_nano, 60000000000) * 60, 'UTC')) AS minute,
  service,
  name,
  kind,
  status,
  count() AS span_count,
  sum(toFloat64(weight)) AS weight,
  sum(duration_nano) AS duration_nano,
  sumMap([toUInt16(bucket)], [toFloat64(span_weight)]) AS latency
FROM (SELECT *, weight AS span_weight, ${new Sql(LATENCY_BUCKET_SQL)} AS bucket FROM ${source})
GROUP BY tenant, partition_date, minute, service, name, kind, status`;
}

/** Listed under the last day that a span may be filed under, like the resources. */
function selectAttributeValues(source: Sql, owner: 'span' | 'resource' = 'span'): Sql {
  const rows = Object.entries(ENTRIES).map(([type, { valueType, text }]) => {
    const entries = `arrayJoin(CAST(attr_${type}, 'Array(Tuple(String, ${valueType}))')) AS entry`;
    return sql`
    SELECT tenant, ${textLiteral(owner)} AS owner, entry.1 AS key, ${textLiteral(type)} AS type, ${new Sql(text)} AS value
    FROM (SELECT tenant, ${new Sql(entries)} FROM ${source})`;
  });
  return sql`
SELECT tenant, toDate(now('UTC')) + 1 AS partition_date, owner, key, type, each AS value
FROM (SELECT tenant, owner, key, type, arrayJoin(['', value]) AS each FROM (${unionAll(rows)}))
WHERE length(each) <= ${integerLiteral(MAX_VALUE_BYTES)}
GROUP BY tenant, owner, key, type, each
ORDER BY tenant, owner, key, type, each
LIMIT ${integerLiteral(MAX_VALUES + 1)} BY tenant, owner, key, type`;
}

/** Of each map of attributes: the type of its values, and what is listed of one. */
const ENTRIES = {
  string: { valueType: 'String', text: 'entry.2' },
  int: { valueType: 'Int64', text: 'toString(entry.2)' },
  bool: { valueType: 'Bool', text: 'toString(entry.2)' },
  double: { valueType: 'Float64', text: "''" },
  complex: { valueType: 'String', text: "''" },
};
