import { TraceFlags, trace } from '@opentelemetry/api';
import type {
  Context,
  Span as ApiSpan,
  SpanContext,
  SpanOptions,
  Tracer,
} from '@opentelemetry/api';
import { isContext } from '../context/is-context.ts';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { TraceContext } from '../context/trace-context.ts';
import type { Span } from '../finishable-span.ts';
import type { SpanSampler } from '../sampling/sampler.ts';
import { checkSpanContext } from './check-span-context.ts';
import type { LocalSpan } from './local-span.ts';
import type { RandomWords } from './random-words.ts';
import { RecordingSpan } from './recording-span.ts';
import type { RecordingSpanParts } from './recording-span.ts';
import { readKind } from './span-kind.ts';
import type { SpanStart } from './span-start.ts';
import { TraceBits, wordAt } from './trace-bits.ts';
import { UnsampledSpan } from './unsampled-span.ts';

/** What all tracers of a process share. */
export interface TracerParts {
  readonly words: RandomWords;
  readonly sampler: SpanSampler;
  readonly start: SpanStart;
  readonly active: () => Context;
  /** Runs a function with a context as the active one. */
  readonly run: <A, T>(context: Context, fn: (arg: A) => T, arg: A) => T;
}

/** W3C Trace Context Level 2: the trace id is random, so that others may sample by it. */
const RANDOM_TRACE_ID = 0x02;

/** Starts the spans of one instrumentation scope. */
export class SpanTracer implements Tracer {
  readonly #parts: TracerParts;
  readonly #spanParts: RecordingSpanParts;

  constructor(parts: TracerParts, spanParts: RecordingSpanParts) {
    this.#parts = parts;
    this.#spanParts = spanParts;
  }

  startSpan(name: string, options?: SpanOptions, from?: Context): Span {
    try {
      return this.#start(name, options, isContext(from) ? from : this.#parts.active());
    } catch (thrown) {
      // Options that defend themselves, or a sampler or context of the application's own.
      this.#spanParts.complaints.tell('a span could not be started', thrown);
      return UnsampledSpan.none;
    }
  }

  #start(name: string, options: SpanOptions | undefined, from: Context): Span {
    if (isTracingSuppressed(from)) return UnsampledSpan.none;
    const { start, words, sampler } = this.#parts;
    this.#fill(name, options, from);
    const { serial } = start;
    const decision = sampler.decide(start);
    // The sampler has started spans itself, for which the same start was used.
    if (start.serial !== serial) this.#fill(name, options, from);
    start.spanWord0 = words.take();
    start.spanWord1 = words.takeNonZero();
    if (decision.traceState !== undefined) start.traceState = decision.traceState;
    const random = start.traceFlags & RANDOM_TRACE_ID;
    if (!decision.isSampled) {
      start.traceFlags = random;
      return new UnsampledSpan(start);
    }
    start.traceFlags = random | TraceFlags.SAMPLED;
    const span = new RecordingSpan(this.#spanParts, start);
    if (decision.attributes) span.setAttributes(decision.attributes);
    if (options?.startTime !== undefined) span.startAt(options.startTime);
    if (options?.links) span.addLinks(options.links);
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
    second: SpanOptions | F,
    third?: Context | F,
    fourth?: F,
  ): ReturnType<F> {
    // The function is the last of as many as were given.
    const fn = (fourth ?? third ?? second) as F;
    const options = third === undefined ? undefined : (second as SpanOptions);
    const given = fourth === undefined ? undefined : third;
    const from = isContext(given) ? given : this.#parts.active();
    const span = this.startSpan(name, options, from);
    return this.#parts.run(TraceContext.withSpan(from, span), fn, span) as ReturnType<F>;
  }

  #fill(name: string, options: SpanOptions | undefined, from: Context): void {
    const { start } = this.#parts;
    start.serial++;
    start.name = name;
    start.kind = readKind(options?.kind);
    start.attributes = options?.attributes;
    start.links = options?.links;
    start.context = from;
    this.#adopt(options?.root === true ? undefined : trace.getSpan(from));
  }

  /** Puts into the start what comes from the parent. */
  #adopt(parent: ApiSpan | undefined): void {
    if (parent instanceof RecordingSpan) this.#adoptLocal(parent, true);
    else if (parent instanceof UnsampledSpan && parent !== UnsampledSpan.none)
      this.#adoptLocal(parent, false);
    else this.#adoptForeign(parent && checkSpanContext(readContext(parent)));
  }

  #adoptLocal(parent: LocalSpan, isSampled: boolean): void {
    const { start } = this.#parts;
    start.trace = parent.trace;
    start.parent = 'local';
    start.parentIsSampled = isSampled;
    start.parentWord0 = parent.spanWord0;
    start.parentWord1 = parent.spanWord1;
    start.traceFlags = parent.traceFlags;
    start.traceState = parent.traceState;
    start.anchor = parent.anchor;
  }

  /** A parent in another process, or a span of another library, or none. */
  #adoptForeign(parent: SpanContext | undefined): void {
    const { start, words } = this.#parts;
    start.anchor = undefined;
    if (parent === undefined) {
      start.trace = TraceBits.random(words);
      start.parent = 'none';
      start.parentIsSampled = false;
      start.parentWord0 = 0;
      start.parentWord1 = 0;
      start.traceFlags = RANDOM_TRACE_ID;
      start.traceState = undefined;
      return;
    }
    start.trace = TraceBits.fromHex(parent.traceId);
    start.parent = parent.isRemote === true ? 'remote' : 'local';
    start.parentIsSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    start.parentWord0 = wordAt(parent.spanId, 0);
    start.parentWord1 = wordAt(parent.spanId, 8);
    start.traceFlags = parent.traceFlags;
    start.traceState = parent.traceState;
  }
}

/** What is said to be a span may be anything. */
function readContext(parent: ApiSpan): unknown {
  try {
    return parent.spanContext();
  } catch {
    return undefined;
  }
}
