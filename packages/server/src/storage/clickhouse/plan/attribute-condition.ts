/**
 * "The attribute `key` reads as `value`" over the typed maps that spans and resources share: equal as a string, or, when
 * the text is a number or a truth value, equal as one. An absent key reads as the type's default in a map, so a value
 * that is the default also asks whether the key is there.
 */
import type { AttributeCondition } from '../../span-store.ts';
import { float64Literal, int64Literal, sql, textLiteral } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';

/** One alternative for each type that the value can be of. */
export function attributeEquals({ key, value }: AttributeCondition): Sql[] {
  const name = textLiteral(key);
  const alternatives = [
    value === ''
      ? sql`mapContains(attr_string, ${name}) AND attr_string[${name}] = ''`
      : sql`attr_string[${name}] = ${textLiteral(value)}`,
  ];
  const int = parseInt64(value);
  if (int !== undefined) {
    alternatives.push(
      int === 0n
        ? sql`mapContains(attr_int, ${name}) AND attr_int[${name}] = 0`
        : sql`attr_int[${name}] = ${int64Literal(int)}`,
    );
  }
  const double = parseFloat64(value);
  if (double !== undefined) {
    const equals = sql`attr_double[${name}] = ${float64Literal(double)}`;
    alternatives.push(sql`mapContains(attr_double, ${name}) AND ${equals}`);
  }
  if (value === 'true' || value === 'false') {
    const equals = value === 'true' ? sql`attr_bool[${name}]` : sql`NOT attr_bool[${name}]`;
    alternatives.push(sql`mapContains(attr_bool, ${name}) AND ${equals}`);
  }
  return alternatives;
}

const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** An integer as it is printed: no sign in front of zero, no leading zeros, 64 bits. */
function parseInt64(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function parseFloat64(text: string): number | undefined {
  if (text === 'Infinity' || text === '-Infinity') return Number(text);
  return text.length <= 400 && NUMBER.test(text) ? Number(text) : undefined;
}
