/** Traces, in the form that is asked for: of any size, but for the columns, piece by piece. */
import { TRACE_MEDIA_TYPES, readTrace, readTraces } from '@clew/api';
import type { Span, TraceId } from '@clew/model';
import { encodeResourceSpansJson, encodeTracesProtobuf } from '@clew/protocol';
import type { Hono } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import type { Piece } from '../piecewise-response.ts';
import { chooseMediaType } from '../choose-media-type.ts';
import { parseParameters } from './parse-parameters.ts';
import { readTraceId, toPattern } from './route-path.ts';
import { encodeTraceColumns } from './trace-columns.ts';
import { traceJsonPieces, tracesJsonPieces } from './trace-json.ts';

export interface TraceRoutesOptions {
  readonly queries: TraceQueries;
  readonly log: Logger;
}

interface TraceForm {
  readonly mediaType: string;
  readonly write: (
    queries: TraceQueries,
    traceId: TraceId,
    options: QueryOptions,
  ) => AsyncGenerator<Piece>;
}

const JSON_FORM: TraceForm = {
  mediaType: 'application/json',
  write: (queries, traceId, options) =>
    traceJsonPieces(traceId, queries.streamTrace(traceId, options)),
};

/** For those who name them. */
const OTHER_FORMS: readonly TraceForm[] = [
  {
    mediaType: TRACE_MEDIA_TYPES.columns,
    async *write(queries, traceId, options) {
      yield* encodeTraceColumns(await queries.readTraceColumns(traceId, options));
    },
  },
  {
    // For exports: all that OpenTelemetry says of the spans, and quicker to write and to read than JSON.
    mediaType: TRACE_MEDIA_TYPES.protobuf,
    write: (queries, traceId, options) => protobufPieces(queries.streamTrace(traceId, options)),
  },
  {
    mediaType: TRACE_MEDIA_TYPES.otlpJson,
    write: (queries, traceId, options) => otlpJsonPieces(queries.streamTrace(traceId, options)),
  },
];

async function* otlpJsonPieces(chunks: AsyncIterable<readonly Span[]>): AsyncGenerator<Piece> {
  let before = '{"resourceSpans":[';
  for await (const spans of chunks) {
    for (const resourceSpans of encodeResourceSpansJson(spans)) {
      yield `${before}${resourceSpans}`;
      before = ',';
    }
  }
  yield ']}\n';
}

/** Messages one after the other are one message. */
async function* protobufPieces(chunks: AsyncIterable<readonly Span[]>): AsyncGenerator<Piece> {
  for await (const spans of chunks) yield encodeTracesProtobuf(spans);
}

/** Several traces. */
export function mountTraces(app: Hono, { queries, log }: TraceRoutesOptions): void {
  app.get(toPattern(readTraces.path), (context) => {
    const { traceId } = parseParameters(readTraces.query, context.req.queries());
    const traceIds = traceId.map((each) => readTraceId(each));
    const { signal } = context.req.raw;
    const spans = queries.streamTraces(traceIds, { signal });
    const { protobuf } = TRACE_MEDIA_TYPES;
    const accept = context.req.header('accept');
    const contentType = chooseMediaType(accept, JSON_FORM.mediaType, [protobuf]);
    const pieces = contentType === protobuf ? protobufPieces(spans) : tracesJsonPieces(spans);
    return piecewiseResponse(context, pieces, { contentType, log });
  });
}

export function mountTrace(app: Hono, { queries, log }: TraceRoutesOptions): void {
  app.get(toPattern(readTrace.path), (context) => {
    const given = { traceId: [context.req.param('traceId') ?? ''] };
    const path = parseParameters(readTrace.pathParameters, given);
    parseParameters(readTrace.query, context.req.queries());
    const others = OTHER_FORMS.map(({ mediaType }) => mediaType);
    const chosen = chooseMediaType(context.req.header('accept'), JSON_FORM.mediaType, others);
    const form = OTHER_FORMS.find(({ mediaType }) => mediaType === chosen) ?? JSON_FORM;
    const { signal } = context.req.raw;
    const pieces = form.write(queries, readTraceId(path.traceId), { signal });
    return piecewiseResponse(context, pieces, { contentType: form.mediaType, log });
  });
}
