import { ByteColumn } from './byte-column.ts';

const EMPTY = new Uint8Array(0);
const encoder = new TextEncoder();
/** A mark at the beginning of a value belongs to the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The distinct strings of one column of one block, numbered in the order they were first seen: an open-addressing hash
 * table over byte ranges, so that a repeated service name, span name or attribute key costs a hash and a comparison and
 * never becomes a JavaScript string. Entry 0 is always the empty string, as `LowCardinality` columns want it.
 *
 * It lives as long as its block, so hostile cardinality costs one block's memory and is gone with it.
 */
export class StringDictionary {
  readonly #strings = new ByteColumn();
  #starts = new Uint32Array(64);
  #hashes = new Int32Array(64);
  /** Entry number plus one; 0 is a free slot. At most half full. */
  #slots = new Int32Array(128);
  count = 0;

  constructor() {
    this.intern(EMPTY, 0, 0);
  }

  /** The number of the string `source[start, end)`, added when it is new. */
  intern(source: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(source, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = (this.#slots[slot] ?? 0) - 1;
      if (entry < 0) return this.#add(source, start, end, hash);
      if (this.#hashes[entry] === hash && this.#equals(entry, source, start, end)) return entry;
      slot = (slot + 1) & mask;
    }
  }

  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The number of another dictionary's entry `index` in this one, added when it is new. */
  internFrom(dictionary: StringDictionary, index: number): number {
    const start = dictionary.#starts[index] ?? 0;
    return this.intern(dictionary.#strings.bytes, start, dictionary.#end(index));
  }

  /** Entry `index` as text; bytes that are not UTF-8 become U+FFFD. */
  text(index: number): string {
    const bytes = this.#strings.bytes;
    return decoder.decode(bytes.subarray(this.#starts[index] ?? 0, this.#end(index)));
  }

  /** Copies all entries, each with its length in front (Native's form of a `LowCardinality` dictionary). */
  writeTo(target: ByteColumn): void {
    const bytes = this.#strings.bytes;
    for (let i = 0; i < this.count; i++)
      target.pushString(bytes, this.#starts[i] ?? 0, this.#end(i));
  }

  #end(index: number): number {
    return index + 1 < this.count ? (this.#starts[index + 1] ?? 0) : this.#strings.length;
  }

  #equals(entry: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[entry] ?? 0;
    if (this.#end(entry) - from !== end - start) return false;
    const bytes = this.#strings.bytes;
    for (let i = start, at = from; i < end; i++, at++) if (bytes[at] !== source[i]) return false;
    return true;
  }

  #add(source: Uint8Array, start: number, end: number, hash: number): number {
    const entry = this.count++;
    if (entry === this.#starts.length) this.#grow();
    this.#starts[entry] = this.#strings.length;
    this.#hashes[entry] = hash;
    this.#strings.pushBytes(source, start, end);
    this.#place(entry, hash);
    return entry;
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #grow(): void {
    const capacity = this.#starts.length * 2;
    const starts = new Uint32Array(capacity);
    const hashes = new Int32Array(capacity);
    starts.set(this.#starts);
    hashes.set(this.#hashes);
    this.#starts = starts;
    this.#hashes = hashes;
    this.#slots = new Int32Array(capacity * 2);
    for (let i = 0; i + 1 < this.count; i++) this.#place(i, hashes[i] ?? 0);
  }
}

/** FNV-1a with a final mix: short keys dominate, where it is as good as anything longer. */
function hashBytes(source: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (source[i] ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) ^ (hash >>> 12);
}
