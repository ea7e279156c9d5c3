import { DecodeError } from '@clew/model';

/**
 * Goes through numbers and strings that lie one after the other, each string with its length in front; behind the end there
 * are zeros and empty strings. It runs for each string of each span, so nothing is made on the way. Measured by
 * `bench -- rollup`.
 */
export class StringCursor {
  readonly bytes: Uint8Array;
  /** Of the string that `next` has come to. */
  start = 0;
  end = 0;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  next(): void {
    const length = this.number();
    this.start = this.#position;
    this.end = this.#position += length;
    if (this.end > this.bytes.length) {
      throw new DecodeError('a string ends behind the bytes', {
        format: 'strings',
        offset: this.start,
      });
    }
  }

  string(): Uint8Array {
    this.next();
    return this.bytes.subarray(this.start, this.end);
  }

  /** LEB128, up to 32 bits. */
  number(): number {
    const { bytes } = this;
    let at = this.#position;
    if (at >= bytes.length) return 0;
    let value = bytes[at++] ?? 0;
    if (value > 127) {
      value &= 127;
      for (let scale = 128; at < bytes.length; scale *= 128) {
        const byte = bytes[at++] ?? 0;
        value += (byte & 127) * scale;
        if (byte < 128) break;
      }
    }
    this.#position = at;
    return value;
  }
}
