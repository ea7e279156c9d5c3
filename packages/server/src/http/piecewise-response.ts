/**
 * An answer of any size, sent piece by piece as it is made: a piece is made when the client has taken those before it.
 *
 * What is small goes out in one piece, as any other answer does. A failure before the first pieces are sent is an answer of its own;
 * after that it breaks the connection, because a body that ended as if it were whole would be taken for it.
 */
import type { ServerResponse } from 'node:http';
import { Readable, pipeline } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Context } from 'hono';
import type { Logger } from '../telemetry/log.ts';
import { acceptsGzip, answerHeaders, bytesResponse } from './json-response.ts';

/** Text, or bytes. */
export type Piece = string | Uint8Array<ArrayBuffer>;

export interface PiecesOptions {
  readonly contentType: string;
  readonly log: Logger;
  /** Each piece is sent as soon as it is made: where pieces may be long in coming and each says something by itself. */
  readonly isPrompt?: boolean | undefined;
}

/** Up to this length an answer is sent whole. */
const WHOLE_LENGTH = 256 * 1024;
const GZIP_CHUNK_BYTES = 256 * 1024;

/** Rejects with whatever fails while the first pieces are made. */
export async function piecewiseResponse(
  context: Context,
  pieces: AsyncGenerator<Piece>,
  { contentType, log, isPrompt = false }: PiecesOptions,
): Promise<Response> {
  const acceptEncoding = context.req.header('accept-encoding');
  const { first, isAll } = await takeFirst(pieces, isPrompt ? 0 : WHOLE_LENGTH);
  if (isAll) return bytesResponse(join(first), { contentType, acceptEncoding });
  const headers = answerHeaders(contentType);
  const isCompressed = acceptsGzip(acceptEncoding);
  if (isCompressed) headers.set('content-encoding', 'gzip');
  const all = chain(first, pieces);
  const chunks = isCompressed ? compressed(all, isPrompt) : encoded(all);
  const body = toStream(chunks, {
    breakOff: (error) => {
      if (!context.req.raw.signal.aborted) {
        log.error('an answer broke off', { path: context.req.path, reason: String(error) });
      }
      const connection = connectionOf(context);
      connection?.destroy();
      return connection !== undefined;
    },
    onCancel: async () => {
      await chunks.return(undefined);
      // Of chunks that nobody has asked for yet, nobody has begun to take the pieces either.
      await pieces.return(undefined);
    },
  });
  return new Response(body, { headers });
}

interface StreamEnds {
  /** Says whether it has ended the connection. */
  readonly breakOff: (error: unknown) => boolean;
  readonly onCancel: () => Promise<void>;
}

/** Pieces until there are more of them than `wholeLength`. */
async function takeFirst(
  pieces: AsyncGenerator<Piece>,
  wholeLength: number,
): Promise<{ readonly first: readonly Piece[]; readonly isAll: boolean }> {
  const first: Piece[] = [];
  for (let length = 0; length <= wholeLength;) {
    const { done, value } = await pieces.next();
    if (done === true) return { first, isAll: true };
    first.push(value);
    length += value.length;
  }
  return { first, isAll: false };
}

/** Text alone stays text, which is sent without being copied. */
function join(pieces: readonly Piece[]): Piece {
  const texts = pieces.filter((piece) => typeof piece === 'string');
  if (texts.length === pieces.length) return texts.join('');
  return new Uint8Array(Buffer.concat(pieces.map(toBytes)));
}

async function* chain(
  first: readonly Piece[],
  others: AsyncGenerator<Piece>,
): AsyncGenerator<Piece> {
  yield* first;
  yield* others;
}

async function* encoded(pieces: AsyncGenerator<Piece>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield toBytes(piece);
}

/** The fastest level, off the main thread, as in `bytesResponse`. */
async function* compressed(
  pieces: AsyncGenerator<Piece>,
  isPrompt: boolean,
): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({
    level: constants.Z_BEST_SPEED,
    chunkSize: GZIP_CHUNK_BYTES,
    flush: isPrompt ? constants.Z_SYNC_FLUSH : constants.Z_NO_FLUSH,
  });
  // A failure of either ends the other, and comes out of the loop.
  pipeline(Readable.from(pieces, { highWaterMark: 1 }), gzip, () => undefined);
  for await (const chunk of gzip) yield chunk as Buffer;
}

/** A stream that asks for what it is asked for, and nothing ahead. */
function toStream(
  chunks: AsyncGenerator<Uint8Array>,
  { breakOff, onCancel }: StreamEnds,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          // Of a stream that fails, the server would print the error.
          if (!breakOff(error)) controller.error(error);
        }
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );
}

function toBytes(piece: Piece): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece) : piece;
}

/** What the answer is written to; none where no server runs, in a test. */
function connectionOf({ env }: Context): ServerResponse | undefined {
  const { outgoing } = (env ?? {}) as { readonly outgoing?: ServerResponse };
  return outgoing;
}
