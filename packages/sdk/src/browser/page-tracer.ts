import {
  INVALID_SPAN_CONTEXT,
  TraceFlags,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import type {
  Context,
  Span,
  SpanContext,
  SpanOptions,
  TraceState,
  Tracer,
  TracerOptions,
  TracerProvider,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { Threshold } from '../sampling/threshold.ts';
import { CachedTraceState } from '../trace/cached-trace-state.ts';
import type { SpanLimits } from '../trace/span-limits.ts';
import { measureSkewMs } from './page-time.ts';
import { PageSpan } from './page-span.ts';
import type { PageSpanParts } from './page-span.ts';
import { givenText } from '../given-text.ts';

/** Who made spans, as OTLP has it. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

export interface PageTracerOptions {
  /** Of traces that begin here. */
  readonly sampleRatio: number;
  readonly limits: SpanLimits;
  /** Is told of each tracer that somebody asks for. */
  readonly onTracer: (scope: Scope) => void;
  /** Is given each span that ends, as OTLP's JSON. */
  readonly onEnd: (scope: Scope, json: string) => void;
}

/** W3C Trace Context Level 2: the trace id is random, so that others may sample by it. */
const RANDOM_TRACE_ID = 0x02;
/** The digits of a trace id that OpenTelemetry samples by are its last 14. */
const RANDOM_DIGITS = -14;

/** Hands out one tracer per instrumentation scope. */
export class PageTracerProvider implements TracerProvider {
  readonly #options: PageTracerOptions;
  readonly #sampling: Sampling;
  readonly #tracers = new Map<string, Tracer>();

  constructor(options: PageTracerOptions) {
    this.#options = options;
    this.#sampling = new Sampling(options.sampleRatio);
  }

  getTracer(name: string, version = '', { schemaUrl = '' }: TracerOptions = {}): Tracer {
    const scope = { name: givenText(name), version };
    const key = [scope.name, version, schemaUrl].join('\n');
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const { limits, onTracer, onEnd } = this.#options;
    onTracer(scope);
    const parts = { limits, onEnd: (json: string) => onEnd(scope, json) };
    const tracer = new PageTracer(parts, this.#sampling);
    this.#tracers.set(key, tracer);
    return tracer;
  }
}

/** Which traces that begin here are recorded, and what they say of it: the share, so that the receiver can weight its counts. */
class Sampling {
  readonly #threshold: Threshold | undefined;
  readonly traceState: TraceState | undefined;

  constructor(ratio: number) {
    this.#threshold = Threshold.ofProbability(ratio);
    const digits = this.#threshold?.digits;
    if (digits !== undefined && ratio < 1) {
      this.traceState = CachedTraceState.parse(`ot=th:${digits}`);
    }
  }

  admits(traceId: string): boolean {
    return this.#threshold?.admitsDigits(traceId.slice(RANDOM_DIGITS)) ?? false;
  }
}

class PageTracer implements Tracer {
  readonly #parts: PageSpanParts;
  readonly #sampling: Sampling;

  constructor(parts: PageSpanParts, sampling: Sampling) {
    this.#parts = parts;
    this.#sampling = sampling;
  }

  startSpan(name: string, options: SpanOptions = {}, from: Context = context.active()): Span {
    if (isTracingSuppressed(from)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const parentSpan = options.root === true ? undefined : trace.getSpan(from);
    const parent = validContext(parentSpan);
    const spanContext = this.#createContext(parent);
    if (!(spanContext.traceFlags & TraceFlags.SAMPLED)) return trace.wrapSpanContext(spanContext);
    const skewMs = parentSpan instanceof PageSpan ? parentSpan.skewMs : measureSkewMs();
    return new PageSpan(this.#parts, { name, spanContext, parent, skewMs }, options);
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest:
      | readonly [F]
      | readonly [SpanOptions, F]
      | readonly [SpanOptions, Context | undefined, F]
  ): ReturnType<F> {
    // The function is the last of as many as were given.
    const fn = rest.at(-1) as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const from = (rest.length > 2 ? (rest[1] as Context) : undefined) ?? context.active();
    const span = this.startSpan(name, options, from);
    return context.with(trace.setSpan(from, span), () => fn(span)) as ReturnType<F>;
  }

  /** Below a parent what it was decided there. */
  #createContext(parent: SpanContext | undefined): SpanContext {
    const spanId = randomHex(8);
    if (parent !== undefined) {
      const { traceId, traceFlags, traceState } = parent;
      return { traceId, spanId, traceFlags, ...(traceState && { traceState }) };
    }
    const traceId = randomHex(16);
    if (!this.#sampling.admits(traceId)) return { traceId, spanId, traceFlags: RANDOM_TRACE_ID };
    const { traceState } = this.#sampling;
    const traceFlags = RANDOM_TRACE_ID | TraceFlags.SAMPLED;
    return { traceId, spanId, traceFlags, ...(traceState && { traceState }) };
  }
}

function validContext(span: Span | undefined): SpanContext | undefined {
  const spanContext = span?.spanContext();
  return spanContext && isSpanContextValid(spanContext) ? spanContext : undefined;
}

function randomHex(byteCount: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(byteCount));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
