const START_LOW = 0x2545f491;
const START_HIGH = 0x4f6cdd1d;

/**
 * The 64-bit id of a set of attributes, from what they say: equal attributes give equal ids in every process and for ever. Two
 * lanes of 32 bits in the manner of MurmurHash3, each feeding the other. It tells sets apart that are different by accident;
 * it is no defence against a sender that wants two of its own to be mistaken for each other. It runs for each shared
 * attribute of each span. Measured by `bench -- rollup`.
 */
export class SetHash {
  low: number = START_LOW;
  high: number = START_HIGH;

  reset(): void {
    this.low = START_LOW;
    this.high = START_HIGH;
  }

  /** Goes on from where it was; both are 0 only where nothing was added. */
  resume(low: number, high: number): void {
    this.low = low;
    this.high = high;
  }

  /** The text `view[start, end)` under a key, given by its `hashOfKey`; four bytes at a time, the last four may overlap. */
  addText(key: number, view: DataView, start: number, end: number): void {
    let first = Math.imul(end - start, 0x10001) ^ key;
    let second = first;
    if (end - start < 4) {
      for (let at = start; at < end; at++) first = (first << 8) ^ view.getUint8(at);
    } else {
      // The lanes of a text do not wait for each other.
      for (let at = start; at < end - 4; at += 4) {
        const word = view.getInt32(at, true);
        first = Math.imul(first ^ word, 0x239b961b);
        first ^= first >>> 15;
        second = Math.imul(second + word, 0x85ebca77);
        second ^= second >>> 13;
      }
      const word = view.getInt32(end - 4, true);
      first ^= word;
      second = (second + word) | 0;
    }
    this.#mix(first);
    this.#mix(second);
  }

  /** An integer, given by its halves, under a key. */
  addInteger(key: number, low: number, high: number): void {
    this.#mix(~key);
    this.#mix(low);
    this.#mix(high);
  }

  /** Never 0, which is the id of no attributes. */
  finish(): void {
    const low = avalanche((this.low + this.high) | 0);
    const high = avalanche((this.high + low) | 0);
    this.low = (low + high) | 0;
    this.high = high === 0 ? 1 : high;
  }

  #mix(word: number): void {
    const low = Math.imul(this.low ^ Math.imul(word, 0x239b961b), 0x38b34ae5);
    this.low = ((low ^ (low >>> 15)) + this.high) | 0;
    const high = Math.imul(this.high ^ Math.imul(word, 0x85ebca77), 0xc2b2ae3d);
    this.high = ((high ^ (high >>> 13)) + this.low) | 0;
  }
}

/** What stands for a key in a set's id: made from its name, because the list of shared keys changes and ids must not. */
export function hashOfKey(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return avalanche(hash);
}

function avalanche(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
