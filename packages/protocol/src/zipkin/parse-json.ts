/**
 * A list of spans in JSON, as both versions of Zipkin's API send it. The engine's own parser is fast and has no limits:
 * it takes a minute over some million brackets inside each other. So the bytes are looked through first, which costs
 * about a nanosecond for each.
 */
import { DecodeError, shorten } from '@clew/model';
import { checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import { MAX_NESTING } from '../wire/reader.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LIST_START = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

/**
 * Parses `bytes` and gives the elements of the list they are. Bytes that are not UTF-8 become U+FFFD. Throws
 * `DecodeError` when it is not JSON, not a list or nested more than 32 deep, and `LimitError` when the list is too long.
 */
export function parseSpanList(
  bytes: Uint8Array,
  format: string,
  limits: DecodeLimits,
): readonly unknown[] {
  checkShape(bytes, format, limits);
  const text = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // The engine tells where only sometimes; of a text that is cut short we know it.
    const known = message.includes('end of JSON') ? bytes.length : 0;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? known);
    throw new DecodeError(shorten(message), { format, offset, cause });
  }
  if (!Array.isArray(value))
    throw new DecodeError('expected a list of spans', { format, offset: 0 });
  return value as readonly unknown[];
}

function checkShape(bytes: Uint8Array, format: string, limits: DecodeLimits): void {
  let depth = 0;
  let spanCount = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = findStringEnd(bytes, at);
    else if (byte === COMMA && depth === 1) checkSpanCount(++spanCount, limits);
    else if (byte === LIST_END || byte === OBJECT_END) depth--;
    else if ((byte === LIST_START || byte === OBJECT_START) && ++depth > MAX_NESTING) {
      const message = `values are nested more than ${MAX_NESTING} deep`;
      throw new DecodeError(message, { format, offset: at });
    }
  }
}

/** The place of the quotation mark that ends the text which begins at `start`. */
function findStringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
