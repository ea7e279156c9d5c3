import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { DecodeError, LimitError, TraceError } from '@clew/model';
import type { ByteBudget } from './byte-budget.ts';

export interface BodyOptions {
  /** Holds for the bytes on the wire and for what they inflate to. */
  readonly maxBytes: number;
  readonly gzip: boolean;
  readonly budget: ByteBudget;
}

/** The sender went away before its request was complete, so there is nobody to answer. */
export class RequestAbortedError extends TraceError {
  readonly code = 'canceled';
}

/** Bytes inflated at a time: large enough that a usual request takes few trips to zlib's thread. */
const INFLATE_CHUNK_BYTES = 128 * 1024;

/**
 * Reads a request's body, inflating it as it arrives. Stops at the limit, not after it: neither a body without end nor
 * one that inflates without end is ever held. What is left of a refused body is read and thrown away, so that the
 * sender, who may still be writing, gets to see the answer.
 *
 * Throws `LimitError`, `OverloadedError`, `DecodeError` (not gzip, or cut off) or `RequestAbortedError`.
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const { maxBytes, budget, gzip } = options;
  checkSize(Number(request.headers['content-length'] ?? 0), maxBytes, 'compressed');
  const chunks: Buffer[] = [];
  let heldBytes = 0;
  const keep = (chunk: Buffer): void => {
    checkSize(heldBytes + chunk.length, maxBytes, gzip ? 'decompressed' : 'compressed');
    budget.take(chunk.length);
    heldBytes += chunk.length;
    chunks.push(chunk);
  };
  try {
    await (gzip ? readInflated(request, maxBytes, keep) : readPlain(request, keep));
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  } finally {
    // The caller decodes the body at once and lets go of it, so it need not stay on the account.
    budget.giveBack(heldBytes);
  }
}

function readPlain(request: IncomingMessage, keep: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      request.removeListener('data', onData);
      request.resume();
      reject(error);
    };
    const onData = attempt(keep, fail);
    request.on('data', onData);
    request.once('end', resolve);
    onAbort(request, fail);
  });
}

function readInflated(
  request: IncomingMessage,
  maxBytes: number,
  keep: (chunk: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const gunzip = createGunzip({ chunkSize: INFLATE_CHUNK_BYTES });
    const fail = (error: unknown): void => {
      request.unpipe(gunzip);
      request.removeListener('data', onData);
      request.resume();
      gunzip.destroy();
      reject(error);
    };
    let wireBytes = 0;
    const onData = attempt((chunk: Buffer) => {
      wireBytes += chunk.length;
      checkSize(wireBytes, maxBytes, 'compressed');
    }, fail);
    request.on('data', onData);
    gunzip.on('data', attempt(keep, fail));
    gunzip.once('end', resolve);
    gunzip.once('error', (cause) => {
      const offset = wireBytes;
      fail(new DecodeError(cause.message, { format: 'gzip', offset, cause }));
    });
    onAbort(request, fail);
    request.pipe(gunzip);
  });
}

function onAbort(request: IncomingMessage, fail: (error: unknown) => void): void {
  const abort = (cause?: unknown): void =>
    fail(new RequestAbortedError('the sender went away', { cause }));
  // A request that has come to its end closes too, perhaps while its last bytes are still being inflated.
  request.once('close', () => {
    if (!request.complete) abort();
  });
  request.once('error', abort);
}

/** Streams swallow what their listeners throw, so it is carried to the promise. */
function attempt(
  take: (chunk: Buffer) => void,
  fail: (error: unknown) => void,
): (chunk: Buffer) => void {
  return (chunk) => {
    try {
      take(chunk);
    } catch (error) {
      fail(error);
    }
  };
}

function checkSize(sizeBytes: number, maxBytes: number, what: string): void {
  if (sizeBytes <= maxBytes) return;
  throw new LimitError(`request exceeds ${maxBytes} bytes ${what}`, {
    limit: maxBytes,
    actual: sizeBytes,
  });
}
