/** `POST /api/transform`: OTLP in JSON, as Jaeger's UI shows it. Nothing is stored and nothing adjusted. */
import { SpanBlock } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import {
  DEFAULT_DECODE_LIMITS,
  NO_DECODE_LIMITS,
  decodeTracesJson,
  readSpans,
} from '@clew/protocol';
import type { Context } from 'hono';
import type { Logger } from '../../telemetry/log.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import { unadjusted } from './adjust/standard.ts';
import { isPretty } from './answer.ts';
import type { ShownSpans } from './jaeger-queries.ts';
import { readBody } from './read-body.ts';
import { envelopePieces } from './trace-pieces.ts';

/** A trace of some 50,000 spans; the UI has the text and what becomes of it in memory. */
const MAX_BODY_BYTES = 32 * 1024 ** 2;

/** Nothing is kept, so nothing has to be cut. */
const LIMITS = { ...NO_DECODE_LIMITS, maxSpans: DEFAULT_DECODE_LIMITS.maxSpans };

export function createTransformRoute(log: Logger): (context: Context) => Promise<Response> {
  return async (context) => {
    const body = await readBody(context.req.raw, MAX_BODY_BYTES);
    const block = new SpanBlock('');
    decodeTracesJson(body, block, LIMITS);
    const pieces = envelopePieces(groupByTrace(readSpans(block)), {
      isPretty: isPretty(context),
      errorsAtEnd: () => [],
    });
    return piecewiseResponse(context, pieces, { contentType: 'application/json', log });
  };
}

/** In the order in which they are first seen. */
function groupByTrace(spans: readonly Span[]): readonly ShownSpans[] {
  const groups = new Map<TraceId, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.traceId);
    if (group === undefined) groups.set(span.traceId, [span]);
    else group.push(span);
  }
  return [...groups].map(([traceId, members]) => ({ traceId, spans: unadjusted(members) }));
}
