/** A growing table of rows of 32-bit numbers, one after the other. */
export class GrowingTable {
  readonly #rowSize: number;
  /** Rows lie one after the other. Another array after `add` had to make room. */
  values: Uint32Array<ArrayBuffer>;
  count = 0;

  constructor(rowSize: number) {
    this.#rowSize = rowSize;
    this.values = new Uint32Array(rowSize * 64);
  }

  /** Adds a row of zeros and gives its number. */
  add(): number {
    const row = this.count++;
    if (this.count * this.#rowSize > this.values.length) {
      const grown = new Uint32Array(this.values.length * 4);
      grown.set(this.values);
      this.values = grown;
    }
    return row;
  }
}
