/** The SQL that counts spans by their attributes' keys and values. */
import type { CellCount, Value } from '@clew/traceql';
import type { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { Sql, sql } from '../../engine/sql.ts';
import { toText } from '../value-text.ts';
import { toldColumn } from './compare-sources.ts';
import type { MapSource } from './compare-sources.ts';
import { readCells, readToldValue, selectCells } from './compared-spans.ts';
import type { ComparedSpans, ToldApart } from './compared-spans.ts';

/** By key, value and cell; values that are not told apart are together. */
export function selectMapCounts(
  source: MapSource,
  spans: ComparedSpans,
  toldApart: ToldApart,
): Sql {
  const text = toText({ type: source.type, value: new Sql('told') });
  return sql`
SELECT key, ${toldApart === 'none' ? NO_TEXT : sql`toNullable(${text})`}, groupArray((cell, span_count))
FROM (
  SELECT key, told, cell, toFloat64(count()) AS span_count
  FROM (SELECT key, cell, ${toldColumn(source, toldApart)} AS told FROM (${selectValues(source.map, spans)}))
  GROUP BY key, told, cell
)
GROUP BY key, told`;
}

/** Lists, maps and bytes by key and cell; nothing is told apart. */
export function selectComplexCounts(spans: ComparedSpans): Sql {
  return sql`
SELECT key, ${NO_TEXT}, groupArray((cell, span_count))
FROM (
  SELECT key, cell, toFloat64(count()) AS span_count
  FROM (${selectValues('attr_complex', spans)})
  WHERE substring(value, 1, 1) IN (unhex('2a'), unhex('32'), unhex('3a'))
  GROUP BY key, cell
)
GROUP BY key`;
}

const NO_TEXT = new Sql("CAST(NULL, 'Nullable(String)')");

/** A row for each attribute that a span has. */
function selectValues(map: MapSource['map'] | 'attr_complex', spans: ComparedSpans): Sql {
  const [keys, values] = [
    new Sql(`${map}.keys AS all_keys`),
    new Sql(`${map}.values AS all_values`),
  ];
  return sql`
SELECT cell, key, value
FROM (${selectCells(spans, [keys, values])})
ARRAY JOIN all_keys AS key, all_values AS value`;
}

export interface MapRow {
  readonly key: string;
  readonly value: Value | undefined;
  readonly counts: readonly CellCount[];
}

export function readMapRow(reader: RowBinaryReader, type: MapSource['type']): MapRow {
  return {
    key: reader.text(),
    value: readToldValue(reader, type),
    counts: readCells(reader),
  };
}
