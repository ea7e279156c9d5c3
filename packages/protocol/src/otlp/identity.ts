/**
 * The 64-bit ids under which a resource or scope is stored once and referred to by its spans. Equal bytes give equal
 * ids in every process and for ever: the ids are in the store, so changing this function stores every resource again.
 *
 * Two 32-bit lanes in the manner of MurmurHash3, each feeding the other, because JavaScript multiplies 32 bits fast and
 * 64 bits slowly. It tells things apart that are different by accident; it is no defence against a sender that wants
 * two of its own resources to be mistaken for each other.
 */
const C1 = 0x239b961b;
const C2 = 0x38b34ae5;
const START_LOW = 0x5bd1e995;
const START_HIGH = 0x1b873593;

export class IdentityHash {
  /** The id's halves, after `finish`. */
  low = 0;
  high = 0;
  #length = 0;

  reset(): void {
    this.low = START_LOW;
    this.high = START_HIGH;
    this.#length = 0;
  }

  /** Takes in `bytes[start, end)`, and that a part ended here. */
  update(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    for (; at + 4 <= end; at += 4) this.#mix(readWord(bytes, at, 4));
    this.#mix(readWord(bytes, at, end - at));
    this.#mix(end - start);
    this.#length += end - start;
  }

  finish(): void {
    let low = this.low ^ this.#length;
    let high = this.high ^ this.#length;
    low = (low + high) | 0;
    high = (high + low) | 0;
    low = avalanche(low);
    high = avalanche(high);
    low = (low + high) | 0;
    high = (high + low) | 0;
    this.low = low;
    this.high = high;
  }

  #mix(word: number): void {
    const first = Math.imul(rotate(Math.imul(word, C1), 15), C2);
    this.low = (Math.imul((rotate(this.low ^ first, 13) + this.high) | 0, 5) + 0x561ccd1b) | 0;
    const second = Math.imul(rotate(Math.imul(word, C2), 17), C1);
    this.high = (Math.imul((rotate(this.high ^ second, 17) + this.low) | 0, 5) + 0x0bcaa747) | 0;
  }
}

/** Up to 4 bytes, little-endian. */
function readWord(bytes: Uint8Array, at: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i++) word |= (bytes[at + i] ?? 0) << (8 * i);
  return word;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
