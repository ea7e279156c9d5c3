import type { Piece } from './piece.ts';
import {
  bytes,
  concat,
  fixed,
  integer,
  lengthDelimited,
  marked,
  markedInteger,
  string,
  text,
} from './piece.ts';

/** An OTLP `KeyValue` without its field number; a double unless `value` is whole. */
export function attribute(key: string, value: string | number | boolean): Piece {
  return keyValue(key, anyValue(value));
}

/**
 * A string around 8 hexadecimal digits. They are fresh for every span, or, where they have a `cardinality`, the same in
 * all spans of a trace, as its user is.
 */
export function freshText(
  key: string,
  { before = '', after = '', cardinality = 2 ** 32 }: FreshTextOptions = {},
): Piece {
  const salt = saltOf(key);
  const digits = marked('hexDigits', 8, { cardinality, salt });
  return keyValue(key, lengthDelimited(1, concat([text(before), digits, text(after)])));
}

interface FreshTextOptions {
  readonly before?: string;
  readonly after?: string;
  readonly cardinality?: number;
}

/** A whole number of 16,384 to 2,097,151 that is fresh for every span. */
export function freshInt(key: string): Piece {
  return keyValue(key, markedInteger(3, saltOf(key)));
}

/** A number of 0 to 1,000 that is fresh for every span. */
export function freshDouble(key: string): Piece {
  return keyValue(key, fixed(4, marked('double', 8, { salt: saltOf(key) })));
}

function keyValue(key: string, value: Piece): Piece {
  return concat([string(1, key), lengthDelimited(2, value)]);
}

function anyValue(value: string | number | boolean): Piece {
  if (typeof value === 'string') return string(1, value);
  if (typeof value === 'boolean') return integer(2, value ? 1 : 0);
  if (Number.isInteger(value)) return integer(3, value);
  return fixed(4, bytes(new Uint8Array(new Float64Array([value]).buffer)));
}

function saltOf(key: string): number {
  let salt = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) salt = Math.imul(salt ^ key.charCodeAt(i), 0x01000193);
  return salt;
}
