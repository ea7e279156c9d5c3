import { unreachable } from './assert.ts';
import type { Attribute, AttributeValue } from './attributes.ts';
import type { Resource, Span } from './span.ts';

/**
 * Whether all words of a text occur in a span, in any case: in the name, the service, the ids, the status message, or among attributes
 * and events, those of the resource too.
 */
export function createTextMatcher(text: string): (span: Span) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const resourceTexts = new Map<Resource, string>();
  return (span) => {
    const { resource } = span;
    const resourceText = resourceTexts.get(resource) ?? textOfResource(resource);
    resourceTexts.set(resource, resourceText);
    const spanText = textOfSpan(span);
    return words.every((word) => spanText.includes(word) || resourceText.includes(word));
  };
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
