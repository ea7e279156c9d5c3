import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { AttributeValue, Attributes } from '@opentelemetry/api';

/** OpenTracing's tags and log fields: anything under any name. */
export type Tags = Readonly<Record<string, unknown>>;

const KIND_BY_TAG: Readonly<Record<string, SpanKind>> = {
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** What `span.kind` says among the tags a span starts with; `undefined` when it is none of OpenTracing's. */
export function kindOf(tags: Tags): SpanKind | undefined {
  const kind = tags['span.kind'];
  return typeof kind === 'string' && Object.hasOwn(KIND_BY_TAG, kind)
    ? KIND_BY_TAG[kind]
    : undefined;
}

/** `error: true` is a failed span, `false` one that went well; anything else is a tag like others. */
export function statusOfErrorTag(tags: Tags): SpanStatusCode | undefined {
  const error = tags['error'];
  if (error === true || error === 'true') return SpanStatusCode.ERROR;
  return error === false || error === 'false' ? SpanStatusCode.OK : undefined;
}

/** All tags as attributes, under their names, but the `error` that is a status. Values of other types become text. */
export function toAttributes(tags: Tags): Attributes {
  const attributes: Attributes = {};
  const isStatus = statusOfErrorTag(tags) !== undefined;
  for (const [key, tag] of Object.entries(tags)) {
    const value = isStatus && key === 'error' ? undefined : toAttributeValue(tag);
    if (value !== undefined) attributes[key] = value;
  }
  return attributes;
}

function toAttributeValue(value: unknown): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (isPrimitive(value) || isListOfOneType(value)) return value;
  return typeof value === 'bigint' ? String(value) : toJson(value);
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isListOfOneType(value: unknown): value is string[] | number[] | boolean[] {
  if (!Array.isArray(value)) return false;
  return value.every((item) => isPrimitive(item) && typeof item === typeof value[0]);
}

/** Errors have no JSON, functions have none at all, and cycles refuse it. */
function toJson(value: unknown): string | undefined {
  try {
    return value instanceof Error ? String(value) : JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
