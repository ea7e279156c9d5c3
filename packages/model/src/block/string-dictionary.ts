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
const FIRST_BYTES = 128;
/** Up to this length a loop is faster than `set`. */
const LOOP_BYTES = 64;
const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);
const NO_INTEGERS = new Int32Array(0);
/** What an empty dictionary has, long enough for every look at entry 0: looks past an end are slow ever after. */
const NO_STARTS = new Uint32Array(2);
const NO_GUESSES = new Int32Array(1);

export class StringDictionary {
  // A block has some thirty dictionaries, and most stay empty: nothing is allocated before the first string. Measured by
  // `otlp/decode/10-spans`.
  /** All strings, one after the other. */
  #bytes: Uint8Array<ArrayBuffer> = NO_BYTES;
  #view: DataView = NO_VIEW;
  /** Where each string begins, and after the last one where the next will. */
  #starts: Uint32Array<ArrayBuffer> = NO_STARTS;
  #hashes: Int32Array<ArrayBuffer> = NO_INTEGERS;
  /** Entry number plus one; 0 is a free slot. At most half full. Entry 0 has none, it is known by its length. */
  #slots: Int32Array<ArrayBuffer> = NO_INTEGERS;
  /** The entries that were last found, each at the place that its length, beginning and end give. As many as slots. */
  #recent: Int32Array<ArrayBuffer> = NO_GUESSES;
  /** The bytes that strings were last taken from: a whole request's come from the same. */
  #source: Uint8Array = NO_BYTES;
  #sourceView: DataView = NO_VIEW;
  count = 1;

  /** The number of the string `source[start, end)`, added when it is new. */
  intern(source: Uint8Array, start: number, end: number, view?: DataView): number {
    const entry = this.find(source, start, end, view);
    return entry === -1 ? this.add(source, start, end, view) : entry;
  }

  /**
   * The number of the string `source[start, end)`; -1 when it is new.
   *
   * Most strings have been seen before, so the entry that was last found for the same length, beginning and end is tried
   * first: that costs a comparison and no hash of the whole. Measured by `otlp/decode/2000-spans`.
   *
   * `view` is the source's own, where the caller has one: making it for each dictionary takes longer than a small request.
   */
  find(source: Uint8Array, start: number, end: number, view?: DataView): number {
    if (end === start) return 0;
    if (source !== this.#source) this.#setSource(source, view);
    const guess = this.#recent[this.#guessAt(start, end)] ?? 0;
    if (this.#equals(guess, start, end)) return guess;
    return this.#findByHash(start, end);
  }

  /** Adds a string that `find` has not found, and gives its number. */
  add(source: Uint8Array, start: number, end: number, view?: DataView): number {
    if (source !== this.#source) this.#setSource(source, view);
    if (this.count >= this.#hashes.length) this.#growTable();
    const entry = this.count++;
    const from = this.#starts[entry] ?? 0;
    const to = from + end - start;
    if (to > this.#bytes.length) this.#growBytes(to);
    this.#copy(start, end, from);
    this.#starts[entry + 1] = to;
    const hash = this.#hash(start, end);
    this.#hashes[entry] = hash;
    this.#place(entry, hash);
    this.#recent[this.#guessAt(start, end)] = entry;
    return entry;
  }

  /** All strings, one after the other, in the order of their numbers. A view: valid until the next string. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#starts[this.count] ?? 0);
  }

  /** Where in `bytes` each string begins, and where the last one ends. A view as well. */
  get starts(): Uint32Array {
    return this.#starts.subarray(0, this.count + 1);
  }

  /** Forgets all strings but the empty one, and keeps the memory. */
  clear(): void {
    this.#source = NO_BYTES;
    this.#sourceView = NO_VIEW;
    if (this.count === 1) return;
    this.#slots.fill(0);
    this.#recent.fill(0);
    this.count = 1;
  }

  internText(text: string): number {
    const bytes = encoder.encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The number of another dictionary's entry `index` in this one, added when it is new. */
  internFrom(dictionary: StringDictionary, index: number): number {
    const start = dictionary.#starts[index] ?? 0;
    const end = dictionary.#starts[index + 1] ?? start;
    return this.intern(dictionary.#bytes, start, end, dictionary.#view);
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

  /** Copies entry `index`, with its length in front. */
  writeEntryTo(target: ByteColumn, index: number): void {
    target.pushString(this.#bytes, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0);
  }

  #setSource(source: Uint8Array, view: DataView | undefined): void {
    this.#source = source;
    this.#sourceView = view ?? new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  #findByHash(start: number, end: number): number {
    if (this.count === 1) return -1;
    const hash = this.#hash(start, end);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const entry = (slots[slot] ?? 0) - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#equals(entry, start, end)) {
        this.#recent[this.#guessAt(start, end)] = entry;
        return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  #guessAt(start: number, end: number): number {
    const view = this.#sourceView;
    const length = end - start;
    const first = length < 4 ? view.getUint8(start) : view.getInt32(start, true);
    const last = length < 4 ? view.getUint8(end - 1) : view.getInt32(end - 4, true);
    const mixed = Math.imul(first ^ Math.imul(last ^ length, 0x9e3779b1), 0x85ebca77);
    return (mixed >>> 16) & (this.#recent.length - 1);
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

  /** A loop, up to where making a view of the source takes less time. */
  #copy(start: number, end: number, to: number): void {
    const bytes = this.#bytes;
    const source = this.#source;
    if (end - start > LOOP_BYTES) bytes.set(source.subarray(start, end), to);
    else for (let i = start, at = to; i < end; i++, at++) bytes[at] = source[i] ?? 0;
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #growBytes(needed: number): void {
    const grown = new Uint8Array(
      Math.max(needed, this.#bytes.length * growth(this.count), FIRST_BYTES),
    );
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #growTable(): void {
    const capacity = Math.max(this.#hashes.length * growth(this.count), FIRST_CAPACITY);
    const starts = new Uint32Array(capacity + 1);
    const hashes = new Int32Array(capacity);
    starts.set(this.#starts);
    hashes.set(this.#hashes);
    this.#starts = starts;
    this.#hashes = hashes;
    this.#recent = new Int32Array(capacity * 2);
    this.#slots = new Int32Array(capacity * 2);
    for (let entry = 1; entry < this.count; entry++) this.#place(entry, hashes[entry] ?? 0);
  }
}

/** A small dictionary grows in large steps: what counts then is how often memory is asked for. */
function growth(count: number): number {
  return count < 128 ? 4 : 2;
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ Math.imul(word, 0x9e3779b1), 0x85ebca77);
  return mixed ^ (mixed >>> 15);
}
