import { FORMAT_BINARY, FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, Tracer } from 'opentracing';
import { REFERENCE_CHILD_OF } from 'opentracing';
import { ROOT_CONTEXT, context, diag, propagation, trace } from '@opentelemetry/api';
import type { Context, Link, TextMapPropagator, TracerProvider } from '@opentelemetry/api';
import type { Reference, Span, SpanContext, SpanOptions } from 'opentracing';
import { carrierGetter, carrierSetter } from '../propagation/carrier.ts';
import { SDK_VERSION } from '../version.ts';
import { readBinaryCarrier, writeBinaryCarrier } from './binary-carrier.ts';
import { OpenTracingSpanContext } from './open-tracing-span-context.ts';
import { OpenTracingSpan } from './open-tracing-span.ts';
import { spanContextOf } from './span-context-of.ts';
import { kindOf, statusOfErrorTag, toAttributes } from './span-tags.ts';
import type { Tags } from './span-tags.ts';
import { toHrTime } from './to-hr-time.ts';

export interface CreateTracerOptions {
  /** Whose spans these are. OpenTelemetry's global one, which may be registered later. */
  readonly provider?: TracerProvider;
  /** What `inject` and `extract` work with. OpenTelemetry's global one. */
  readonly propagators?: {
    readonly httpHeaders?: TextMapPropagator;
    readonly textMap?: TextMapPropagator;
  };
}

/** One of OpenTracing's references whose context is ours. */
interface OwnReference {
  readonly type: string;
  readonly target: OpenTracingSpanContext;
}

/** The name that OpenTelemetry's compatibility specification gives to such tracers. */
const SCOPE_NAME = 'opentracing-shim';

/**
 * OpenTracing's tracer on top of OpenTelemetry's, as OpenTelemetry's compatibility specification describes it, so that spans of
 * both are one trace. A span without references begins below OpenTelemetry's active one; `contextOf` is the other direction.
 */
export class OpenTracingTracer extends Tracer {
  readonly #options: CreateTracerOptions;

  constructor(options: CreateTracerOptions) {
    super();
    this.#options = options;
  }

  /**
   * The parent is the first `childOf`, or else the first reference. Every other reference becomes a link, and so does a
   * `followsFrom` that is the parent, because a parent alone would not tell it from a `childOf`. Baggage comes from all of them.
   */
  override startSpan(name: string, options: SpanOptions = {}): OpenTracingSpan {
    const references = ownReferences(options);
    const parent = references.find(isChildOf) ?? references[0];
    const ctx = startContext(references, parent);
    const tags: Tags = options.tags ?? {};
    const kind = kindOf(tags);
    const { 'span.kind': _, ...others } = tags;
    const startTime = toHrTime(options.startTime);
    const provider = this.#options.provider ?? trace;
    const span = provider.getTracer(SCOPE_NAME, SDK_VERSION).startSpan(
      name,
      {
        attributes: toAttributes(kind === undefined ? tags : others),
        links: toLinks(references.filter((each) => each !== parent || !isChildOf(each))),
        ...(kind === undefined ? {} : { kind }),
        ...(startTime === undefined ? {} : { startTime }),
      },
      ctx,
    );
    const status = statusOfErrorTag(tags);
    if (status !== undefined) span.setStatus({ code: status });
    return new OpenTracingSpan(span, ctx, this);
  }

  /** Does nothing with a span of another tracer, and with a format or a carrier that is none. Never throws. */
  override inject(spanContext: SpanContext | Span, format: string, carrier: unknown): void {
    const ctx = spanContextOf(spanContext)?.applyTo(ROOT_CONTEXT);
    if (ctx === undefined) return;
    try {
      if (format === FORMAT_BINARY) {
        const headers: Record<string, string> = {};
        this.#propagator(format).inject(ctx, headers, carrierSetter);
        writeBinaryCarrier(carrier, headers);
      } else if (isTextFormat(format)) {
        this.#propagator(format).inject(ctx, carrier, carrierSetter);
      }
    } catch (thrown) {
      diag.debug('clew: the trace could not be written into the carrier', thrown);
    }
  }

  /** `null`, as OpenTracing has it, when the carrier has neither a trace nor baggage. Never throws. */
  override extract(format: string, carrier: unknown): OpenTracingSpanContext | null {
    if (format !== FORMAT_BINARY && !isTextFormat(format)) return null;
    try {
      const headers = format === FORMAT_BINARY ? readBinaryCarrier(carrier) : carrier;
      const ctx = this.#propagator(format).extract(ROOT_CONTEXT, headers, carrierGetter);
      const found = OpenTracingSpanContext.from(ctx);
      const isEmpty = found.span === undefined && !found.baggage?.getAllEntries().length;
      return isEmpty ? null : found;
    } catch (thrown) {
      diag.debug('clew: the trace could not be read from the carrier', thrown);
      return null;
    }
  }

  #propagator(format: string): Pick<TextMapPropagator, 'inject' | 'extract'> {
    const { httpHeaders, textMap } = this.#options.propagators ?? {};
    return (format === FORMAT_HTTP_HEADERS ? httpHeaders : textMap) ?? propagation;
  }
}

function isTextFormat(format: string): boolean {
  return format === FORMAT_HTTP_HEADERS || format === FORMAT_TEXT_MAP;
}

/** `childOf` comes last, as in OpenTracing's own tracer. */
function ownReferences({ childOf, references = [] }: SpanOptions): readonly OwnReference[] {
  const given = references.map((reference: Reference) => ({
    type: reference.type(),
    target: spanContextOf(reference.referencedContext()),
  }));
  return [...given, { type: REFERENCE_CHILD_OF, target: spanContextOf(childOf) }].filter(
    (reference): reference is OwnReference => reference.target !== undefined,
  );
}

function isChildOf({ type }: OwnReference): boolean {
  return type === REFERENCE_CHILD_OF;
}

/** What the span starts in: the parent's span and everybody's baggage; what is active when there is no reference. */
function startContext(
  references: readonly OwnReference[],
  parent: OwnReference | undefined,
): Context {
  if (parent === undefined) return context.active();
  let from = parent.target;
  for (const { target } of references) {
    for (const [key, { value }] of target.baggage?.getAllEntries() ?? []) {
      if (from.baggage?.getEntry(key) === undefined) from = from.withBaggageItem(key, value);
    }
  }
  return from.applyTo(context.active());
}

function toLinks(references: readonly OwnReference[]): Link[] {
  return references.flatMap(({ type, target: { span } }) =>
    span === undefined
      ? []
      : [{ context: span.spanContext(), attributes: { 'opentracing.ref_type': type } }],
  );
}
