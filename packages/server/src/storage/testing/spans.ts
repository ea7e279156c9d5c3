/** Spans to store in tests: every field has a value, and a test names only those it is about. */
import { SpanBlock, durationNano, unixNano, unixNanoFromMs } from '@clew/model';
import type { Attribute, Resource, Scope, Span, SpanId, TraceId } from '@clew/model';
import { appendSpans } from '@clew/protocol';
import { searchOfForm } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';

export const TENANT = 'default';

/** A search that every span answers. */
export const EVERYTHING: SearchQuery = searchOfForm({});

/** A moment far from midnight, so that seconds more or less are the same day. */
export const NOW_MS: number = Date.UTC(2026, 10, 22, 12);

export const MS = 1_000_000n;

/** An attribute of the type that `value` has: a `bigint` is an `int`, a `number` a `double`. */
export function attribute(key: string, value: string | bigint | number | boolean): Attribute {
  if (typeof value === 'string') return { key, value: { type: 'string', value } };
  if (typeof value === 'bigint') return { key, value: { type: 'int', value } };
  if (typeof value === 'number') return { key, value: { type: 'double', value } };
  return { key, value: { type: 'bool', value } };
}

export function resource(service: string, attributes: readonly Attribute[] = []): Resource {
  return {
    service,
    attributes: [attribute('service.name', service), ...attributes],
    droppedAttributesCount: 0,
    schemaUrl: '',
  };
}

export const SCOPE: Scope = {
  name: 'test',
  version: '1',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

export function traceId(number: number): TraceId {
  return number.toString(16).padStart(32, '0') as TraceId;
}

export function spanId(number: number): SpanId {
  return number.toString(16).padStart(16, '0') as SpanId;
}

/** Above every number that a test names itself, as tests of one thread share the count. */
let lastSpanNumber = 2 ** 40;

/** A span that started at `NOW_MS`, took a millisecond, and is the root of a trace of its own. */
export function span(fields: Partial<Span> = {}): Span {
  const number = ++lastSpanNumber;
  return {
    traceId: traceId(number),
    spanId: spanId(number),
    parentSpanId: undefined,
    traceState: '',
    flags: 1,
    name: 'GET /',
    kind: 'server',
    startUnixNano: unixNanoFromMs(NOW_MS),
    durationNano: durationNano(MS),
    status: 'unset',
    statusMessage: '',
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: resource('shop'),
    scope: SCOPE,
    ...fields,
  };
}

/** A time in milliseconds after `NOW_MS`. */
export function at(ms: number): Span['startUnixNano'] {
  return unixNano(unixNanoFromMs(NOW_MS) + BigInt(ms) * MS);
}

export function blockOf(spans: readonly Span[], tenant = TENANT): SpanBlock {
  const block = new SpanBlock(tenant);
  appendSpans(block, spans);
  return block;
}
