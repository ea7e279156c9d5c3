/**
 * What both of Thrift's protocols read from: bytes and a position in them. Nothing is believed: a length is compared
 * with what is left before it is used, and nesting is counted, so hostile bytes cost no more than their own size.
 */
import { DecodeError } from '@clew/model';
import { MAX_NESTING } from './reader.ts';
import type { WireContext } from './reader.ts';
import { decodeText } from './text.ts';

export class ThriftCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #context: WireContext;
  /** The next unread byte. */
  position = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, context: WireContext) {
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#context = context;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** Moves past `count` bytes and gives the place where they begin. */
  take(count: number): number {
    const at = this.position;
    if (count > this.remaining) {
      this.fail(`truncated: ${count} bytes expected, ${this.remaining} left`);
    }
    this.position = at + count;
    return at;
  }

  /** Moves past `length` bytes and gives the place where they begin; a length that no bytes can have is refused. */
  takeLength(length: number): number {
    if (length < 0) this.fail(`length ${length} is negative`);
    return this.take(length);
  }

  /** A view of the next `length` bytes. */
  takeBytes(length: number): Uint8Array {
    const at = this.takeLength(length);
    return this.bytes.subarray(at, at + length);
  }

  /** The next `length` bytes as text; bytes that are not UTF-8 become U+FFFD. */
  takeText(length: number): string {
    return decodeText(this.takeBytes(length));
  }

  /** Checks how many elements a collection promises; each takes at least `elementBytes`. */
  checkSize(size: number, elementBytes: number): number {
    if (size < 0) this.fail(`collection size ${size} is negative`);
    if (size * elementBytes > this.remaining) {
      this.fail(`collection of ${size} elements in ${this.remaining} bytes`);
    }
    return size;
  }

  /** Goes into a struct or a collection; at most 32 are inside each other. */
  enter(): void {
    if (++this.#depth > MAX_NESTING) {
      this.fail(`more than ${MAX_NESTING} structs and collections inside each other`);
    }
  }

  leave(): void {
    this.#depth--;
  }

  fail(message: string, offset: number = this.position): never {
    const { format } = this.#context;
    throw new DecodeError(message, { format, offset, path: this.#context.path() });
  }
}
