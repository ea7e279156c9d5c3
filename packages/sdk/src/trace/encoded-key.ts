/**
 * Attributes' keys as they stand in OTLP. A program has a few hundred keys and writes them again and again, so they are encoded
 * once: copying words is quicker than asking a string for each of its characters.
 */
export interface EncodedKey {
  /** Of `KeyValue.key` with tag and length, in bytes. */
  readonly size: number;
  /** The same bytes, the lowest first; the last word is filled up with zeros. */
  readonly words: Int32Array;
}

/** A program that makes keys up as it goes must not fill the memory: its further keys are written as any text. */
const MAX_KEYS = 2048;
/** In characters. */
const LONGEST_KEY = 64;
const KEY = 0x0a;
/** Looked at before anything is made, because a key that is none is looked at each time. */
const ASCII = /^[\0-\x7f]*$/;

const known = new Map<string, EncodedKey>();

/** Undefined for a key that is long or not ASCII, or when there are too many. */
export function encodeKey(key: string): EncodedKey | undefined {
  return known.get(key) ?? addKey(key);
}

function addKey(key: string): EncodedKey | undefined {
  if (known.size >= MAX_KEYS || key.length > LONGEST_KEY || !ASCII.test(key)) return undefined;
  const size = key.length + 2;
  const bytes = new Uint8Array(4 * Math.ceil(size / 4));
  bytes[0] = KEY;
  bytes[1] = key.length;
  for (let i = 0; i < key.length; i++) bytes[i + 2] = key.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  const words = Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  const encoded = { size, words };
  known.set(key, encoded);
  return encoded;
}
