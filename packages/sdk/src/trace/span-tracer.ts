import {
  INVALID_SPAN_CONTEXT,
  SpanKind,
  TraceFlags,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import type { Scope } from '@clew/model';
import type {
  Context,
  Span as ApiSpan,
  SpanContext,
  SpanOptions,
  Tracer,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { withFinish } from '../finishable-span.ts';
import type { Span } from '../finishable-span.ts';
import type { IdGenerator } from './id-generator.ts';
import { RecordingSpan } from './recording-span.ts';
import type { RecordingSpanParts } from './recording-span.ts';
import type { SpanSampler } from './sampler.ts';
import type { SpanClock } from './span-clock.ts';
import type { SpanLimits } from './span-limits.ts';

/** What all tracers of a process share. */
export interface TracerParts {
  readonly ids: IdGenerator;
  readonly sampler: SpanSampler;
  readonly clock: SpanClock;
  readonly limits: SpanLimits;
  readonly onEnd: (span: RecordingSpan) => void;
}

/** W3C Trace Context Level 2: the trace id is random, so that others may sample by it. */
const RANDOM_TRACE_ID = 0x02;

/** Starts the spans of one instrumentation scope. */
export class SpanTracer implements Tracer {
  readonly #parts: TracerParts;
  readonly #spanParts: RecordingSpanParts;

  constructor(parts: TracerParts, scope: Scope) {
    this.#parts = parts;
    this.#spanParts = { scope, clock: parts.clock, limits: parts.limits, onEnd: parts.onEnd };
  }

  startSpan(name: string, options: SpanOptions = {}, from: Context = context.active()): Span {
    if (isTracingSuppressed(from)) return withFinish(trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
    const parentSpan = options.root === true ? undefined : trace.getSpan(from);
    const parent = validContext(parentSpan);
    const traceId = parent?.traceId ?? this.#parts.ids.createTraceId();
    const isSampled = this.#parts.sampler.isSampled(parent, traceId);
    const spanContext = this.#createContext(traceId, parent, isSampled);
    if (!isSampled) return withFinish(trace.wrapSpanContext(spanContext));
    const span = new RecordingSpan(this.#spanParts, {
      name,
      kind: options.kind ?? SpanKind.INTERNAL,
      context: spanContext,
      parent,
      offsetNano:
        parentSpan instanceof RecordingSpan
          ? parentSpan.offsetNano
          : this.#parts.clock.currentOffsetNano(),
      startTime: options.startTime,
    });
    if (options.attributes) span.setAttributes(options.attributes);
    if (options.links) span.addLinks(options.links);
    return span;
  }

  startActiveSpan<F extends (span: ApiSpan) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: ApiSpan) => unknown>(
    name: string,
    options: SpanOptions,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: ApiSpan) => unknown>(
    name: string,
    options: SpanOptions,
    from: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: ApiSpan) => unknown>(
    name: string,
    ...rest: readonly [F] | readonly [SpanOptions, F] | readonly [SpanOptions, Context, F]
  ): ReturnType<F> {
    const fn = rest[rest.length - 1] as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const from = rest.length > 2 ? (rest[1] as Context) : context.active();
    const span = this.startSpan(name, options, from);
    return context.with(trace.setSpan(from, span), () => fn(span) as ReturnType<F>);
  }

  #createContext(
    traceId: string,
    parent: SpanContext | undefined,
    isSampled: boolean,
  ): SpanContext {
    const random = parent === undefined ? RANDOM_TRACE_ID : parent.traceFlags & RANDOM_TRACE_ID;
    return {
      traceId,
      spanId: this.#parts.ids.createSpanId(),
      traceFlags: random | (isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE),
      ...(parent?.traceState === undefined ? {} : { traceState: parent.traceState }),
    };
  }
}

function validContext(span: ApiSpan | undefined): SpanContext | undefined {
  const spanContext = span?.spanContext();
  return spanContext !== undefined && isSpanContextValid(spanContext) ? spanContext : undefined;
}
