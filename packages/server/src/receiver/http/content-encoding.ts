import type { Compression } from '../inflate.ts';

/** How a body can be compressed; `identity` when it is not. */
export type ContentEncoding = Compression | 'zstd' | 'identity';

/** What `accept-encoding` tells a sender whose encoding is not supported (RFC 9110, 12.5.3). */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, zstd';

/** How a body is compressed; `undefined` for a way that is not supported, several at once included. */
export function parseContentEncoding(header: string | undefined): ContentEncoding | undefined {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
    // The OpenTelemetry Collector calls the same format by its own name, too.
    case 'zlib':
      return 'deflate';
    case 'zstd':
      return 'zstd';
    default:
      return undefined;
  }
}
