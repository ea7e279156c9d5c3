/** A growing column of 32-bit numbers: flags, counts, dictionary indexes. */
export class Uint32Column {
  #values: Uint32Array<ArrayBuffer> = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Uint32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
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
}

/** A growing column of 32-bit floating-point numbers: sampling weights. */
export class Float32Column {
  #values: Float32Array<ArrayBuffer> = new Float32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Float32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
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
}
