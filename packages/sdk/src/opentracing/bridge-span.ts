import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { AttributeValue, Attributes, Span as ApiSpan, TimeInput } from '@opentelemetry/api';
import { Span } from 'opentracing';
import type { Tracer } from 'opentracing';
import type { BridgeContext } from './bridge-context.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * OpenTracing's span over one of OpenTelemetry's, as OpenTelemetry's compatibility specification translates it ("OpenTracing
 * Compatibility", sections "Span Shim" and "Error handling").
 */
export class BridgeSpan extends Span {
  readonly #tracer: Tracer;
  readonly #span: ApiSpan;
  #bridge: BridgeContext;

  constructor(tracer: Tracer, span: ApiSpan, bridge: BridgeContext) {
    super();
    this.#tracer = tracer;
    this.#span = span;
    this.#bridge = bridge;
  }

  protected override _context(): BridgeContext {
    return this.#bridge;
  }

  protected override _tracer(): Tracer {
    return this.#tracer;
  }

  protected override _setOperationName(name: string): void {
    this.#span.updateName(name);
  }

  protected override _setBaggageItem(key: string, value: string): void {
    this.#bridge = this.#bridge.withBaggage(key, value);
  }

  protected override _getBaggageItem(key: string): string | undefined {
    return this.#bridge.baggageItem(key);
  }

  protected override _addTags(tags: Fields): void {
    for (const [key, value] of Object.entries(tags)) {
      if (key === 'error') this.#setError(value);
      else this.#span.setAttribute(key, toAttributeValue(value));
    }
  }

  protected override _log(fields: Fields, timestamp?: number): void {
    const time = toTime(timestamp);
    const error = fields['error.object'];
    if (fields['event'] === 'error' && error instanceof Error) {
      this.#span.recordException(error, time);
      return;
    }
    const event = fields['event'];
    const name = typeof event === 'string' && event !== '' ? event : 'log';
    if (name === 'error') this.#span.addEvent('exception', toException(fields), time);
    else this.#span.addEvent(name, toAttributes(fields), time);
  }

  protected override _finish(finishTime?: number): void {
    this.#span.end(toTime(finishTime));
  }

  #setError(value: unknown): void {
    if (value === true || value === 'true') this.#span.setStatus({ code: SpanStatusCode.ERROR });
    else if (value === false || value === 'false') {
      this.#span.setStatus({ code: SpanStatusCode.OK });
    } else this.#span.setAttribute('error', toAttributeValue(value));
  }
}

const KINDS: ReadonlyMap<unknown, SpanKind> = new Map([
  ['client', SpanKind.CLIENT],
  ['server', SpanKind.SERVER],
  ['producer', SpanKind.PRODUCER],
  ['consumer', SpanKind.CONSUMER],
]);

/** OpenTracing says it in a tag, and OpenTelemetry when a span begins. */
export function kindOf(tags: Fields | undefined): SpanKind {
  return KINDS.get(tags?.['span.kind']) ?? SpanKind.INTERNAL;
}

/** OpenTracing counts milliseconds since 1970, also of times long ago. */
export function toTime(milliseconds: number | undefined): TimeInput | undefined {
  if (milliseconds === undefined) return undefined;
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}

const EXCEPTION_KEYS: ReadonlyMap<string, string> = new Map([
  ['error.kind', 'exception.type'],
  ['message', 'exception.message'],
  ['stack', 'exception.stacktrace'],
]);

function toException(fields: Fields): Attributes {
  const renamed = Object.entries(fields).map(([key, value]) => [
    EXCEPTION_KEYS.get(key) ?? key,
    value,
  ]);
  return toAttributes(Object.fromEntries(renamed) as Fields);
}

/** The event's name is not an attribute as well. */
function toAttributes(fields: Fields): Attributes {
  const attributes: Attributes = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key !== 'event' && value !== undefined) attributes[key] = toAttributeValue(value);
  }
  return attributes;
}

/** OpenTracing takes anything for a value: what OpenTelemetry has no type for becomes text. */
export function toAttributeValue(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  try {
    if (value instanceof Error) return String(value);
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return 'a value that cannot be told';
  }
}
