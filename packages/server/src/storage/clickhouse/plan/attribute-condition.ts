/**
 * "The attribute `key` reads as `value`" over the typed maps that spans and resources share: equal as a string, or, when
 * the text is a number or a truth value, equal as one. Whether the key is there is asked first: an absent one reads as
 * the type's default, and the keys are quicker to read than the values.
 */
import type { AttributeCondition } from '../../span-store.ts';
import { Sql, float64Literal, int64Literal, sql, textLiteral } from '../engine/sql.ts';

/** One alternative for each type that the value can be of. */
export function attributeEquals({ key, value }: AttributeCondition): Sql[] {
  const has = (map: string, equals: (value: Sql) => Sql): Sql => {
    const name = textLiteral(key);
    const column = new Sql(map);
    return sql`mapContains(${column}, ${name}) AND ${equals(sql`${column}[${name}]`)}`;
  };
  const alternatives = [has('attr_string', (text) => sql`${text} = ${textLiteral(value)}`)];
  const int = parseInt64(value);
  if (int !== undefined) {
    alternatives.push(has('attr_int', (number) => sql`${number} = ${int64Literal(int)}`));
  }
  const double = parseFloat64(value);
  if (double !== undefined) {
    alternatives.push(has('attr_double', (number) => sql`${number} = ${float64Literal(double)}`));
  }
  if (value === 'true' || value === 'false') {
    alternatives.push(has('attr_bool', (flag) => (value === 'true' ? flag : sql`NOT ${flag}`)));
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
