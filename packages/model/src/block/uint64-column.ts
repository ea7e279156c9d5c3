/**
 * A growing column of 64-bit numbers, little-endian, as ClickHouse's Native format and OTLP's `fixed64` have them. Hot
 * code writes two 32-bit halves; `at` gives a `bigint` at the surface (a `bigint` per span costs three times as much).
 */
const NO_HALVES = new Uint32Array(0);
const FIRST_CAPACITY = 32;

export class Uint64Column {
  #halves: Uint32Array<ArrayBuffer> = NO_HALVES;
  length = 0;

  /** Makes room for `count` numbers more. */
  reserve(count: number): void {
    const needed = (this.length + count) << 1;
    if (needed > this.#halves.length) this.#grow(needed);
  }

  /** Either half may be signed or unsigned. */
  push(low: number, high: number): void {
    const at = this.length << 1;
    if (at === this.#halves.length) this.#grow(0);
    this.#halves[at] = low;
    this.#halves[at + 1] = high;
    this.length++;
  }

  pushBigint(value: bigint): void {
    this.push(Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
  }

  /** Forgets all values from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  /** Value `index` as an unsigned number. */
  at(index: number): bigint {
    const low = this.#halves[index << 1] ?? 0;
    const high = this.#halves[(index << 1) + 1] ?? 0;
    return (BigInt(high) << 32n) | BigInt(low);
  }

  /** The low and high halves in turn. A view: valid until the next `push`. */
  get halves(): Uint32Array<ArrayBuffer> {
    return this.#halves.subarray(0, this.length << 1);
  }

  /** The bytes as they go into a Native block. A view: valid until the next `push`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#halves.buffer, 0, this.length << 3);
  }

  #grow(needed: number): void {
    const grown = new Uint32Array(Math.max(needed, this.#halves.length * 2, FIRST_CAPACITY));
    grown.set(this.#halves);
    this.#halves = grown;
  }
}
