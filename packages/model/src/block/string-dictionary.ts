/**
 * The distinct strings of one column of one block, numbered in the order they were first seen: an open-addressing hash
 * table over byte ranges, so that a repeated service name, span name or attribute key costs a hash and a comparison and
 * never becomes a JavaScript string. Entry 0 is always the empty string, as `LowCardinality` columns want it.
 *
 * It lives as long as its block, so hostile cardinality costs one block's memory and is gone with it. The hash begins
 * with a number that is different in every process: keys made to collide would make each look-up a walk.
 */
import type { ByteColumn } from './byte-column.ts';

const encoder = new TextEncoder();
/** A mark at the beginning of a value belongs to the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const SEED = Math.trunc(Math.random() * 2 ** 32);
const FIRST_CAPACITY = 8;
const NO_SOURCE = new Uint8Array(0);

export class StringDictionary {
  /** All strings, one after the other. */
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  /** Where each string begins, and after the last one where the next will. */
  #starts = new Uint32Array(FIRST_CAPACITY + 1);
  #hashes = new Int32Array(FIRST_CAPACITY);
  /** Entry number plus one; 0 is a free slot. At most half full. Entry 0 has none, it is known by its length. */
  #slots = new Int32Array(FIRST_CAPACITY * 2);
  /** The entry that came after each entry when that was last interned. */
  #followers = new Int32Array(FIRST_CAPACITY);
  #last = 0;
  /** The bytes that strings were last taken from: a whole request's come from the same. */
  #source: Uint8Array = NO_SOURCE;
  #sourceView: DataView = new DataView(NO_SOURCE.buffer);
  count = 1;

  /**
   * The number of the string `source[start, end)`, added when it is new.
   *
   * Spans of one kind have the same keys in the same order, so the entry that came after the last one before is tried
   * first: that costs a comparison and no hash. Measured by `otlp/decode/2000-spans`.
   */
  intern(source: Uint8Array, start: number, end: number): number {
    if (end === start) return 0;
    if (source !== this.#source) this.#setSource(source);
    const last = this.#last;
    const follower = this.#followers[last] ?? 0;
    if (this.#equals(follower, start, end)) {
      this.#last = follower;
      return follower;
    }
    const entry = this.#find(start, end);
    this.#followers[last] = entry;
    this.#last = entry;
    return entry;
  }

  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The number of another dictionary's entry `index` in this one, added when it is new. */
  internFrom(dictionary: StringDictionary, index: number): number {
    const start = dictionary.#starts[index] ?? 0;
    return this.intern(dictionary.#bytes, start, dictionary.#starts[index + 1] ?? start);
  }

  /** Entry `index` as text; bytes that are not UTF-8 become U+FFFD. */
  text(index: number): string {
    const start = this.#starts[index] ?? 0;
    return decoder.decode(this.#bytes.subarray(start, this.#starts[index + 1] ?? start));
  }

  /** Copies all entries, each with its length in front (Native's form of a `LowCardinality` dictionary). */
  writeTo(target: ByteColumn): void {
    for (let i = 0; i < this.count; i++) {
      target.pushString(this.#bytes, this.#starts[i] ?? 0, this.#starts[i + 1] ?? 0);
    }
  }

  #setSource(source: Uint8Array): void {
    this.#source = source;
    this.#sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  #find(start: number, end: number): number {
    const hash = this.#hash(start, end);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = (slots[slot] ?? 0) - 1;
      if (entry < 0) return this.#add(start, end, hash);
      if (this.#hashes[entry] === hash && this.#equals(entry, start, end)) return entry;
      slot = (slot + 1) & mask;
    }
  }

  /** Whether an entry is what the source has at `start`. Four bytes at a time; the last four may overlap. */
  #equals(entry: number, start: number, end: number): boolean {
    const from = this.#starts[entry] ?? 0;
    const to = this.#starts[entry + 1] ?? 0;
    if (to - from !== end - start) return false;
    if (end - start < 4) return this.#equalsShort(from, start, end);
    const view = this.#view;
    const sourceView = this.#sourceView;
    let at = from;
    for (let i = start; i < end - 4; i += 4, at += 4) {
      if (view.getInt32(at, true) !== sourceView.getInt32(i, true)) return false;
    }
    return view.getInt32(to - 4, true) === sourceView.getInt32(end - 4, true);
  }

  #equalsShort(from: number, start: number, end: number): boolean {
    for (let i = start, at = from; i < end; i++, at++) {
      if (this.#bytes[at] !== this.#source[i]) return false;
    }
    return true;
  }

  /** Four bytes at a time, mixed as MurmurHash3 does; the last four may overlap. */
  #hash(start: number, end: number): number {
    const view = this.#sourceView;
    let hash = SEED ^ (end - start);
    if (end - start < 4) {
      for (let i = start; i < end; i++) hash = mix(hash, view.getUint8(i));
    } else {
      for (let i = start; i < end - 4; i += 4) hash = mix(hash, view.getInt32(i, true));
      hash = mix(hash, view.getInt32(end - 4, true));
    }
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }

  #add(start: number, end: number, hash: number): number {
    if (this.count === this.#hashes.length) this.#growTable();
    const entry = this.count++;
    const from = this.#starts[entry] ?? 0;
    const to = from + end - start;
    if (to > this.#bytes.length) this.#growBytes(to);
    this.#bytes.set(this.#source.subarray(start, end), from);
    this.#starts[entry + 1] = to;
    this.#hashes[entry] = hash;
    this.#place(entry, hash);
    return entry;
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #growBytes(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #growTable(): void {
    const capacity = this.#hashes.length * 2;
    const starts = new Uint32Array(capacity + 1);
    const hashes = new Int32Array(capacity);
    const followers = new Int32Array(capacity);
    starts.set(this.#starts);
    hashes.set(this.#hashes);
    followers.set(this.#followers);
    this.#starts = starts;
    this.#hashes = hashes;
    this.#followers = followers;
    this.#slots = new Int32Array(capacity * 2);
    for (let entry = 1; entry < this.count; entry++) this.#place(entry, hashes[entry] ?? 0);
  }
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ Math.imul(word, 0x9e3779b1), 0x85ebca77);
  return mixed ^ (mixed >>> 15);
}
