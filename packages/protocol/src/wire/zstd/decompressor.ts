/**
 * Zstandard (RFC 8878), decompressed block by block into one buffer that is also the window. Written for requests of
 * strangers: every length is checked before it is used, no block takes more work than its 128 KiB of output and the
 * tables it describes, nothing beyond `maxBytes` is kept, and between two blocks the caller may do something else.
 *
 * Dictionaries are not supported, and checksums of contents are passed over: the transport has its own.
 */
import { DecodeError, LimitError } from '@clew/model';
import type { HuffmanTable } from './huffman.ts';
import { readLiterals } from './literals.ts';
import { runSequences } from './sequences.ts';
import type { SequenceState, SequenceTarget } from './sequences.ts';
import { MAX_BLOCK_BYTES } from './sizes.ts';

export interface ZstdOptions {
  /** Of what comes out. */
  readonly maxBytes: number;
}

/** What is known of a frame while its blocks are read. */
interface Frame extends SequenceState {
  readonly start: number;
  /** As its header says; `undefined` when it does not. */
  readonly contentBytes: number | undefined;
  readonly blockBytes: number;
  readonly hasChecksum: boolean;
  huffman: HuffmanTable | undefined;
}

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

export class ZstdDecompressor {
  readonly #bytes: Uint8Array;
  readonly #maxBytes: number;
  #at = 0;
  #frame: Frame | undefined;
  #output: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #position = 0;

  /** Owns `bytes` until it is done. Several frames one after the other are one output. */
  constructor(bytes: Uint8Array, { maxBytes }: ZstdOptions) {
    this.#bytes = bytes;
    this.#maxBytes = maxBytes;
  }

  /** What has come out so far; valid until the next step. */
  get output(): Uint8Array<ArrayBuffer> {
    return this.#output.subarray(0, this.#position);
  }

  /** How much memory the output takes. */
  get heldBytes(): number {
    return this.#output.length;
  }

  /** Goes on by a block or a header; false when there is nothing left. Throws `DecodeError` and `LimitError`. */
  step(): boolean {
    if (this.#frame !== undefined) this.#readBlock(this.#frame);
    else if (this.#at < this.#bytes.length) this.#readHeader();
    else {
      if (this.#bytes.length === 0) this.#fail('no bytes');
      return false;
    }
    return true;
  }

  /** A frame's header (3.1.1.1), or the whole of a frame that is to be skipped (3.1.2). */
  #readHeader(): void {
    const magic = this.#take(4);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      this.#skip(this.#take(4));
      return;
    }
    if (magic !== MAGIC) this.#fail('not Zstandard');
    const flags = this.#take(1);
    if ((flags & 8) !== 0) this.#fail('a reserved bit is set');
    const isSingle = (flags & 32) !== 0;
    let windowBytes = isSingle ? 0 : toWindowBytes(this.#take(1));
    const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
    if (this.#take(dictionaryBytes) !== 0) this.#fail('dictionaries are not supported');
    const sizeFlag = flags >> 6;
    const sizeBytes = sizeFlag === 0 ? Number(isSingle) : 1 << sizeFlag;
    const contentBytes =
      sizeBytes === 0 ? undefined : this.#take(sizeBytes) + (sizeBytes === 2 ? 256 : 0);
    if (isSingle) windowBytes = contentBytes ?? 0;
    if (contentBytes !== undefined) this.#reserve(contentBytes, MAX_BLOCK_BYTES);
    this.#frame = {
      start: this.#position,
      contentBytes,
      blockBytes: Math.min(windowBytes, MAX_BLOCK_BYTES),
      hasChecksum: (flags & 4) !== 0,
      huffman: undefined,
      tables: undefined,
      offsets: [1, 4, 8],
    };
  }

  #readBlock(frame: Frame): void {
    const header = this.#take(3);
    const size = header >> 3;
    const type = (header >> 1) & 3;
    if (type === 3) this.#fail('a block of the reserved type');
    if (size > frame.blockBytes) this.#fail('a block that is too large');
    const before = this.#position;
    const start = this.#at;
    this.#skip(type === 1 ? 1 : size);
    if (type === 2) this.#decodeBlock(frame, start, start + size);
    else {
      this.#reserve(size);
      const { length } = this.#bytes;
      if (type === 0) this.#output.set(this.#bytes.subarray(start, start + size), before);
      else this.#output.fill(this.#bytes[Math.min(start, length)] ?? 0, before, before + size);
      this.#position += size;
    }
    if (this.#position - before > frame.blockBytes) this.#fail('a block that gives too much');
    if (this.#position > this.#maxBytes) this.#failLimit(this.#position);
    if ((header & 1) !== 0) this.#endFrame(frame);
  }

  #decodeBlock(frame: Frame, start: number, end: number): void {
    const literals = readLiterals(this.#bytes, start, end, frame.huffman);
    if (literals === undefined) this.#fail('malformed literals');
    frame.huffman = literals.huffman;
    this.#makeRoom(MAX_BLOCK_BYTES);
    const target: SequenceTarget = {
      bytes: this.#output,
      position: this.#position,
      frameStart: frame.start,
    };
    const section = { bytes: this.#bytes, start: literals.end, end, literals: literals.bytes };
    if (!runSequences(section, frame, target)) this.#fail('malformed sequences');
    this.#position = target.position;
  }

  #endFrame({ start, contentBytes, hasChecksum }: Frame): void {
    if (contentBytes !== undefined && this.#position - start !== contentBytes)
      this.#fail('a frame of another size than it says');
    if (hasChecksum) this.#skip(4);
    this.#frame = undefined;
  }

  /** Room for so much more, which must be within the limit, and for `spare` bytes after it. */
  #reserve(count: number, spare = 0): void {
    if (this.#position + count > this.#maxBytes) this.#failLimit(this.#position + count);
    this.#makeRoom(count + spare);
  }

  /** Blocks write up to their largest size before it is known how much they give, so the room may pass the limit. */
  #makeRoom(count: number): void {
    const needed = this.#position + count;
    if (needed <= this.#output.length) return;
    const grown = Math.min(this.#output.length * 2, this.#maxBytes + MAX_BLOCK_BYTES);
    const output = new Uint8Array(Math.max(needed, grown));
    output.set(this.output);
    this.#output = output;
  }

  /** A little-endian number of up to 8 bytes; one beyond 2^53 is beyond every limit, too. */
  #take(count: number): number {
    const start = this.#at;
    this.#skip(count);
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + (this.#bytes[start + i] ?? 0);
    return value;
  }

  #skip(count: number): void {
    if (this.#at + count > this.#bytes.length) this.#fail('cut off');
    this.#at += count;
  }

  #fail(message: string): never {
    throw new DecodeError(message, { format: 'zstd', offset: this.#at });
  }

  #failLimit(actual: number): never {
    const limit = this.#maxBytes;
    throw new LimitError(`request exceeds ${limit} bytes decompressed`, { limit, actual });
  }
}

/** A window descriptor: five bits of exponent, three of mantissa (3.1.1.1.2). */
function toWindowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
