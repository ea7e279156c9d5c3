/** `jaeger.api_v2.QueryService`: spans come in Jaeger's own model. */
import { InvalidQueryError, formatHex, parseTraceId } from '@clew/model';
import type { TraceId } from '@clew/model';
import { JaegerSpanEncoder, decodeMessage } from '@clew/protocol';
import type { MessageType } from '@clew/protocol';
import type { GrpcMethod } from '../../../receiver/grpc/server.ts';
import type { JaegerQueries, ShownTraces } from '../jaeger-queries.ts';
import { boundedChunks } from './bounded-chunks.ts';
import { withListMethods } from './list-methods.ts';
import { decodeSearch } from './search-request.ts';

/** As many as Jaeger sends together; some clients have limits on a message. */
const SPANS_PER_CHUNK = 10;

/** `GetTraceRequest` and `ArchiveTraceRequest`, without when the trace was: a hint for stores that need one. */
const TRACE_REQUEST = {
  traceId: { number: 1, type: 'bytes' },
  rawTraces: { number: 4, type: 'bool' },
} as const satisfies MessageType;

const NO_ID = new Uint8Array(0);
const TRACE_ID_BYTES = 16;

const ARCHIVE_TRACE_RESPONSE = new Uint8Array(0);

export function createV2Methods(jaeger: JaegerQueries): Readonly<Record<string, GrpcMethod>> {
  return withListMethods(2, jaeger, {
    GetTrace: (message, { signal }) => getTrace(jaeger, message, signal),
    FindTraces: (message, { signal }) => findTraces(jaeger, message, signal),
    ArchiveTrace: async (message, { signal }) => {
      const { traceId } = decodeTraceRequest(message);
      await jaeger.queries.archiveTrace(traceId, { signal });
      return { message: ARCHIVE_TRACE_RESPONSE };
    },
  });
}

function getTrace(
  jaeger: JaegerQueries,
  message: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { traceId, isRaw } = decodeTraceRequest(message);
  return messagesOf(jaeger.readTrace(traceId, { signal, isRaw }));
}

function findTraces(
  jaeger: JaegerQueries,
  message: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { terms, isRaw } = decodeSearch(message);
  return messagesOf(jaeger.findTraces(terms, { signal, isRaw }));
}

async function* messagesOf(traces: ShownTraces): AsyncGenerator<Uint8Array> {
  let encoder = new JaegerSpanEncoder();
  let current: TraceId | undefined;
  for await (const { traceId, spans } of traces) {
    // It remembers processes, which each trace has its own of.
    if (traceId !== current) encoder = new JaegerSpanEncoder();
    current = traceId;
    for (let at = 0; at < spans.length; at += SPANS_PER_CHUNK) {
      const chunk = spans.slice(at, at + SPANS_PER_CHUNK);
      yield* boundedChunks(chunk, (part) => encoder.encodeChunk(part));
    }
  }
}

function decodeTraceRequest(message: Uint8Array): { traceId: TraceId; isRaw: boolean } {
  const asked = decodeMessage(TRACE_REQUEST, message, 'jaeger query');
  const { traceId: bytes = NO_ID } = asked;
  if (bytes.length > 0 && bytes.length !== TRACE_ID_BYTES)
    throw refuse(`a trace id has ${TRACE_ID_BYTES} bytes, and this one has ${bytes.length}`);
  const traceId = parseTraceId(formatHex(bytes));
  if (traceId === undefined) throw refuse('uninitialized TraceID is not allowed');
  return { traceId, isRaw: asked.rawTraces ?? false };
}

function refuse(message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter: 'trace_id' });
}
