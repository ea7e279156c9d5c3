/**
 * The SQL that counts spans by what all of them have, and by their resources and sets of attributes, whose ids stand for what they have. All of it in
 * one go: finding out in which cell a span counts takes longer than to count it.
 */
import type { CellCount, Value } from '@clew/traceql';
import type { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql } from '../../engine/sql.ts';
import { toText } from '../value-text.ts';
import { COLUMN_SOURCES, toldColumn } from './compare-sources.ts';
import type { ColumnSource } from './compare-sources.ts';
import { readCells, readToldValue, selectCells } from './compared-spans.ts';
import type { ComparedSpans, ToldApart } from './compared-spans.ts';

/** By one column after the other, and cell; values that are not told apart are together. */
export function selectColumnCounts(
  spans: ComparedSpans,
  toldApart: (source: ColumnSource) => ToldApart,
): Sql {
  const aliases = COLUMN_SOURCES.map((_, index) => new Sql(`c${index}`));
  const told = COLUMN_SOURCES.map((source, index) => {
    return sql`${toldColumn(source, toldApart(source))} AS ${new Sql(`c${index}`)}`;
  });
  const texts = COLUMN_SOURCES.flatMap(({ type }, index) => [
    sql`which = ${integerLiteral(index)}`,
    sql`toNullable(${toText({ type, value: new Sql(`c${index}`) })})`,
  ]);
  const columns = [...aliases, new Sql('resource_id'), new Sql('attribute_set_id')];
  const which = columns.flatMap((column, index) => [
    sql`grouping(${column}) = 0`,
    integerLiteral(index),
  ]);
  return sql`
SELECT toUInt8(which), multiIf(${[...texts, new Sql('NULL')]}), resource_id, any(service),
  attribute_set_id, groupArray((cell, span_count))
FROM (
  SELECT ${columns}, cell, multiIf(${[...which, new Sql('0')]}) AS which,
    any(service) AS service, toFloat64(count()) AS span_count
  FROM (SELECT cell, resource_id, service, attribute_set_id, ${told} FROM (${selectCells(spans, COLUMNS)}))
  GROUP BY GROUPING SETS (${columns.map((column) => sql`(${column}, cell)`)})
)
GROUP BY which, ${columns}`;
}

const COLUMNS = [
  ...COLUMN_SOURCES.map(({ value }) => value),
  new Sql('resource_id, service, attribute_set_id'),
];
/** Behind the columns come the resources, and then the sets. */
const RESOURCES = COLUMN_SOURCES.length;

export interface ColumnRow {
  readonly kind: 'column';
  readonly source: ColumnSource;
  readonly value: Value | undefined;
  readonly counts: readonly CellCount[];
}

export interface ResourceRow {
  readonly kind: 'resource';
  readonly resourceId: bigint;
  readonly service: string;
  readonly counts: readonly CellCount[];
}

export interface SetRow {
  readonly kind: 'set';
  /** 0 for spans without one. */
  readonly setId: bigint;
  readonly counts: readonly CellCount[];
}

/** Reads a row of the answer to `selectColumnCounts`. */
export function readColumnRow(reader: RowBinaryReader): ColumnRow | ResourceRow | SetRow {
  const which = reader.uint8();
  const source = COLUMN_SOURCES[which];
  const value = readToldValue(reader, source?.type ?? 'string');
  const resourceId = reader.uint64();
  const service = reader.repeatedText();
  const setId = reader.uint64();
  const counts = readCells(reader);
  if (source !== undefined) return { kind: 'column', source, value, counts };
  if (which === RESOURCES) return { kind: 'resource', resourceId, service, counts };
  return { kind: 'set', setId, counts };
}
