import type { SpanContext, TimeInput, TraceState } from '@opentelemetry/api';
import type { Span } from '../finishable-span.ts';
import { toSpanContext } from './local-span.ts';
import type { LocalSpan } from './local-span.ts';
import { SpanStart } from './span-start.ts';
import type { TraceBits } from './trace-bits.ts';

/** A span that nobody keeps: it carries the trace and the decision on, and forgets what it is told. */
export class UnsampledSpan implements Span, LocalSpan {
  /** Where tracing is suppressed: a span of no trace, which propagates nothing. */
  static readonly none: UnsampledSpan = new UnsampledSpan(new SpanStart());

  readonly trace: TraceBits;
  readonly spanWord0: number;
  readonly spanWord1: number;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  readonly anchor: undefined = undefined;
  #spanContext: SpanContext | undefined = undefined;

  constructor(start: SpanStart) {
    this.trace = start.trace;
    this.spanWord0 = start.spanWord0;
    this.spanWord1 = start.spanWord1;
    this.traceFlags = start.traceFlags;
    this.traceState = start.traceState;
  }

  spanContext(): SpanContext {
    return (this.#spanContext ??= toSpanContext(this));
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(): void {
    // Nobody keeps it.
  }

  end(_endTime?: TimeInput): void {
    // Nobody waits for it.
  }

  finish(_endTime?: TimeInput): void {
    // Nobody waits for it.
  }

  [Symbol.dispose](): void {
    // Nobody waits for it.
  }
}
