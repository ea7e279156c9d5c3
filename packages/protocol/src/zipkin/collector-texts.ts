/**
 * What the OpenTelemetry Collector's exporter to Zipkin folds into texts because Zipkin has no field for it: attributes
 * of an event behind its name, and links in tags. A text that only looks like one of these stays what it is.
 *
 *     event:  name|{attributes as JSON}|dropped attributes
 *     link:   trace id|span id|trace state|{attributes as JSON}|dropped attributes
 */
import { parseSpanId, parseTraceId } from '@clew/model';
import type { Attribute, AttributeValue, Link, SpanEvent } from '@clew/model';
import { formatAttributes } from './attribute-text.ts';

export interface EventText {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** The exporter writes flat attributes, at most lists of them; parsing deep nesting is slow. */
const MAX_BRACKETS = 64;
const MAX_DEPTH = 8;

export function parseEventText(text: string): EventText {
  const folded = parseFolded(text, text.indexOf('|'));
  return {
    name: folded === undefined ? text : text.slice(0, folded.start),
    attributes: folded?.attributes ?? [],
    droppedAttributesCount: folded?.droppedAttributesCount ?? 0,
  };
}

/** The inverse: a name alone where there is nothing to fold. */
export function formatEventText(event: SpanEvent): string {
  const { name, attributes, droppedAttributesCount } = event;
  if (attributes.length === 0 && droppedAttributesCount === 0) return name;
  return `${name}|${formatAttributes(attributes)}|${droppedAttributesCount}`;
}

export function formatLinkText(link: Link): string {
  const { traceId, spanId, traceState, attributes, droppedAttributesCount } = link;
  return `${traceId}|${spanId}|${traceState}|${formatAttributes(attributes)}|${droppedAttributesCount}`;
}

/** Reads the value of a tag `otlp.link.N`; `undefined` when it is no link. */
export function parseLinkText(text: string): Link | undefined {
  const [traceDigits = '', spanDigits = '', traceState = ''] = text.split('|', 3);
  const traceId = parseTraceId(traceDigits);
  const spanId = parseSpanId(spanDigits);
  if (traceId === undefined || spanId === undefined) return undefined;
  const start = traceDigits.length + spanDigits.length + traceState.length + 2;
  const folded = parseFolded(text, start);
  if (folded === undefined) return undefined;
  const { attributes, droppedAttributesCount } = folded;
  return { traceId, spanId, traceState, flags: 0, attributes, droppedAttributesCount };
}

interface Folded {
  readonly start: number;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** Reads `|{attributes}|count`, which begins at `start` and ends with the text. */
function parseFolded(text: string, start: number): Folded | undefined {
  const end = text.lastIndexOf('|');
  if (start < 0 || end <= start || text[start] !== '|') return undefined;
  const count = text.slice(end + 1);
  if (!/^\d{1,9}$/.test(count)) return undefined;
  const attributes = parseAttributes(text.slice(start + 1, end));
  if (attributes === undefined) return undefined;
  return { start, attributes, droppedAttributesCount: Number(count) };
}

function parseAttributes(json: string): readonly Attribute[] | undefined {
  if (!json.startsWith('{') || countBrackets(json) > MAX_BRACKETS) return undefined;
  try {
    return toAttributes(JSON.parse(json) as object, 0);
  } catch {
    // The parser's way to say that this is not JSON: then it is a text of the sender's own.
    return undefined;
  }
}

function countBrackets(json: string): number {
  let count = 0;
  for (let at = 0; at < json.length && count <= MAX_BRACKETS; at++) {
    if (json[at] === '{' || json[at] === '[') count++;
  }
  return count;
}

function toAttributes(members: object, depth: number): Attribute[] {
  return Object.entries(members).map(([key, value]) => ({ key, value: toValue(value, depth) }));
}

function toValue(value: unknown, depth: number): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') {
    const isInt = Number.isInteger(value) && Math.abs(value) < 2 ** 63;
    return isInt ? { type: 'int', value: BigInt(value) } : { type: 'double', value };
  }
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return { type: 'empty' };
  if (!Array.isArray(value)) return { type: 'map', value: toAttributes(value, depth + 1) };
  const elements = value as readonly unknown[];
  return { type: 'array', value: elements.map((element) => toValue(element, depth + 1)) };
}
