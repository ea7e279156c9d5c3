import { ROOT_CONTEXT, context, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { TextMapPropagator, TracerProvider } from '@opentelemetry/api';
import { FORMAT_BINARY, FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, Tags, Tracer } from 'opentracing';
import type { Span, SpanContext, SpanOptions } from 'opentracing';
import { Complaints } from '../complaints.ts';
import { SDK_VERSION } from '../version.ts';
import { decodeBinary, encodeBinary } from './binary-format.ts';
import { BridgeSpan } from './bridge-span.ts';
import { BridgeSpanContext, toBridgeSpanContext } from './bridge-span-context.ts';
import { HEADERS_GETTER, TEXT_MAP_GETTER, TEXT_MAP_SETTER } from './carrier-access.ts';
import { readReferences } from './read-references.ts';
import { readTags } from './read-tags.ts';
import { toHrTime } from './to-hr-time.ts';

/** How an OpenTracing tracer is bound to OpenTelemetry. */
export interface BridgeOptions {
  /** Who makes the spans; by default the global provider, whichever that is at the time. */
  readonly tracerProvider?: TracerProvider;
  /** For `FORMAT_TEXT_MAP`; by default the global one. */
  readonly textMapPropagator?: TextMapPropagator;
  /** For `FORMAT_HTTP_HEADERS`; by default the global one. */
  readonly httpHeadersPropagator?: TextMapPropagator;
  /**
   * Whether a span without `childOf` and `references` starts below OpenTelemetry's active span and with its baggage. Not by
   * default, since the specification forbids it for languages whose OpenTracing has no active span: such a span is the first
   * of a new trace. `childOf: spanContextFrom(activeContext())` does the same for one span.
   */
  readonly followsActiveSpan?: boolean;
}

/** The name of the instrumentation scope that the specification gives to every bridge. */
const SCOPE_NAME = 'opentracing-shim';

/** OpenTracing's tracer on top of OpenTelemetry's API. Nothing in it throws into the application. */
export class BridgeTracer extends Tracer {
  readonly #options: BridgeOptions;
  readonly #complaints = new Complaints();

  constructor(options: BridgeOptions) {
    super();
    this.#options = options;
  }

  /** Unlike that of the base class, it leaves the caller's options as they are. */
  override startSpan(name: string, options?: SpanOptions): Span {
    const given = options ?? {};
    const active = context.active();
    const references = readReferences(given);
    const parent =
      references.isEmpty && this.#options.followsActiveSpan === true
        ? BridgeSpanContext.from(active)
        : references.parent;
    const { attributes, kind, status } = readTags(given.tags);
    if (kind !== undefined) Reflect.deleteProperty(attributes, Tags.SPAN_KIND);
    const startTime = toHrTime(given.startTime);
    const provider = this.#options.tracerProvider ?? trace;
    const span = provider.getTracer(SCOPE_NAME, SDK_VERSION).startSpan(
      name,
      {
        attributes,
        links: references.links,
        ...(kind === undefined ? {} : { kind }),
        ...(startTime === undefined ? {} : { startTime }),
      },
      parent.putInto(active),
    );
    const bridge = new BridgeSpan(this, span, parent);
    bridge.applyStatus(status);
    return bridge;
  }

  protected override _inject(spanContext: SpanContext, format: string, carrier: unknown): void {
    const source = toBridgeSpanContext(spanContext);
    if (source === undefined || !isObject(carrier)) return;
    try {
      if (format === FORMAT_BINARY) {
        Reflect.set(carrier, 'buffer', encodeBinary(source));
      } else {
        const ctx = source.putInto(ROOT_CONTEXT);
        this.#propagatorOf(format)?.inject(ctx, carrier, TEXT_MAP_SETTER);
      }
    } catch (cause) {
      this.#complaints.tell('a span context could not be injected', cause);
    }
  }

  /** `null`, as OpenTracing wants it, where the carrier has neither a span nor baggage. */
  protected override _extract(format: string, carrier: unknown): SpanContext | null {
    if (!isObject(carrier)) return null;
    try {
      const found =
        format === FORMAT_BINARY
          ? decodeBinary(Reflect.get(carrier, 'buffer'))
          : this.#extractText(format, carrier);
      return found && hasContent(found) ? found : null;
    } catch (cause) {
      this.#complaints.tell('a span context could not be extracted', cause);
      return null;
    }
  }

  #extractText(format: string, carrier: object): BridgeSpanContext | undefined {
    const getter = format === FORMAT_HTTP_HEADERS ? HEADERS_GETTER : TEXT_MAP_GETTER;
    const ctx = this.#propagatorOf(format)?.extract(ROOT_CONTEXT, carrier, getter);
    return ctx && BridgeSpanContext.from(ctx);
  }

  #propagatorOf(format: string): Pick<TextMapPropagator, 'inject' | 'extract'> | undefined {
    if (format === FORMAT_HTTP_HEADERS) return this.#options.httpHeadersPropagator ?? propagation;
    if (format === FORMAT_TEXT_MAP) return this.#options.textMapPropagator ?? propagation;
    this.#complaints.tell(`unknown OpenTracing format: ${JSON.stringify(format)}`);
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function hasContent({ span, baggage }: BridgeSpanContext): boolean {
  if (span !== undefined && isSpanContextValid(span.spanContext())) return true;
  return baggage !== undefined && baggage.getAllEntries().length > 0;
}
