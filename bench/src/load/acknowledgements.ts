/** Which requests of a run were acknowledged: a bit each, by number. */
export class Acknowledgements {
  #bits = new Uint8Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(request: number): void {
    const byte = request >>> 3;
    if (byte >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(byte + 1, 2 * this.#bits.length));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    if (this.has(request)) return;
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (request & 7));
    this.#count++;
  }

  has(request: number): boolean {
    return ((this.#bits[request >>> 3] ?? 0) & (1 << (request & 7))) !== 0;
  }

  /** For a message to another process. */
  toText(): string {
    return Buffer.from(this.#bits).toString('base64');
  }

  static fromText(text: string): Acknowledgements {
    const bits = Uint8Array.from(Buffer.from(text, 'base64'));
    const result = new Acknowledgements();
    for (let request = 0; request < 8 * bits.length; request++) {
      if (((bits[request >>> 3] ?? 0) & (1 << (request & 7))) !== 0) result.add(request);
    }
    return result;
  }
}
