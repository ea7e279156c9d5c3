/**
 * Spans in Jaeger's terms: scope, kind, status and trace state are tags, links are references, an event's name is a field of a log.
 * Jaeger has no lists: they are texts of JSON. Links lose their attributes, and what a sender dropped is not told.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/jaeger/
 */
import { findAttribute, unreachable } from '@clew/model';
import type { Attribute, AttributeValue, Resource, Span, SpanEvent } from '@clew/model';
import { formatBase64 } from '../wire/base64.ts';
import type { JaegerReference } from './message.ts';

/** The order is Jaeger's own. Some values may be lists or empty. */
export function jaegerTagsOf(span: Span): readonly Attribute[] {
  const { scope, attributes, kind, status, statusMessage, traceState } = span;
  const tags: Attribute[] = [];
  pushText(tags, 'otel.scope.name', scope.name);
  pushText(tags, 'otel.scope.version', scope.version);
  for (const attribute of attributes) tags.push(attribute);
  pushText(tags, 'span.kind', kind === 'unspecified' ? '' : kind);
  pushText(tags, 'otel.status_code', status === 'unset' ? '' : status.toUpperCase());
  if (status === 'error') tags.push({ key: 'error', value: { type: 'bool', value: true } });
  pushText(tags, 'otel.status_description', statusMessage);
  pushText(tags, 'w3c.tracestate', traceState);
  return tags;
}

/** The parent first. */
export function jaegerReferencesOf(span: Span): readonly JaegerReference[] {
  const { traceId, parentSpanId, links } = span;
  const references: JaegerReference[] = [];
  if (parentSpanId !== undefined) {
    references.push({ type: 'child_of', traceId, spanId: parentSpanId });
  }
  for (const link of links) {
    const type = findAttribute(link.attributes, 'opentracing.ref_type');
    const isChild = type?.type === 'string' && type.value === 'child_of';
    const { traceId, spanId } = link;
    references.push({ type: isChild ? 'child_of' : 'follows_from', traceId, spanId });
  }
  return references;
}

export function jaegerLogFieldsOf({ name, attributes }: SpanEvent): readonly Attribute[] {
  if (name === '' || findAttribute(attributes, 'event') !== undefined) return attributes;
  return [{ key: 'event', value: { type: 'string', value: name } }, ...attributes];
}

/** Of the process; its service is said apart. */
export function jaegerProcessTagsOf({ attributes }: Resource): readonly Attribute[] {
  return attributes.filter(({ key }) => key !== 'service.name');
}

/** W3C's sampled bit is Jaeger's; the others mean other things there. */
export function jaegerFlagsOf({ flags }: Span): number {
  return flags & 1;
}

/** What Jaeger has no type for, as a text: lists as the JSON that people would write. */
export function jaegerTextOf(value: AttributeValue): string {
  if (value.type === 'empty') return '';
  return JSON.stringify(plainValue(value));
}

/** A number while JavaScript's clients can read it exactly, digits beyond. */
export function jaegerIntOf(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function plainValue(value: AttributeValue): unknown {
  switch (value.type) {
    case 'empty':
      return null;
    case 'int':
      return jaegerIntOf(value.value);
    case 'double':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bytes':
      return formatBase64(value.value);
    case 'array':
      return value.value.map(plainValue);
    case 'map':
      return Object.fromEntries(value.value.map(({ key, value }) => [key, plainValue(value)]));
    case 'string':
    case 'bool':
      return value.value;
    default:
      return unreachable(value);
  }
}

function pushText(tags: Attribute[], key: string, value: string): void {
  if (value !== '') tags.push({ key, value: { type: 'string', value } });
}
