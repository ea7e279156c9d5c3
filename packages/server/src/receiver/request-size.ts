import { LimitError } from '@clew/model';

/** Throws `LimitError` when a request is too large for good. */
export function checkRequestSize(
  sizeBytes: number,
  maxBytes: number,
  what: 'compressed' | 'decompressed',
): void {
  if (sizeBytes <= maxBytes) return;
  throw new LimitError(`request exceeds ${maxBytes} bytes ${what}`, {
    limit: maxBytes,
    actual: sizeBytes,
  });
}
