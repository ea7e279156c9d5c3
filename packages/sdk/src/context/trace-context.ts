import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** Under which OpenTelemetry's API keeps the active span. */
const SPAN_KEY = createContextKey('OpenTelemetry Context Key SPAN');

/**
 * OpenTelemetry's context. Nearly all contexts differ in their span alone, so that is a field, and everything else is shared: to
 * make a span active costs one small object, where the API's own context copies a map and makes three functions.
 */
export class TraceContext implements Context {
  static readonly root: TraceContext = new TraceContext(undefined, undefined, undefined);

  readonly #span: unknown;
  /** A value that was deleted is undefined. */
  readonly #values: ReadonlyMap<symbol, unknown> | undefined;
  /** A context of the API's own that this one goes on from; its span does not count. */
  readonly #base: Context | undefined;

  private constructor(
    span: unknown,
    values: ReadonlyMap<symbol, unknown> | undefined,
    base: Context | undefined,
  ) {
    this.#span = span;
    this.#values = values;
    this.#base = base;
  }

  /** What `trace.setSpan` answers with, whoever made the context, at the price of one of these. */
  static withSpan(context: Context, span: unknown): TraceContext {
    if (context instanceof TraceContext) {
      return new TraceContext(span, context.#values, context.#base);
    }
    return new TraceContext(span, undefined, context);
  }

  getValue(key: symbol): unknown {
    if (key === SPAN_KEY) return this.#span;
    if (this.#values?.has(key) === true) return this.#values.get(key);
    return this.#base?.getValue(key);
  }

  setValue(key: symbol, value: unknown): TraceContext {
    if (key === SPAN_KEY) return TraceContext.withSpan(this, value);
    return new TraceContext(this.#span, new Map(this.#values).set(key, value), this.#base);
  }

  deleteValue(key: symbol): TraceContext {
    return this.setValue(key, undefined);
  }
}
