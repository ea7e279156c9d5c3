/**
 * Numbers 64-bit ids from 0 up, in the order in which they are first seen. Two typed arrays, because a trace of a million
 * spans has as many ids, and a `Map` of their texts takes several times the time and memory.
 *
 * A table with open addressing: ids come from whoever sends, so the hash begins at a number that no sender knows.
 */
const FIRST_CAPACITY = 64;

export class IdNumbers {
  readonly #seed = Math.trunc(Math.random() * 2 ** 32) | 0;
  /** A power of two, more than twice as many as there are ids. 0 is empty, else a number and 1. */
  #slots = new Int32Array(2 * FIRST_CAPACITY);
  /** The halves of each id in turn. */
  #halves = new Uint32Array(2 * FIRST_CAPACITY);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The number of an id, which is given by its halves. */
  numberOf(low: number, high: number): number {
    const slot = this.#find(low, high);
    const known = this.#slots[slot] ?? 0;
    if (known > 0) return known - 1;
    const number = this.#count++;
    this.#slots[slot] = this.#count;
    this.#halves[number << 1] = low;
    this.#halves[(number << 1) + 1] = high;
    if (this.#count << 1 === this.#halves.length) this.#grow();
    return number;
  }

  /** The same of an id as 16 hexadecimal digits. */
  numberOfHex(id: string): number {
    return this.numberOf(readHalf(id, 8), readHalf(id, 0));
  }

  /** The id of a number. */
  at(number: number): bigint {
    const low = this.#halves[number << 1] ?? 0;
    const high = this.#halves[(number << 1) + 1] ?? 0;
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** The slot that an id is in, or may be put in. */
  #find(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(low, high) & mask; ; slot = (slot + 1) & mask) {
      const at = ((this.#slots[slot] ?? 0) - 1) << 1;
      if (at < 0) return slot;
      if (this.#halves[at] === low >>> 0 && this.#halves[at + 1] === high >>> 0) return slot;
    }
  }

  #hash(low: number, high: number): number {
    let hash = Math.imul(low ^ this.#seed, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ high, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.#seed, 0x27d4eb2f);
    return hash ^ (hash >>> 16);
  }

  #grow(): void {
    const halves = new Uint32Array(this.#halves.length * 2);
    halves.set(this.#halves);
    this.#halves = halves;
    this.#slots = new Int32Array(halves.length);
    for (let number = 0; number < this.#count; number++) {
      const low = halves[number << 1] ?? 0;
      this.#slots[this.#find(low, halves[(number << 1) + 1] ?? 0)] = number + 1;
    }
  }
}

/** Eight hexadecimal digits. A letter's code is 9 less than its digit in the lower four bits, and has a bit that no number's has. */
function readHalf(id: string, from: number): number {
  let half = 0;
  for (let at = from; at < from + 8; at++) {
    const code = id.charCodeAt(at);
    half = (half << 4) | ((code & 15) + (code >> 6) * 9);
  }
  return half >>> 0;
}
