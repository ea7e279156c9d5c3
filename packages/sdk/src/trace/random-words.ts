import { randomFillSync } from 'node:crypto';

const WORDS_PER_PAGE = 1024;

/** 32-bit numbers from the system's cryptographic generator, fetched in pages because each call into it costs a microsecond. */
export class RandomWords {
  readonly #page = new Int32Array(WORDS_PER_PAGE);
  #used: number = WORDS_PER_PAGE;

  take(): number {
    if (this.#used === WORDS_PER_PAGE) {
      randomFillSync(this.#page);
      this.#used = 0;
    }
    return this.#page[this.#used++] ?? 0;
  }

  takeNonZero(): number {
    for (;;) {
      const word = this.take();
      if (word !== 0) return word;
    }
  }
}
