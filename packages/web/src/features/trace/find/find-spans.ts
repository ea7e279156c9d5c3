import type { AttributeJson, AttributeValueJson, SpanJson, TraceJson } from '@clew/api';
import { unreachable } from '@clew/model';

/** A frame's worth of searching; then the page gets its turn. */
const SLICE_MS = 6;
const SPANS_PER_CHECK = 64;

/**
 * Marks the spans in which all words of `text` occur, in any case: in the name, the service, the status message, the ids,
 * or the keys and values of attributes and events. Works in slices, so that typing stays fluid in traces of any size;
 * `undefined` when it was aborted.
 */
export async function findSpans(
  trace: TraceJson,
  text: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const marks = new Uint8Array(trace.spans.length);
  const resourceTexts = trace.resources.map(({ service, attributes }) =>
    [service, ...attributes.map(attributeText)].join('\n').toLowerCase(),
  );
  let sliceStartMs = performance.now();
  for (let index = 0; index < trace.spans.length; index++) {
    const span = trace.spans[index];
    if (span === undefined) continue;
    marks[index] = hasAllWords(span, resourceTexts[span.resource] ?? '', words) ? 1 : 0;
    if (index % SPANS_PER_CHECK > 0 || performance.now() - sliceStartMs < SLICE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) return undefined;
    sliceStartMs = performance.now();
  }
  return marks;
}

function hasAllWords(span: SpanJson, resourceText: string, words: readonly string[]): boolean {
  const text = spanText(span);
  return words.every((word) => text.includes(word) || resourceText.includes(word));
}

function spanText(span: SpanJson): string {
  const parts = [span.name, span.spanId, span.statusMessage, ...span.attributes.map(attributeText)];
  for (const event of span.events) parts.push(event.name, ...event.attributes.map(attributeText));
  return parts.join('\n').toLowerCase();
}

function attributeText({ key, value }: AttributeJson): string {
  return `${key}=${valueText(value)}`;
}

function valueText(value: AttributeValueJson): string {
  switch (value.type) {
    case 'array':
      return value.value.map(valueText).join(' ');
    case 'map':
      return value.value.map(attributeText).join(' ');
    case 'empty':
      return '';
    case 'bytes':
    case 'string':
    case 'int':
    case 'double':
    case 'bool':
      return String(value.value);
    default:
      return unreachable(value);
  }
}
