import { GrowingTable } from './growing-table.ts';

const FIRST_SLOTS = 1 << 10;
/** Growing in large steps: every row is placed anew each time. */
const GROWTH = 8;
const SECTION_FACTOR = 0x165667b1;

/**
 * Rows of 32-bit numbers that are found by their first five: an open-addressing hash table without an object per row. What
 * has a shorter key leaves the rest 0.
 */
export class KeyedRows {
  readonly #rowSize: number;
  readonly #table: GrowingTable;
  /** Row number plus one by hash; 0 is a free slot. At most half full. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** The last word of the keys, which is the same for many rows. */
  section = 0;

  /** `rowSize` is that of the key and of what comes after it. */
  constructor(rowSize: number) {
    this.#rowSize = rowSize;
    this.#table = new GrowingTable(rowSize);
  }

  get count(): number {
    return this.#table.count;
  }

  /** All rows. Another array after a row was added. */
  get values(): Uint32Array<ArrayBuffer> {
    return this.#table.values;
  }

  /**
   * The number of the row with these words and the section as its key, or minus one minus the number of the row that was
   * added for it.
   */
  find(a: number, b: number, c: number, d: number): number {
    const e = this.section;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const { values } = this.#table;
    let slot = hashOf(a, b, c, d ^ Math.imul(e, SECTION_FACTOR)) & mask;
    for (;;) {
      const row = (slots[slot] ?? 0) - 1;
      if (row < 0) return -1 - this.#add(slot, [a, b, c, d, e]);
      const at = row * this.#rowSize;
      if (
        values[at] === a &&
        values[at + 1] === b &&
        values[at + 2] === c &&
        values[at + 3] === d &&
        values[at + 4] === e
      ) {
        return row;
      }
      slot = (slot + 1) & mask;
    }
  }

  #add(slot: number, key: readonly number[]): number {
    const row = this.#table.add();
    this.#table.values.set(key, row * this.#rowSize);
    this.#slots[slot] = row + 1;
    if (this.#table.count * 2 > this.#slots.length) this.#growSlots();
    return row;
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * GROWTH);
    const mask = slots.length - 1;
    const { values, count } = this.#table;
    for (let row = 0; row < count; row++) {
      const at = row * this.#rowSize;
      const d = (values[at + 3] ?? 0) ^ Math.imul(values[at + 4] ?? 0, SECTION_FACTOR);
      let slot = hashOf(values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0, d) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(a: number, b: number, c: number, d: number): number {
  let hash =
    Math.imul(a ^ Math.imul(c, 0x9e3779b1), 0x85ebca77) ^
    Math.imul(b ^ Math.imul(d, 0xc2b2ae3d), 0x27d4eb2f);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
