/** Columns allocate nothing before the first push: many of a block stay empty or short. */
const NO_INTEGERS = new Uint32Array(0);
const NO_FLOATS = new Float32Array(0);
const FIRST_CAPACITY = 16;

/** A growing column of 32-bit numbers: flags, counts, dictionary indexes. */
export class Uint32Column {
  #values: Uint32Array<ArrayBuffer> = NO_INTEGERS;
  length = 0;

  /** Makes room for `count` values more. */
  reserve(count: number): void {
    if (this.length + count > this.#values.length) this.#grow(this.length + count);
  }

  push(value: number): void {
    if (this.length === this.#values.length) this.#grow(0);
    this.#values[this.length++] = value;
  }

  /** Forgets all values from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** A view: valid until the next `push`. */
  get values(): Uint32Array<ArrayBuffer> {
    return this.#values.subarray(0, this.length);
  }

  #grow(needed: number): void {
    const grown = new Uint32Array(Math.max(needed, this.#values.length * 2, FIRST_CAPACITY));
    grown.set(this.#values);
    this.#values = grown;
  }
}

/** A growing column of 32-bit floating-point numbers: sampling weights. */
export class Float32Column {
  #values: Float32Array<ArrayBuffer> = NO_FLOATS;
  length = 0;

  /** Makes room for `count` values more. */
  reserve(count: number): void {
    if (this.length + count > this.#values.length) this.#grow(this.length + count);
  }

  push(value: number): void {
    if (this.length === this.#values.length) this.#grow(0);
    this.#values[this.length++] = value;
  }

  /** Forgets all values from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** A view: valid until the next `push`. */
  get values(): Float32Array<ArrayBuffer> {
    return this.#values.subarray(0, this.length);
  }

  #grow(needed: number): void {
    const grown = new Float32Array(Math.max(needed, this.#values.length * 2, FIRST_CAPACITY));
    grown.set(this.#values);
    this.#values = grown;
  }
}
