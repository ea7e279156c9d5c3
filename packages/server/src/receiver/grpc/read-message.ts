import { constants } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { DecodeError } from '@clew/model';
import type { BudgetShare } from '../byte-budget.ts';
import { RequestAbortedError } from '../failure.ts';
import { inflateBytes } from '../inflate.ts';
import type { Compression } from '../inflate.ts';
import { PieceBuffer } from '../piece-buffer.ts';
import { checkRequestSize } from '../request-size.ts';
import { FRAME_HEADER_BYTES } from './answer.ts';
import { GrpcProtocolError } from './protocol-error.ts';

export interface MessageOptions {
  /** Holds for the message on the wire and for what it inflates to. */
  readonly maxBytes: number;
  /** Takes what the message holds in memory. */
  readonly share: BudgetShare;
}

/**
 * The one message of a unary call, inflated. Its frame may be spread over DATA frames in any way. Stops at the limit,
 * before the message has come when it announces to be too large.
 *
 * Throws `LimitError`, `OverloadedError`, `DecodeError` (damaged or cut off), `GrpcProtocolError` (a compression that is
 * not supported) or `RequestAbortedError`.
 */
export async function readMessage(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: MessageOptions,
): Promise<Buffer> {
  const frame = new FrameReader(headers['grpc-encoding'], options);
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      try {
        frame.add(chunk);
      } catch (error) {
        stream.removeListener('data', onData);
        reject(error);
      }
    };
    stream.on('data', onData);
    const abort = (): void => reject(new RequestAbortedError('the sender went away'));
    stream.once('end', () => {
      stream.removeListener('close', abort);
      // A call that was taken back comes to an end too.
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR) resolve();
      else abort();
    });
    stream.once('close', abort);
  });
  const message = frame.finish();
  if (frame.compression === undefined) return message;
  return inflateBytes(message, { compression: frame.compression, ...options });
}

/** Takes the bytes of a stream and finds the message in them. */
class FrameReader {
  /** Of this message; `undefined` when it is not compressed. Known when the message is complete. */
  compression: Compression | undefined;
  readonly #encoding: string | string[] | undefined;
  readonly #options: MessageOptions;
  readonly #pieces = new PieceBuffer();
  #header: Buffer = NO_BYTES;
  /** Of the message; `undefined` before its header is complete. */
  #messageBytes: number | undefined;

  constructor(encoding: string | string[] | undefined, options: MessageOptions) {
    this.#encoding = encoding;
    this.#options = options;
  }

  add(chunk: Buffer): void {
    if (this.#messageBytes !== undefined) return this.#addToMessage(chunk);
    const start = this.#header.length === 0 ? chunk : Buffer.concat([this.#header, chunk]);
    this.#header = start;
    if (start.length < FRAME_HEADER_BYTES) return;
    this.compression = readCompression(start[0] ?? 0, this.#encoding);
    this.#messageBytes = start.readUInt32BE(1);
    checkRequestSize(this.#messageBytes, this.#options.maxBytes, 'compressed');
    if (start.length > FRAME_HEADER_BYTES) this.#addToMessage(start.subarray(FRAME_HEADER_BYTES));
  }

  finish(): Buffer {
    const { sizeBytes } = this.#pieces;
    if (this.#messageBytes === sizeBytes) return this.#pieces.join();
    throw malformed('the message is cut off', this.#header.length === 0 ? 0 : sizeBytes);
  }

  #addToMessage(chunk: Buffer): void {
    if (this.#pieces.sizeBytes + chunk.length > (this.#messageBytes ?? 0))
      throw malformed('more than one message', this.#pieces.sizeBytes);
    this.#options.share.take(chunk.length);
    this.#pieces.add(chunk);
  }
}

const NO_BYTES = Buffer.alloc(0);

/** The first byte of a frame says whether its message is compressed, a header of the call says how. */
function readCompression(
  flag: number,
  encoding: string | string[] | undefined,
): Compression | undefined {
  if (flag === 0) return undefined;
  if (flag !== 1) throw malformed(`unknown flags ${flag}`, 0);
  if (encoding === 'gzip' || encoding === 'deflate') return encoding;
  if (encoding === undefined || encoding === 'identity')
    throw new GrpcProtocolError('internal', 'a compressed message without grpc-encoding');
  throw new GrpcProtocolError(
    'unimplemented',
    `compression "${String(encoding)}" is not supported; expected gzip, deflate or none`,
  );
}

function malformed(message: string, offset: number): DecodeError {
  return new DecodeError(message, { format: 'gRPC', offset });
}
