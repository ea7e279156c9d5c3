import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Failure } from '../failure.ts';
import { GRPC_CODES, GRPC_OK } from '../grpc-code.ts';
import { encodeRetryStatus } from './retry-info.ts';

/** The answer of a method that succeeded. */
export interface GrpcAnswer {
  readonly message: Uint8Array;
  /** `partial` when some spans were refused; only metrics see it. `ok` by default. */
  readonly outcome?: 'ok' | 'partial';
}

/** Compressions in the form of `grpc-accept-encoding`. */
export const ACCEPTED_ENCODINGS = 'identity,deflate,gzip';

/** One byte that says whether the message is compressed, four of its length. */
export const FRAME_HEADER_BYTES = 5;

/** Answers with one message and the status `OK`. */
export function sendMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed || stream.closed) return;
  respondOnce(stream);
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': GRPC_OK }));
  stream.end(frameOf(message));
}

/**
 * Answers with each message as it comes, the next when the caller has taken the last, and the status `OK`. Rejects with what the
 * messages fail with, which `sendFailure` can then tell, and stops quietly when the caller goes away.
 */
export async function sendMessages(
  stream: ServerHttp2Stream,
  messages: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const message of messages) {
    if (stream.destroyed || stream.closed || stream.writableEnded) return;
    respondOnce(stream);
    if (!stream.write(frameOf(message))) await drained(stream);
  }
  if (stream.destroyed || stream.closed || stream.writableEnded) return;
  respondOnce(stream);
  endWith(stream, { 'grpc-status': GRPC_OK });
}

function respondOnce(stream: ServerHttp2Stream): void {
  if (stream.headersSent) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
}

function endWith(stream: ServerHttp2Stream, trailers: OutgoingHttpHeaders): void {
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end();
}

function drained(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      resolve();
    };
    stream.on('drain', go).on('close', go);
  });
}

function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + message.length);
  frame.writeUInt8(0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
}

/** Answers with a status and no further message: where there was none, one frame that is headers and trailers at once. */
export function sendFailure(stream: ServerHttp2Stream, failure: Failure): void {
  if (stream.headersSent) {
    if (!stream.destroyed && !stream.closed && !stream.writableEnded)
      endWith(stream, failureTrailers(failure));
    return;
  }
  endStream(stream, {
    ':status': 200,
    'content-type': 'application/grpc',
    ...failureTrailers(failure),
  });
}

/** Answers what is not gRPC at all in terms of HTTP (PROTOCOL-HTTP2, "HTTP2 Transport Mapping"). */
export function sendHttpStatus(stream: ServerHttp2Stream, status: 405 | 415): void {
  endStream(stream, { ':status': status });
}

function endStream(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond(headers, { endStream: true });
  // What is still to come of the request is thrown away, so that the sender, who may be writing, sees the answer.
  stream.resume();
}

function failureTrailers({ code, message, retryAfterMs }: Failure): OutgoingHttpHeaders {
  const status = { code: GRPC_CODES[code], message };
  return {
    'grpc-status': status.code,
    'grpc-message': percentEncode(message),
    ...(code === 'unimplemented' ? { 'grpc-accept-encoding': ACCEPTED_ENCODINGS } : {}),
    ...(retryAfterMs === undefined
      ? {}
      : { 'grpc-status-details-bin': encodeRetryStatus(status, retryAfterMs).toString('base64') }),
  };
}

/** Status messages are percent-encoded UTF-8 (PROTOCOL-HTTP2, "Responses"). */
function percentEncode(message: string): string {
  let encoded = '';
  for (const byte of Buffer.from(message)) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
