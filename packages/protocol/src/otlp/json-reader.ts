/**
 * Reading JSON that somebody else wrote: each method takes the field it expects or says, as a `DecodeError`, what was
 * there instead and where. `null` is the same as a field that is left out (ProtoJSON).
 */
import { DecodeError, shorten } from '@clew/model';
import { checkJsonShape } from '../wire/json-shape.ts';
import { isUtf8 } from '../wire/utf8.ts';
import { findJsonValue, findStringEnd } from './find-json-value.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A field of the right type whose value cannot be: a number out of range, base64 that is none. Who knows what the field
 * belongs to may refuse that alone.
 */
export class JsonValueError extends DecodeError {}

const INTEGER = /^-?\d+$/;
const MAX_DIGITS = 21;
/** A whole number of so many digits, where a number may stand; longer ones are no integer of 64 bits. */
const LONG_INTEGER = /[:[,\s]-?\d{16,20}(?![\d.eE])/;
const LONG_INTEGERS = /(?<![\d.eE+-])-?\d{16,20}(?![\d.eE])/g;

const MAX_UINT32 = 2 ** 32 - 1;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Deeper than any attribute that is kept, and shallower than what the engine walks through. */
const MAX_DEPTH = 2000;

/** Looking for a value goes through the text up to it. */
const MAX_LOCATED = 16;

export class JsonReader {
  readonly #format: string;
  /** Names of fields and numbers of list elements. */
  readonly #path: (string | number)[] = [];
  #text = '';
  #locatedCount = 0;

  constructor(format: string) {
    this.#format = format;
  }

  /**
   * Parses `bytes`, which must be an object. Whole numbers that a `number` cannot hold become `bigint`s; what is not UTF-8
   * becomes a lone surrogate, for a `WireWriter` to tell it from a U+FFFD that was sent.
   */
  parse(bytes: Uint8Array): JsonObject {
    checkJsonShape(bytes, { format: this.#format, maxDepth: MAX_DEPTH });
    let text = new TextDecoder().decode(bytes);
    if (text.includes('\ufffd') && !isUtf8(bytes, 0, bytes.length)) {
      text = text.replaceAll('\ufffd', '\udfff');
    }
    this.#text = text;
    let value: unknown;
    try {
      value = LONG_INTEGER.test(text) ? parseLongIntegers(text) : JSON.parse(text);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      // The engine tells where only sometimes; of a text that is cut short we know it.
      const known = message.includes('end of JSON') ? bytes.length : 0;
      const offset = Number(/position (\d+)/.exec(message)?.[1] ?? known);
      throw new DecodeError(shorten(message), { format: this.#format, offset, cause });
    }
    return this.#asObject(value);
  }

  /** Calls `read` with an object field, unless it is left out. */
  object(parent: JsonObject, name: string, read: (value: JsonObject) => void): void {
    const value = parent[name];
    if (value === undefined || value === null) return;
    this.#path.push(name);
    read(this.#asObject(value));
    this.#path.pop();
  }

  /** Calls `read` with each object of a list field; a field that is left out is an empty list. */
  objects(parent: JsonObject, name: string, read: (value: JsonObject) => void): void {
    const list = parent[name];
    if (list === undefined || list === null) return;
    this.#path.push(name);
    if (!Array.isArray(list)) this.#failType('a list', list);
    for (let i = 0; i < list.length; i++) {
      this.#path.push(i);
      read(this.#asObject(list[i]));
      this.#path.pop();
    }
    this.#path.pop();
  }

  text(parent: JsonObject, name: string): string {
    const value = parent[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : this.failField(name, 'a string', value);
  }

  bool(parent: JsonObject, name: string): boolean {
    const value = parent[name];
    return typeof value === 'boolean' ? value : this.failField(name, 'true or false', value);
  }

  /** A number, or one of ProtoJSON's texts for one. */
  double(parent: JsonObject, name: string): number {
    const value = parent[name];
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    if (value === 'NaN') return Number.NaN;
    if (value === 'Infinity' || value === '-Infinity') return Number(value);
    if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
      return Number(value);
    }
    return this.failField(name, 'a number', value);
  }

  int64(parent: JsonObject, name: string): bigint {
    return this.#integer(parent, name, { min: MIN_INT64, max: MAX_INT64 });
  }

  /** A time, which a sender with a broken clock may give as a negative number. */
  time(parent: JsonObject, name: string): bigint {
    return this.#integer(parent, name, { min: MIN_INT64, max: MAX_UINT64 });
  }

  uint64(parent: JsonObject, name: string): bigint {
    return this.#integer(parent, name, { min: 0n, max: MAX_UINT64 });
  }

  uint32(parent: JsonObject, name: string): number {
    return Number(this.#integer(parent, name, { min: 0n, max: BigInt(MAX_UINT32) }));
  }

  /** The number of an enum's value, given as such or by name; undefined for one that is not in `names`. */
  enumNumber(parent: JsonObject, name: string, names: readonly string[]): number | undefined {
    const value = parent[name];
    if (value === undefined || value === null) return 0;
    if (typeof value === 'string') return names.includes(value) ? names.indexOf(value) : undefined;
    if (typeof value !== 'number') return this.failField(name, 'a number', value);
    return names[value] === undefined ? undefined : value;
  }

  /** Runs `read`; gives the error when a value in it cannot be, and goes back to where it began. */
  attempt(read: () => void): JsonValueError | undefined {
    const { length } = this.#path;
    try {
      read();
      return undefined;
    } catch (error) {
      if (!(error instanceof JsonValueError)) throw error;
      this.#path.length = length;
      return error;
    }
  }

  /** Refuses the value of a field that has the right type. */
  failValue(name: string, expected: string, value: unknown): never {
    this.#path.push(name);
    const message = `expected ${expected}, got ${describe(value)}`;
    throw new JsonValueError(message, this.#place());
  }

  fail(message: string): never {
    throw new DecodeError(message, this.#place());
  }

  failField(name: string, expected: string, value: unknown): never {
    this.#path.push(name);
    return this.#failType(expected, value);
  }

  #integer(
    parent: JsonObject,
    name: string,
    range: { readonly min: bigint; readonly max: bigint },
  ): bigint {
    const value = parent[name];
    if (value === undefined || value === null) return 0n;
    const isInteger =
      typeof value === 'bigint' ||
      (typeof value === 'number'
        ? Number.isInteger(value)
        : typeof value === 'string' && INTEGER.test(value));
    if (!isInteger) return this.failField(name, 'an integer', value);
    // What has more digits than any of the ranges is not worth computing.
    const isLong = typeof value === 'string' && value.length > MAX_DIGITS;
    const integer = isLong ? undefined : BigInt(value as string | number | bigint);
    if (integer === undefined || integer < range.min || integer > range.max) {
      return this.failValue(name, `an integer from ${range.min} to ${range.max}`, value);
    }
    return integer;
  }

  #asObject(value: unknown): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.#failType('an object', value);
    }
    return value as JsonObject;
  }

  #failType(expected: string, value: unknown): never {
    return this.fail(`expected ${expected}, got ${describe(value)}`);
  }

  /** Of the value that the path leads to. Bad values of many spans are many; where the first few stand is enough. */
  #place(): { readonly format: string; readonly offset: number; readonly path: string } {
    const isLocated = this.#locatedCount++ < MAX_LOCATED;
    const index = isLocated ? findJsonValue(this.#text, this.#path) : 0;
    const offset = new TextEncoder().encode(this.#text.slice(0, index)).length;
    return { format: this.#format, offset, path: this.#pathText() };
  }

  #pathText(): string {
    return this.#path
      .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
      .join('')
      .slice(1);
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'bigint') return String(value);
  return shorten(JSON.stringify(value) ?? 'nothing');
}

/** Parses JSON with its long whole numbers as `bigint`s. Slower by half, so only for a text that may have some. */
function parseLongIntegers(text: string): unknown {
  // What no sender can guess, so that no text is taken for a number.
  const mark = `integer ${Math.random()} `;
  return JSON.parse(markLongIntegers(text, mark), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** Puts long whole numbers in quotes, behind `mark`; walks from string to string, to leave those alone. */
function markLongIntegers(text: string, mark: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const end = open === -1 ? text.length : open;
    parts.push(text.slice(at, end).replaceAll(LONG_INTEGERS, `"${mark}$&"`));
    at = open === -1 ? end : findStringEnd(text, open);
    parts.push(text.slice(end, at));
  }
  return parts.join('');
}
