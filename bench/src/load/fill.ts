/**
 * A store full of spans, as the shop would have sent them over a day. What stands in it follows from a few numbers, so
 * that questions with known answers can be made without looking into it.
 */
import { SpanBlock } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import { decodeTracesProtobuf, readSpans } from '@clew/protocol';
import { createTemplates } from './request-template.ts';
import type { RequestTemplate } from './request-template.ts';

export interface Fill {
  readonly seed: number;
  /** Pairs of requests of `SPANS_PER_REQUEST` spans. */
  readonly pairs: number;
  /** The last spans end here and the first ones a day before. */
  readonly endUnixMs: number;
}

export const SPANS_PER_REQUEST = 2000;
const TEMPLATE_PAIRS = 20;
const SPREAD_MS = 24 * 3600 * 1000;

/** Makes the requests of a fill, in any order. */
export class FillRequests {
  readonly #fill: Fill;
  readonly #templates: readonly RequestTemplate[] = createTemplates(
    TEMPLATE_PAIRS,
    SPANS_PER_REQUEST,
  );

  constructor(fill: Fill) {
    this.#fill = fill;
  }

  /** OTLP; good until the same request of another pair is asked for. Pairs follow each other in time. */
  bytesOf(pair: number, half: 0 | 1): Uint8Array {
    const { seed, pairs, endUnixMs } = this.#fill;
    const template = this.#templates[2 * (pair % TEMPLATE_PAIRS) + half];
    if (template === undefined) throw new Error('there are no templates');
    const nowUnixMs = endUnixMs - SPREAD_MS * (1 - (pair + 1) / pairs);
    template.stamp({ seed, request: 2 * pair + half, nowUnixMs });
    return template.bytes;
  }

  /** The traces of a pair of requests: none goes beyond it. */
  tracesOf(pair: number): ReadonlyMap<TraceId, readonly Span[]> {
    const traces = new Map<TraceId, Span[]>();
    for (const half of [0, 1] as const) {
      const block = new SpanBlock('default');
      decodeTracesProtobuf(this.bytesOf(pair, half), block);
      for (const span of readSpans(block)) {
        const trace = traces.get(span.traceId);
        if (trace === undefined) traces.set(span.traceId, [span]);
        else trace.push(span);
      }
    }
    return traces;
  }
}
