import { promisify } from 'node:util';
import zlib from 'node:zlib';

const compress = promisify<Uint8Array, zlib.ZlibOptions, Buffer>(zlib.gzip);

/**
 * Compresses in another thread, which reads `body` until this resolves. At the fastest level: of 512 spans with
 * seven attributes it leaves 36 KB of 170, the usual level 33 KB in twice the time.
 */
export function gzipBody(body: Uint8Array): Promise<Uint8Array> {
  return compress(body, { level: zlib.constants.Z_BEST_SPEED });
}
