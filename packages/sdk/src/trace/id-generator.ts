import { randomFillSync } from 'node:crypto';

/** Makes the ids of traces and spans. */
export interface IdGenerator {
  /** 32 lower-case hexadecimal digits, not all zero. */
  createTraceId(): string;
  /** 16 lower-case hexadecimal digits, not all zero. */
  createSpanId(): string;
}

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** Ids from the system's cryptographic generator, fetched in pages because each call into it costs about a microsecond. */
export class RandomIdGenerator implements IdGenerator {
  readonly #page = Buffer.alloc(4096);
  #used: number = this.#page.length;

  createTraceId(): string {
    return this.#take(TRACE_ID_BYTES);
  }

  createSpanId(): string {
    return this.#take(SPAN_ID_BYTES);
  }

  #take(size: number): string {
    if (this.#used + size > this.#page.length) {
      randomFillSync(this.#page);
      this.#used = 0;
    }
    const id = this.#page.toString('hex', this.#used, this.#used + size);
    this.#used += size;
    return /[^0]/.test(id) ? id : this.#take(size);
  }
}
