/** Values of different types in one column of an answer: their texts, beside the number of their type where that varies. */
import { SPAN_KINDS, SPAN_STATUSES, unreachable } from '@clew/model';
import type { Value } from '@clew/traceql';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { sql } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';
import type { Alternative, OperandType } from './traceql/operand.ts';

export type TextType = 'none' | OperandType | 'duration';

/** A type is a number in the answer, its index here. */
export const TEXT_TYPES: readonly TextType[] = [
  'none',
  'string',
  'int',
  'double',
  'bool',
  'status',
  'kind',
  'duration',
];

/** Numbers as digits; a `double` by its bits. */
export function toText({ type, value }: Pick<Alternative, 'type' | 'value'>): Sql {
  switch (type) {
    case 'string':
      return value;
    case 'double':
      return sql`toString(reinterpretAsUInt64(${value}))`;
    case 'bool':
      return sql`toString(toUInt8(${value}))`;
    case 'int':
    case 'status':
    case 'kind':
      return sql`toString(${value})`;
    default:
      return unreachable(type);
  }
}

/** Reads the number of a type, unless it is fixed, and the text. */
export function readValue(
  reader: RowBinaryReader,
  fixedType: TextType | undefined,
): Value | undefined {
  const type = fixedType ?? TEXT_TYPES[reader.uint8()] ?? 'none';
  const text = reader.repeatedText();
  switch (type) {
    case 'none':
      return undefined;
    case 'string':
      return { type, value: text };
    case 'int':
    case 'duration':
      return { type, value: BigInt(text) };
    case 'double':
      return { type: 'float', value: doubleOfBits(BigInt(text)) };
    case 'bool':
      return { type, value: text === '1' };
    case 'status':
      return { type, value: SPAN_STATUSES[Number(text)] ?? 'unset' };
    case 'kind':
      return { type, value: SPAN_KINDS[Number(text)] ?? 'unspecified' };
    default:
      return unreachable(type);
  }
}

function doubleOfBits(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(bits).buffer)[0] ?? Number.NaN;
}
