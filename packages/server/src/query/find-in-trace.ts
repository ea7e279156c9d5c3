/** Which spans of one trace are meant by somebody who looks at it, in the order of their starts. */
import type { Attribute, AttributeValue, Resource, Span, SpanId, TraceId } from '@clew/model';
import { unreachable } from '@clew/model';
import type { SearchQuery } from '@clew/traceql';
import type { QueryOptions, TraceQueries } from './trace-queries.ts';

/**
 * Those in which all words of a text occur, in any case: in the name, the service, the ids, the status message, or among attributes
 * and events, those of the resource too. The trace may have any size. Throws `NotFoundError` when it is not stored.
 */
export async function findText(
  queries: TraceQueries,
  traceId: TraceId,
  text: string,
  options: QueryOptions,
): Promise<readonly SpanId[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const resourceTexts = new Map<Resource, string>();
  const found: SpanId[] = [];
  for await (const spans of queries.streamTrace(traceId, options)) {
    for (const span of spans) {
      const { resource } = span;
      const resourceText = resourceTexts.get(resource) ?? textOfResource(resource);
      resourceTexts.set(resource, resourceText);
      const spanText = textOfSpan(span);
      const isFound = words.every((word) => spanText.includes(word) || resourceText.includes(word));
      if (isFound) found.push(span.spanId);
    }
  }
  return found;
}

/** Those of the spansets that a search yields. Of a trace that is not stored, and of one that does not answer, there are none. */
export async function findAnswers(
  queries: TraceQueries,
  traceId: TraceId,
  search: SearchQuery,
  options: QueryOptions,
): Promise<readonly SpanId[]> {
  const request = { search, traceIds: [traceId], shownCount: Number.POSITIVE_INFINITY, fields: [] };
  const spansets = (await queries.readSpansets(request, options)).get(traceId) ?? [];
  const spanIds = spansets.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
  return spansets.length > 1 ? [...new Set(spanIds)] : spanIds;
}

function textOfResource({ service, attributes }: Resource): string {
  return [service, ...attributes.map(textOfAttribute)].join('\n').toLowerCase();
}

function textOfSpan(span: Span): string {
  const { name, spanId, statusMessage, attributes, events } = span;
  const parts = [name, spanId, statusMessage, ...attributes.map(textOfAttribute)];
  for (const event of events) parts.push(event.name, ...event.attributes.map(textOfAttribute));
  return parts.join('\n').toLowerCase();
}

function textOfAttribute({ key, value }: Attribute): string {
  return `${key}=${textOfValue(value)}`;
}

function textOfValue(value: AttributeValue): string {
  switch (value.type) {
    case 'array':
      return value.value.map(textOfValue).join(' ');
    case 'map':
      return value.value.map(textOfAttribute).join(' ');
    case 'string':
    case 'int':
    case 'double':
    case 'bool':
      return String(value.value);
    case 'bytes':
    case 'empty':
      return '';
    default:
      return unreachable(value);
  }
}
