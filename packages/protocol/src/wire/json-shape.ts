/**
 * What JSON from somebody else looks like, before it is parsed: the engine's own parser is fast and has no limits. It takes a
 * minute over some million brackets inside each other, and makes a hundred bytes of memory of the two of an empty object. Looking
 * through the bytes costs about a nanosecond for each.
 */
import { DecodeError } from '@clew/model';

export interface JsonShapeLimits {
  /** For messages. */
  readonly format: string;
  /** Lists and objects inside each other. */
  readonly maxDepth: number;
  /** Called at each comma of the outermost list or object, with how many elements there are. */
  readonly onElement?: (count: number) => void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LIST_START = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

/** Spans in JSON have a value every eight bytes at most. Fewer values than `FEW_VALUES` may be as short as they like. */
const MIN_BYTES_OF_VALUE = 6;
const FEW_VALUES = 100_000;

/** Throws `DecodeError` for what is nested too deep, and for too many values in too few bytes. */
export function checkJsonShape(
  bytes: Uint8Array,
  { format, maxDepth, onElement }: JsonShapeLimits,
): void {
  const maxValues = Math.max(FEW_VALUES, bytes.length / MIN_BYTES_OF_VALUE);
  let depth = 0;
  let valueCount = 1;
  let elementCount = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = findStringEnd(bytes, at);
    else if (byte === LIST_END || byte === OBJECT_END) depth--;
    else if (byte === COMMA || byte === LIST_START || byte === OBJECT_START) {
      if (++valueCount > maxValues) {
        const message = `there are more values than one in ${MIN_BYTES_OF_VALUE} bytes`;
        throw new DecodeError(message, { format, offset: at });
      }
      if (byte !== COMMA && ++depth > maxDepth) {
        const message = `values are nested more than ${maxDepth} deep`;
        throw new DecodeError(message, { format, offset: at });
      }
      if (byte === COMMA && depth === 1) onElement?.(++elementCount);
    }
  }
}

/** The place of the quotation mark that ends the text which begins at `start`. */
function findStringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
