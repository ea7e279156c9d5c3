import { createGunzip, createInflate } from 'node:zlib';
import type { Transform } from 'node:stream';
import { DecodeError } from '@clew/model';
import type { BudgetShare } from './byte-budget.ts';
import { PieceBuffer } from './piece-buffer.ts';
import { checkRequestSize } from './request-size.ts';

/** Compressions that a receiver undoes. `deflate` is zlib's format (RFC 1950), as HTTP and gRPC define it. */
export type Compression = 'gzip' | 'deflate';

export interface InflateOptions {
  readonly compression: Compression;
  /** Of what comes out. */
  readonly maxBytes: number;
  /** Takes what comes out. */
  readonly share: BudgetShare;
}

/** Bytes inflated at a time: large enough that a usual request takes few trips to zlib's thread. */
const INFLATE_CHUNK_BYTES = 128 * 1024;

/** Takes compressed bytes and gives what they were; the stream fails when they are damaged or cut off. */
export function createInflater(compression: Compression): Transform {
  const options = { chunkSize: INFLATE_CHUNK_BYTES };
  return compression === 'gzip' ? createGunzip(options) : createInflate(options);
}

/**
 * What `bytes` were before they were compressed. Stops at the limit, not after it. Throws `LimitError`,
 * `OverloadedError` or `DecodeError`.
 */
export function inflateBytes(
  bytes: Buffer,
  { compression, maxBytes, share }: InflateOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const inflater = createInflater(compression);
    const pieces = new PieceBuffer();
    inflater.on('data', (piece: Buffer) => {
      try {
        checkRequestSize(pieces.sizeBytes + piece.length, maxBytes, 'decompressed');
        share.take(piece.length);
        pieces.add(piece);
      } catch (error) {
        inflater.destroy();
        reject(error);
      }
    });
    inflater.once('end', () => resolve(pieces.join()));
    inflater.once('error', (cause) => {
      const offset = bytes.length;
      reject(new DecodeError(cause.message, { format: compression, offset, cause }));
    });
    inflater.end(bytes);
  });
}
