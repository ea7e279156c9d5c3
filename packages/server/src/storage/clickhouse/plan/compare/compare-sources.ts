/** Where what is compared is kept: maps of attributes and columns, each of one type. */
import { comparedName } from '@clew/traceql';
import type { Value } from '@clew/traceql';
import { Sql, float64Literal, sql, textLiteral } from '../../engine/sql.ts';
import { literalOperand } from '../traceql/operand.ts';
import type { OperandType } from '../traceql/operand.ts';
import type { ToldApart } from './compared-spans.ts';

export type CompareSource = MapSource | ColumnSource;

/** Attributes of spans, each a row with `key` and `value`. */
export interface MapSource {
  readonly kind: 'map';
  readonly map: 'attr_string' | 'attr_int' | 'attr_double' | 'attr_bool';
  readonly type: OperandType;
  readonly value: Sql;
}

/** What every span has. */
export interface ColumnSource {
  readonly kind: 'column';
  readonly attribute: string;
  readonly type: OperandType;
  readonly value: Sql;
}

const STRINGS = mapSource('attr_string', 'string');
const INTS = mapSource('attr_int', 'int');
const DOUBLES = mapSource('attr_double', 'double');
const BOOLS = mapSource('attr_bool', 'bool');

const NAMES = columnSource('name', 'string', 'name');
const MESSAGES = columnSource('statusMessage', 'string', 'status_message');

export const MAP_SOURCES: readonly MapSource[] = [STRINGS, INTS, DOUBLES, BOOLS];

export const COLUMN_SOURCES: readonly ColumnSource[] = [
  NAMES,
  MESSAGES,
  columnSource('kind', 'kind', 'kind'),
  columnSource('status', 'status', 'status'),
];

/** Those that may have many values. */
export const SAMPLED_SOURCES: readonly CompareSource[] = [STRINGS, INTS, DOUBLES, NAMES, MESSAGES];

function mapSource(map: MapSource['map'], type: OperandType): MapSource {
  return { kind: 'map', map, type, value: new Sql('value') };
}

function columnSource(attribute: string, type: OperandType, column: string): ColumnSource {
  return { kind: 'column', attribute, type, value: new Sql(column) };
}

/** The name of what has a key in a source, among the labels; a column is its own key. */
export function nameOf(source: CompareSource, key: string): string {
  return source.kind === 'column' ? source.attribute : comparedName('span', key);
}

/** Values of the source's type. Zeros and what is no number are one each, whatever their bits. */
export function valueColumn({ type }: CompareSource, value: Sql): Sql {
  if (type !== 'double') return value;
  return sql`if(isNaN(${value}), ${float64Literal(Number.NaN)}, ${value} + 0.0)`;
}

/** The values that are told apart, and null for the others. */
export function toldColumn(source: CompareSource, toldApart: ToldApart): Sql {
  if (toldApart === 'all') return valueColumn(source, source.value);
  if (toldApart === 'none') return new Sql('NULL');
  return sql`if(${toldApart}, ${valueColumn(source, source.value)}, NULL)`;
}

/** All values but those of some keys. */
export function allBut(source: CompareSource, keys: ReadonlySet<string>): ToldApart {
  if (keys.size === 0) return 'all';
  if (source.kind === 'column') return 'none';
  return sql`key NOT IN (${[...keys].map(textLiteral)})`;
}

/** Only these values, each with its key; of a column the key does not matter. */
export function onlyValues(
  source: CompareSource,
  values: readonly (readonly [key: string, value: Value])[],
): ToldApart {
  const wanted = values.flatMap(([key, value]) => {
    const literal = literalOf(value, source.type);
    if (literal === undefined) return [];
    return [source.kind === 'map' ? sql`(${textLiteral(key)}, ${literal})` : literal];
  });
  if (wanted.length === 0) return 'none';
  const value = bitsOf(valueColumn(source, source.value), source.type);
  return source.kind === 'map' ? sql`(key, ${value}) IN (${wanted})` : sql`${value} IN (${wanted})`;
}

/** Undefined for a value of another type. */
function literalOf(value: Value, type: OperandType): Sql | undefined {
  if (value.type === 'list' || value.type === 'other') return undefined;
  const literal = literalOperand(value).alternatives.find((each) => each.type === type)?.value;
  return literal === undefined ? undefined : bitsOf(literal, type);
}

/** What is no number equals nothing, and its bits do. */
function bitsOf(value: Sql, type: OperandType): Sql {
  return type === 'double' ? sql`reinterpretAsUInt64(${value})` : value;
}
