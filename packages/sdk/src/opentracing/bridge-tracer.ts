import { ROOT_CONTEXT, context, propagation, trace } from '@opentelemetry/api';
import type {
  Attributes,
  Context,
  Link,
  Tracer as ApiTracer,
  TracerProvider,
} from '@opentelemetry/api';
import * as opentracing from 'opentracing';
import type { Reference, Span, SpanOptions, SpanContext } from 'opentracing';
import { extract, inject } from '../propagation/carrier.ts';
import { SDK_VERSION } from '../version.ts';
import { BridgeContext } from './bridge-context.ts';
import { BridgeSpan, kindOf, toTime } from './bridge-span.ts';

export interface CreateTracerOptions {
  /** Where spans are started; the global one, which `init` registers. */
  readonly provider?: TracerProvider;
}

/**
 * OpenTracing's tracer, for `initGlobalTracer`: what is instrumented with OpenTracing, and with OpenTelemetry, is in one trace. A
 * span that is given no parent is below the active span.
 */
export function createTracer({ provider = trace }: CreateTracerOptions = {}): opentracing.Tracer {
  return new BridgeTracer(provider.getTracer('@clew/sdk/opentracing', SDK_VERSION));
}

const { FORMAT_BINARY, FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, REFERENCE_CHILD_OF } = opentracing;

class BridgeTracer extends opentracing.Tracer {
  readonly #tracer: ApiTracer;

  constructor(tracer: ApiTracer) {
    super();
    this.#tracer = tracer;
  }

  protected override _startSpan(name: string, options: SpanOptions): Span {
    const references = (options.references ?? []).flatMap(toBridged);
    const parent = references.find(({ type }) => type === REFERENCE_CHILD_OF) ?? references[0];
    const ctx = withBaggageOf(references, parent?.ctx ?? context.active());
    const { tags } = options;
    const startTime = toTime(options.startTime);
    const span = this.#tracer.startSpan(
      name,
      {
        kind: kindOf(tags),
        links: references.filter((reference) => reference !== parent).flatMap(toLink),
        ...(startTime === undefined ? {} : { startTime }),
      },
      ctx,
    );
    const bridge = new BridgeSpan(this, span, new BridgeContext(trace.setSpan(ctx, span)));
    return tags === undefined ? bridge : bridge.addTags(tags);
  }

  protected override _inject(spanContext: SpanContext, format: string, carrier: unknown): void {
    if (!(spanContext instanceof BridgeContext) || !isRecord(carrier)) return;
    if (format === FORMAT_HTTP_HEADERS || format === FORMAT_TEXT_MAP) {
      inject(carrier, spanContext.ctx);
    } else if (format === FORMAT_BINARY) {
      const headers = inject<Record<string, unknown>>({}, spanContext.ctx);
      carrier['buffer'] = [...Buffer.from(JSON.stringify(headers))];
    }
  }

  protected override _extract(format: string, carrier: unknown): SpanContext | null {
    const headers = format === FORMAT_BINARY ? readBinary(carrier) : carrier;
    if (!isRecord(headers)) return null;
    const ctx = extract(headers, ROOT_CONTEXT);
    return ctx === ROOT_CONTEXT ? null : new BridgeContext(ctx);
  }
}

interface Bridged {
  readonly type: string;
  readonly ctx: Context;
}

/** Of a span that comes from another library nothing is known. */
function toBridged(reference: Reference): Bridged[] {
  const referenced = reference.referencedContext();
  return referenced instanceof BridgeContext
    ? [{ type: reference.type(), ctx: referenced.ctx }]
    : [];
}

function toLink({ type, ctx }: Bridged): Link[] {
  const spanContext = trace.getSpanContext(ctx);
  const name = type === REFERENCE_CHILD_OF ? 'child_of' : 'follows_from';
  const attributes: Attributes = { 'opentracing.ref_type': name };
  return spanContext === undefined ? [] : [{ context: spanContext, attributes }];
}

/** A span has the baggage of all that it refers to. */
function withBaggageOf(references: readonly Bridged[], ctx: Context): Context {
  if (references.length < 2) return ctx;
  let baggage = propagation.getBaggage(ctx);
  for (const reference of references) {
    const entries = propagation.getBaggage(reference.ctx)?.getAllEntries() ?? [];
    for (const [key, entry] of entries) {
      baggage = (baggage ?? propagation.createBaggage()).setEntry(key, entry);
    }
  }
  return baggage === undefined ? ctx : propagation.setBaggage(ctx, baggage);
}

/** Headers as JSON, in what `opentracing` calls a binary carrier: an object with a list of bytes. */
function readBinary(carrier: unknown): unknown {
  const buffer = isRecord(carrier) ? carrier['buffer'] : undefined;
  if (!Array.isArray(buffer) && !(buffer instanceof Uint8Array)) return undefined;
  try {
    return JSON.parse(Buffer.from(buffer as number[]).toString());
  } catch {
    return undefined; // Bytes of something else.
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
