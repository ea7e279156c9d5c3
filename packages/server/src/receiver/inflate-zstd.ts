import { setImmediate } from 'node:timers/promises';
import { ZstdDecompressor } from '@clew/protocol';
import type { BudgetShare } from './byte-budget.ts';

export interface InflateZstdOptions {
  /** Of what comes out. */
  readonly maxBytes: number;
  /** Takes what comes out. */
  readonly share: BudgetShare;
}

/** How long others may have to wait; a block, which is not interrupted, takes about a millisecond. */
const SLICE_MS = 4;

/**
 * What `bytes` were before they were compressed. Node 20's zlib does not know Zstandard, so this runs in JavaScript, in
 * slices. Throws `LimitError`, `OverloadedError` or `DecodeError`.
 */
export async function inflateZstd(
  bytes: Buffer,
  { maxBytes, share }: InflateZstdOptions,
): Promise<Buffer> {
  const decompressor = new ZstdDecompressor(bytes, { maxBytes });
  let heldBytes = 0;
  let sliceStartMs = performance.now();
  while (decompressor.step()) {
    if (decompressor.heldBytes > heldBytes) {
      share.take(decompressor.heldBytes - heldBytes);
      heldBytes = decompressor.heldBytes;
    }
    if (performance.now() - sliceStartMs < SLICE_MS) continue;
    await setImmediate();
    sliceStartMs = performance.now();
  }
  const { buffer, byteOffset, byteLength } = decompressor.output;
  return Buffer.from(buffer, byteOffset, byteLength);
}
