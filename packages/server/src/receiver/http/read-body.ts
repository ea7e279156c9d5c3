import type { IncomingMessage } from 'node:http';
import { DecodeError } from '@clew/model';
import type { BudgetShare } from '../byte-budget.ts';
import { RequestAbortedError } from '../failure.ts';
import { inflateZstd } from '../inflate-zstd.ts';
import { createInflater } from '../inflate.ts';
import type { Compression } from '../inflate.ts';
import { PieceBuffer } from '../piece-buffer.ts';
import { checkRequestSize } from '../request-size.ts';
import type { ContentEncoding } from './content-encoding.ts';

export interface BodyOptions {
  /** Holds for the bytes on the wire and for what they inflate to. */
  readonly maxBytes: number;
  readonly compression: ContentEncoding;
  /** Takes what the body holds in memory; its owner gives it back when the request is answered. */
  readonly share: BudgetShare;
}

/**
 * Reads a request's body, inflating it as it arrives. Stops at the limit, not after it: neither a body without end nor
 * one that inflates without end is ever held. What is left of a refused body is read and thrown away, so that the
 * sender, who may still be writing, gets to see the answer.
 *
 * Throws `LimitError`, `OverloadedError`, `DecodeError` (damaged or cut off) or `RequestAbortedError`.
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const { maxBytes, share, compression } = options;
  checkRequestSize(Number(request.headers['content-length'] ?? 0), maxBytes, 'compressed');
  const isStreamed = compression === 'gzip' || compression === 'deflate';
  const what = isStreamed ? 'decompressed' : 'compressed';
  const pieces = new PieceBuffer();
  const keep = (chunk: Buffer): void => {
    checkRequestSize(pieces.sizeBytes + chunk.length, maxBytes, what);
    share.take(chunk.length);
    pieces.add(chunk);
  };
  if (isStreamed) await readInflated(request, { maxBytes, compression, keep });
  else await readPlain(request, keep);
  const body = pieces.join();
  return compression === 'zstd' ? inflateZstd(body, { maxBytes, share }) : body;
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

interface Inflating {
  readonly maxBytes: number;
  readonly compression: Compression;
  readonly keep: (chunk: Buffer) => void;
}

function readInflated(
  request: IncomingMessage,
  { maxBytes, compression, keep }: Inflating,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const inflater = createInflater(compression);
    const fail = (error: unknown): void => {
      request.unpipe(inflater);
      request.removeListener('data', onData);
      request.resume();
      inflater.destroy();
      reject(error);
    };
    let wireBytes = 0;
    const onData = attempt((chunk: Buffer) => {
      wireBytes += chunk.length;
      checkRequestSize(wireBytes, maxBytes, 'compressed');
    }, fail);
    request.on('data', onData);
    inflater.on('data', attempt(keep, fail));
    inflater.once('end', resolve);
    inflater.once('error', (cause) => {
      const offset = wireBytes;
      fail(new DecodeError(cause.message, { format: compression, offset, cause }));
    });
    onAbort(request, fail);
    request.pipe(inflater);
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
