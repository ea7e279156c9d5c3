/** `jaeger.api_v3.QueryService`: spans come as OTLP. */
import { decodeMessage, encodeMessage, encodeTracesProtobuf } from '@clew/protocol';
import type { MessageType } from '@clew/protocol';
import type { GrpcMethod } from '../../../receiver/grpc/server.ts';
import { withWarningsAttribute } from '../adjust/warnings-attribute.ts';
import type { JaegerQueries, ShownTraces } from '../jaeger-queries.ts';
import { requireTraceId } from '../trace-id.ts';
import { findTraceSummaries as findSummaries } from '../v3/trace-summary.ts';
import { boundedChunks } from './bounded-chunks.ts';
import { withListMethods } from './list-methods.ts';
import { decodeSearch } from './search-request.ts';

/** Without when the trace was: a hint for stores that need one. */
const GET_TRACE_REQUEST = {
  traceId: { number: 1, type: 'string' },
  rawTraces: { number: 4, type: 'bool' },
} as const satisfies MessageType;

const SERVICE_SUMMARY = {
  name: { number: 1, type: 'string' },
  spanCount: { number: 2, type: 'int32' },
  errorSpanCount: { number: 3, type: 'int32' },
} as const satisfies MessageType;

const TRACE_SUMMARY = {
  traceId: { number: 1, type: 'string' },
  rootServiceName: { number: 2, type: 'string' },
  rootOperationName: { number: 3, type: 'string' },
  minStartTimeUnixNano: { number: 4, type: 'fixed64' },
  maxEndTimeUnixNano: { number: 5, type: 'fixed64' },
  spanCount: { number: 6, type: 'int32' },
  errorSpanCount: { number: 7, type: 'int32' },
  orphanSpanCount: { number: 8, type: 'int32' },
  services: { number: 9, type: SERVICE_SUMMARY, repeated: true },
} as const satisfies MessageType;

const FIND_TRACE_SUMMARIES_RESPONSE = {
  summaries: { number: 1, type: TRACE_SUMMARY, repeated: true },
} as const satisfies MessageType;

export function createV3Methods(jaeger: JaegerQueries): Readonly<Record<string, GrpcMethod>> {
  return withListMethods(3, jaeger, {
    GetTrace: (message, { signal }) => getTrace(jaeger, message, signal),
    FindTraces: (message, { signal }) => findTraces(jaeger, message, signal),
    FindTraceSummaries: (message, { signal }) => findTraceSummaries(jaeger, message, signal),
  });
}

function getTrace(
  jaeger: JaegerQueries,
  message: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const asked = decodeMessage(GET_TRACE_REQUEST, message, 'jaeger query');
  const traceId = requireTraceId(asked.traceId ?? '', 'malform trace ID: ');
  return messagesOf(jaeger.readTrace(traceId, { signal, isRaw: asked.rawTraces ?? false }));
}

function findTraces(
  jaeger: JaegerQueries,
  message: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { terms, isRaw } = decodeSearch(message);
  return messagesOf(jaeger.findTraces(terms, { signal, isRaw }));
}

/** `TracesData` has the one field of what encodes an export. */
async function* messagesOf(traces: ShownTraces): AsyncGenerator<Uint8Array> {
  for await (const { spans } of traces) {
    yield* boundedChunks(spans.map(withWarningsAttribute), encodeTracesProtobuf);
  }
}

async function* findTraceSummaries(
  jaeger: JaegerQueries,
  message: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { terms } = decodeSearch(message);
  const summaries = await findSummaries(jaeger.queries, terms, { signal });
  if (summaries.length > 0) yield encodeMessage(FIND_TRACE_SUMMARIES_RESPONSE, { summaries });
}
