import { Span } from 'opentracing';
import { trace } from '@opentelemetry/api';
import type { Context, Span as ApiSpan } from '@opentelemetry/api';
import type { Tracer } from 'opentracing';
import { addLog } from './add-log.ts';
import { OpenTracingSpanContext } from './open-tracing-span-context.ts';
import { statusOfErrorTag, toAttributes } from './span-tags.ts';
import type { Tags } from './span-tags.ts';
import { toHrTime } from './to-hr-time.ts';

/** OpenTracing's view of an OpenTelemetry span. The public methods are inherited; they call those with an underscore. */
export class OpenTracingSpan extends Span {
  readonly #span: ApiSpan;
  readonly #owner: Tracer;
  #spanContext: OpenTracingSpanContext;

  /** `ctx` is what the span was started in: it has the baggage. */
  constructor(span: ApiSpan, ctx: Context, owner: Tracer) {
    super();
    this.#span = span;
    this.#owner = owner;
    this.#spanContext = OpenTracingSpanContext.from(trace.setSpan(ctx, span));
  }

  override context(): OpenTracingSpanContext {
    return this.#spanContext;
  }

  protected override _tracer(): Tracer {
    return this.#owner;
  }

  protected override _setOperationName(name: string): void {
    this.#span.updateName(name);
  }

  protected override _setBaggageItem(key: string, value: string): void {
    this.#spanContext = this.#spanContext.withBaggageItem(key, value);
  }

  protected override _getBaggageItem(key: string): string | undefined {
    return this.#spanContext.baggage?.getEntry(key)?.value;
  }

  protected override _addTags(tags: Tags): void {
    this.#span.setAttributes(toAttributes(tags));
    const status = statusOfErrorTag(tags);
    if (status !== undefined) this.#span.setStatus({ code: status });
  }

  protected override _log(fields: Tags, timestampMs?: number): void {
    addLog(this.#span, fields, toHrTime(timestampMs));
  }

  protected override _finish(finishTimeMs?: number): void {
    this.#span.end(toHrTime(finishTimeMs));
  }
}
