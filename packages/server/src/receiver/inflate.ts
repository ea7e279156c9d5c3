import { createGunzip, createInflate } from 'node:zlib';
import type { Transform } from 'node:stream';

/** Compressions that a receiver undoes. `deflate` is zlib's format (RFC 1950), as HTTP and gRPC define it. */
export type Compression = 'gzip' | 'deflate';

/** Bytes inflated at a time: large enough that a usual request takes few trips to zlib's thread. */
const INFLATE_CHUNK_BYTES = 128 * 1024;

/** Takes compressed bytes and gives what they were; the stream fails when they are damaged or cut off. */
export function createInflater(compression: Compression): Transform {
  const options = { chunkSize: INFLATE_CHUNK_BYTES };
  return compression === 'gzip' ? createGunzip(options) : createInflate(options);
}
