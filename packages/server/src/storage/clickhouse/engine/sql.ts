/**
 * SQL text with its values bound. A statement is written with the `sql` tag, which takes other statements and literals
 * made here and nothing else, so that no text of a user's can become syntax.
 *
 * Values are bound on this side and not by the engine's own `{name:Type}` parameters because the embedded engine runs
 * parameterised queries strictly one after the other in the whole process (its parameters are not kept apart per
 * connection): one slow search would hold up every look-up behind it.
 */
export class Sql {
  readonly text: string;

  /** Not checked: for the text of this folder's own constants. Everything else goes through `sql`. */
  constructor(text: string) {
    this.text = text;
  }
}

/** Joins trusted text, statements and literals; a list is joined by commas. */
export function sql(
  strings: TemplateStringsArray,
  ...parts: readonly (Sql | readonly Sql[])[]
): Sql {
  let text = strings[0] ?? '';
  for (const [i, part] of parts.entries()) {
    text += part instanceof Sql ? part.text : part.map((each) => each.text).join(', ');
    text += strings[i + 1] ?? '';
  }
  return new Sql(text);
}

/** All of `conditions`, or what is always true when there are none. */
export function all(conditions: readonly Sql[]): Sql {
  return joinConditions(conditions, ' AND ', '1');
}

/** Any of `conditions`, or what is never true when there are none. */
export function any(conditions: readonly Sql[]): Sql {
  return joinConditions(conditions, ' OR ', '0');
}

function joinConditions(conditions: readonly Sql[], operator: string, empty: string): Sql {
  if (conditions.length === 0) return new Sql(empty);
  return new Sql(conditions.map((condition) => `(${condition.text})`).join(operator));
}

/** The rows of all of them. */
export function unionAll(selects: readonly Sql[]): Sql {
  return new Sql(selects.map(({ text }) => text).join(' UNION ALL '));
}

/** A `String`: everything but letters, digits and a few harmless signs is written as `\xHH`, byte by byte. */
export function textLiteral(value: string): Sql {
  return escaped(new TextEncoder().encode(value));
}

function escaped(bytes: Uint8Array): Sql {
  let text = '';
  for (const byte of bytes) text += ESCAPED[byte];
  return new Sql(`'${text}'`);
}

const HARMLESS = /[A-Za-z0-9 _./:;,=@#$&*+<>[\]()|~^!-]/;
const ESCAPED: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  const isHarmless = byte < 128 && HARMLESS.test(character);
  return isHarmless ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
});

/** The columns of a file, as the table function `file` takes them. */
export function structureLiteral(structure: Readonly<Record<string, string>>): Sql {
  const columns = Object.entries(structure).map(([name, type]) => `${name} ${type}`);
  return textLiteral(columns.join(', '));
}

/** Bytes given as hexadecimal digits, such as an id. Not a call of `unhex`: a thousand of those take the engine 30 ms to read. */
export function bytesLiteral(hex: string): Sql {
  return escaped(Buffer.from(hex, 'hex'));
}

export function uint64Literal(value: bigint): Sql {
  return new Sql(`toUInt64(${BigInt.asUintN(64, value)})`);
}

/** What a `UInt64` may be one of. The column says the type; a thousand calls that say it take the engine 70 ms to read. */
export function uint64List(values: readonly bigint[]): Sql {
  return new Sql(values.map((value) => BigInt.asUintN(64, value)).join(', '));
}

export function int64Literal(value: bigint): Sql {
  return new Sql(`toInt64(${BigInt.asIntN(64, value)})`);
}

/** The very number, by its bits: the engine's own reading of decimal digits may be off in the last place. */
export function float64Literal(value: number): Sql {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  return new Sql(`reinterpretAsFloat64(toUInt64(${bits}))`);
}

/** A whole number, such as a limit or an index into a closed set. */
export function integerLiteral(value: number): Sql {
  return new Sql(String(Math.trunc(value)));
}

/** A `DateTime` in UTC, given as seconds since 1970-01-01. */
export function dateTimeLiteral(seconds: number): Sql {
  const held = Math.trunc(Math.min(Math.max(seconds, 0), 0xffff_ffff));
  return new Sql(`toDateTime(${held}, 'UTC')`);
}

/** A `Date`, given as days since 1970-01-01. */
export function dateLiteral(day: number): Sql {
  return new Sql(`toDate(${Math.trunc(Math.min(Math.max(day, 0), 65_535))})`);
}
