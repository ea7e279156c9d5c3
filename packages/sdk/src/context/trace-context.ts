import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** Under which OpenTelemetry's API keeps the active span. */
const SPAN_KEY = createContextKey('OpenTelemetry Context Key SPAN');

/**
 * OpenTelemetry's context. Nearly all contexts differ in their span alone, so that is a field, and the map of everything else is
 * shared: to make a span active costs one small object, where the API's own context copies a map and makes three functions.
 */
export class TraceContext implements Context {
  static readonly root: TraceContext = new TraceContext(undefined, undefined);

  readonly #span: unknown;
  readonly #values: ReadonlyMap<symbol, unknown> | undefined;

  private constructor(span: unknown, values: ReadonlyMap<symbol, unknown> | undefined) {
    this.#span = span;
    this.#values = values;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.#span : this.#values?.get(key);
  }

  setValue(key: symbol, value: unknown): TraceContext {
    if (key === SPAN_KEY) return new TraceContext(value, this.#values);
    return new TraceContext(this.#span, new Map(this.#values).set(key, value));
  }

  deleteValue(key: symbol): TraceContext {
    if (key === SPAN_KEY) return new TraceContext(undefined, this.#values);
    const values = new Map(this.#values);
    values.delete(key);
    return new TraceContext(this.#span, values.size === 0 ? undefined : values);
  }
}
