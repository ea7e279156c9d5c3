/** Traces by their ids, of any size: read and written some thousand spans at a time. */
import { parseTraceId, shorten } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import {
  TEMPO_NO_METRICS_FIELD,
  encodeResourceSpansProtoJson,
  encodeTempoTraceField,
  encodeTracesProtobuf,
} from '@clew/protocol';
import type { Hono } from 'hono';
import type { Context } from 'hono';
import type { TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import type { Piece } from '../piecewise-response.ts';
import { PROTOBUF, wantsProtobuf } from './answer.ts';
import { givenTimeRange, refuse } from './parameters.ts';
import { filterTrace, traceFilterOf } from './trace-filter.ts';

export interface TraceRoutesOptions {
  readonly queries: TraceQueries;
  readonly log: Logger;
}

export function mountTraces(app: Hono, { queries, log }: TraceRoutesOptions): void {
  app.get('/api/traces/:traceId', (context) => {
    const { traceId, parameters } = readRequest(context);
    givenTimeRange(parameters);
    const spans = queries.streamTrace(traceId, { signal: context.req.raw.signal });
    return wantsProtobuf(context)
      ? piecewiseResponse(context, protobufPieces(spans), { contentType: PROTOBUF, log })
      : piecewiseResponse(context, jsonPieces(spans, '{"batches":[', ']}\n'), {
          ...JSON_FORM,
          log,
        });
  });
  app.get('/api/v2/traces/:traceId', (context) => {
    const { traceId, parameters } = readRequest(context);
    givenTimeRange(parameters);
    const filter = traceFilterOf(parameters);
    const read = (): AsyncIterable<readonly Span[]> =>
      queries.streamTrace(traceId, { signal: context.req.raw.signal });
    const spans = filter === undefined ? read() : filterTrace(filter, read);
    return wantsProtobuf(context)
      ? piecewiseResponse(context, responsePieces(spans), { contentType: PROTOBUF, log })
      : piecewiseResponse(
          context,
          jsonPieces(spans, '{"trace":{"resourceSpans":[', ']},"metrics":{}}\n'),
          { ...JSON_FORM, log },
        );
  });
}

const JSON_FORM = { contentType: 'application/json' };

interface TraceRequest {
  readonly traceId: TraceId;
  readonly parameters: URLSearchParams;
}

function readRequest(context: Context): TraceRequest {
  const text = context.req.param('traceId') ?? '';
  const traceId = parseTraceId(text);
  if (traceId !== undefined) {
    return { traceId, parameters: new URL(context.req.url).searchParams };
  }
  if (text.length > 32) throw refuse('traceID', "trace IDs can't be larger than 128 bits");
  throw refuse('traceID', `trace IDs can only contain hex characters: "${shorten(text)}"`);
}

/** Messages one after the other are one message. */
async function* protobufPieces(chunks: AsyncIterable<readonly Span[]>): AsyncGenerator<Piece> {
  for await (const spans of chunks) yield encodeTracesProtobuf(spans);
}

/** Up to this length a trace is one field, whose length has to be known before it is sent. */
const MAX_FIELD_BYTES = 32 * 1024 ** 2;

async function* responsePieces(chunks: AsyncIterable<readonly Span[]>): AsyncGenerator<Piece> {
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const spans of chunks) {
    const piece = encodeTracesProtobuf(spans);
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes < MAX_FIELD_BYTES) continue;
    yield encodeTempoTraceField(pieces);
    pieces = [];
    sizeBytes = 0;
  }
  yield encodeTempoTraceField(pieces);
  yield TEMPO_NO_METRICS_FIELD;
}

async function* jsonPieces(
  chunks: AsyncIterable<readonly Span[]>,
  start: string,
  end: string,
): AsyncGenerator<Piece> {
  let before = start;
  for await (const spans of chunks) {
    for (const resourceSpans of encodeResourceSpansProtoJson(spans)) {
      yield before + resourceSpans;
      before = ',';
    }
  }
  yield (before === start ? start : '') + end;
}
