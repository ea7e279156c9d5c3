import { LimitError } from '@clew/model';

const LINE_FEED = 0x0a;

/**
 * Reads a stream piece by piece, where the pieces are lines, records or all of it. Holds no more than the piece that is
 * being read and a chunk, so that files of any size are read in constant memory.
 */
export class ChunkReader {
  readonly #source: AsyncIterator<Buffer>;
  /** What has been read of the stream and not been taken. */
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #takenBytes = 0;
  #isEnded = false;
  /** Why the stream ended, when it broke. What came before it is taken first. */
  #failure: { readonly error: unknown } | undefined;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** How many bytes have been taken. */
  get position(): number {
    return this.#takenBytes;
  }

  /** The next `count` bytes, fewer at the end or before a break, without taking them. */
  async peek(count: number): Promise<Buffer> {
    while (this.#heldBytes < count && (await this.#readChunk()) !== undefined);
    if (this.#heldBytes === 0) this.#throwFailure();
    this.#join();
    return this.#chunks[0]?.subarray(0, count) ?? Buffer.alloc(0);
  }

  /** Takes the next `count` bytes, fewer at the end. */
  async take(count: number): Promise<Buffer> {
    while (this.#heldBytes < count && (await this.#readChunk()) !== undefined);
    if (this.#heldBytes < count) this.#throwFailure();
    return this.#takeHeld(Math.min(count, this.#heldBytes));
  }

  /** Takes a line without its end; `undefined` when there are no more. Throws `LimitError` for one that is too long. */
  async takeLine(maxBytes: number): Promise<Buffer | undefined> {
    let searchedBytes = 0;
    for (let index = 0; ; index++) {
      const chunk = this.#chunks[index] ?? (await this.#readChunk());
      if (chunk === undefined) break;
      const at = chunk.indexOf(LINE_FEED);
      checkSize(searchedBytes + Math.max(at, 0), maxBytes);
      if (at >= 0) return this.#takeHeld(searchedBytes + at + 1).subarray(0, -1);
      searchedBytes += chunk.length;
    }
    this.#throwFailure();
    checkSize(searchedBytes, maxBytes);
    return searchedBytes === 0 ? undefined : this.#takeHeld(searchedBytes);
  }

  /** Takes everything. Throws `LimitError` when that is too much. */
  async takeAll(maxBytes: number): Promise<Buffer> {
    while ((await this.#readChunk()) !== undefined) checkSize(this.#heldBytes, maxBytes);
    this.#throwFailure();
    return this.#takeHeld(this.#heldBytes);
  }

  async #readChunk(): Promise<Buffer | undefined> {
    if (this.#isEnded) return undefined;
    const chunk = await this.#readSource();
    if (chunk === undefined) this.#isEnded = true;
    else {
      this.#chunks.push(chunk);
      this.#heldBytes += chunk.length;
    }
    return chunk;
  }

  async #readSource(): Promise<Buffer | undefined> {
    try {
      const { value, done } = await this.#source.next();
      return done === true ? undefined : value;
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #takeHeld(count: number): Buffer {
    const parts: Buffer[] = [];
    let missing = count;
    let used = 0;
    while (missing > 0) {
      const chunk = this.#chunks[used] ?? Buffer.alloc(0);
      if (chunk.length > missing) {
        parts.push(chunk.subarray(0, missing));
        this.#chunks[used] = chunk.subarray(missing);
        break;
      }
      parts.push(chunk);
      missing -= chunk.length;
      used++;
    }
    this.#chunks.splice(0, used);
    this.#heldBytes -= count;
    this.#takenBytes += count;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes <= maxBytes) return;
  throw new LimitError(`more than ${maxBytes / 1024 ** 2} MiB in one piece`, {
    limit: maxBytes,
    actual: sizeBytes,
  });
}
