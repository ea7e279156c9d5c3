/** What spans write of themselves, read with this project's decoder; `e2e` reads it with OpenTelemetry's. */
import { SpanBlock } from '@clew/model';
import type { Attribute, AttributeValue, Span } from '@clew/model';
import { decodeTracesProtobuf, readSpans } from '@clew/protocol';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import {
  array,
  assert,
  bigInt,
  boolean,
  constantFrom,
  dictionary,
  double,
  integer,
  maxSafeInteger,
  oneof,
  property,
  record,
  string,
  uint8Array,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTestTracer } from '../testing/create-test-tracer.ts';
import type { TestTracer } from '../testing/create-test-tracer.ts';

function readAll({ buffer }: TestTracer, maxSpans = 1e6): Span[] {
  const block = new SpanBlock('test');
  for (let request = buffer.take(maxSpans); request; request = buffer.take(maxSpans)) {
    expect(decodeTracesProtobuf(request.body, block)).toMatchObject({ count: 0 });
  }
  return readSpans(block);
}

const text = oneof(
  string({ unit: 'binary', maxLength: 200 }),
  string({ maxLength: 30 }),
  string({ minLength: 120, maxLength: 140 }),
  constantFrom('ä'.repeat(64), '😀'.repeat(33), 'x'.repeat(20_000)),
);
const scalar = oneof(
  text,
  integer(),
  maxSafeInteger(),
  double(),
  boolean(),
  bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const value = oneof(scalar, array(scalar, { maxLength: 5 }), uint8Array({ maxLength: 300 }));
const attributes = dictionary(
  text.filter((key) => key !== '').map((key) => key.slice(0, 1000)),
  value,
  {
    maxKeys: 50,
    noNullPrototype: true,
  },
);
/** A span without a name gets one when it is read. */
const named = text.filter((name) => name !== '').map((name) => name.slice(0, 1000));
const event = record({ name: named, attributes });

function toModel(given: Readonly<Record<string, unknown>>): Attribute[] {
  return byKey(Object.entries(given).map(([key, item]) => ({ key, value: toModelValue(item) })));
}

/** What is read is in the order of the store's columns. */
function byKey(attributes: readonly Attribute[] = []): Attribute[] {
  return attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function toModelValue(item: unknown): AttributeValue {
  if (Array.isArray(item)) return { type: 'array', value: item.map(toModelValue) };
  if (typeof item === 'string') return { type: 'string', value: item };
  if (typeof item === 'boolean') return { type: 'bool', value: item };
  if (typeof item === 'bigint') return { type: 'int', value: item };
  if (item instanceof Uint8Array) return { type: 'bytes', value: item };
  const number = Number(item);
  return Number.isSafeInteger(number)
    ? { type: 'int', value: BigInt(number) }
    : { type: 'double', value: number };
}

test('a span is read as what was put in, whatever that is', () => {
  const limits = { attributeValueLength: 1e6 };
  const spans = record({
    name: named,
    attributes,
    events: array(event, { maxLength: 4 }),
    status: named,
  });
  assert(
    property(array(spans, { minLength: 1, maxLength: 5 }), (given) => {
      const tested = createTestTracer({ limits });
      const tracer = tested.getTracer('test');
      for (const { name, attributes, events, status } of given) {
        const span = tracer.startSpan(name, { attributes: attributes as Attributes });
        for (const { name, attributes } of events) span.addEvent(name, attributes as Attributes);
        span.addLink({ context: span.spanContext(), attributes: attributes as Attributes });
        span.setStatus({ code: SpanStatusCode.ERROR, message: status }).end();
      }
      const read = readAll(tested);
      expect(read).toHaveLength(given.length);
      for (const [i, { name, attributes, events, status }] of given.entries()) {
        const span = read[i];
        expect(byKey(span?.attributes)).toEqual(toModel(attributes));
        expect(byKey(span?.links[0]?.attributes)).toEqual(toModel(attributes));
        expect(span).toMatchObject({
          name,
          status: 'error',
          statusMessage: status,
          links: [{ traceId: span?.traceId, spanId: span?.spanId }],
        });
        expect(span?.events.map((each) => [each.name, byKey(each.attributes)])).toEqual(
          events.map((each) => [each.name, toModel(each.attributes)]),
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('keys that a program makes up as it goes are read like any others', () => {
  const tested = createTestTracer();
  const given = Array.from({ length: 50 }, (_, i) =>
    Object.fromEntries(Array.from({ length: 100 }, (__, j) => [`key-${100 * i + j}`, j])),
  );
  for (const attributes of given) tested.getTracer('test').startSpan('one', { attributes }).end();
  expect(readAll(tested).map(({ attributes }) => byKey(attributes))).toEqual(given.map(toModel));
});

test('times are exact to the nanosecond, as far as OTLP reaches', () => {
  assert(
    property(
      integer({ min: 0, max: 18_446_744_072 }),
      integer({ min: 0, max: 999_999_999 }),
      (seconds, nanoseconds) => {
        const tested = createTestTracer();
        const time: [number, number] = [seconds, nanoseconds];
        tested.getTracer('test').startSpan('timed', { startTime: time }).end(time);
        const request = tested.buffer.take(1);
        const expected = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
        const hex = Buffer.from(request?.body ?? []).toString('hex');
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64LE(expected);
        expect(hex).toContain(`39${bytes.toString('hex')}41${bytes.toString('hex')}`);
      },
    ),
  );
});

/** A span in the hands of a program without types. */
interface Untyped {
  setAttributes(attributes: unknown): void;
  setAttribute(key: unknown, value: unknown): this;
  addLink(link: unknown): void;
  updateName(name: unknown): void;
  end(): void;
}

describe('a span', () => {
  test('carries ids, flags and state of its parents, here and elsewhere', () => {
    const tested = createTestTracer();
    const tracer = tested.getTracer('test');
    const remote = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    };
    const parent = tracer.startSpan('in', {}, trace.setSpanContext(ROOT_CONTEXT, remote));
    const ctx = trace.setSpan(ROOT_CONTEXT, parent);
    const child = tracer.startSpan('child', { kind: SpanKind.CLIENT }, ctx);
    const apart = tracer.startSpan('apart', { root: true }, ctx);
    for (const span of [child, parent, apart]) span.end();
    const [readChild, readParent, readApart] = readAll(tested);
    expect(readParent).toMatchObject({ traceId: remote.traceId, parentSpanId: remote.spanId });
    expect(readParent?.flags).toBe(0x301);
    expect(readChild).toMatchObject({
      traceId: remote.traceId,
      spanId: child.spanContext().spanId,
      parentSpanId: parent.spanContext().spanId,
      kind: 'client',
    });
    expect(readChild?.flags).toBe(0x101);
    expect(readApart?.traceId).not.toBe(remote.traceId);
    expect(readApart?.parentSpanId).toBeUndefined();
    expect(readApart?.flags).toBe(0x103);
  });

  test('counts what is over its limits, and cuts no character in half', () => {
    const counts = { attributeCount: 2, eventCount: 1, linkCount: 1 };
    const limits = { ...counts, eventAttributeCount: 1, linkAttributeCount: 1 };
    const tested = createTestTracer({ limits: { ...limits, attributeValueLength: 3 } });
    const span = tested.getTracer('test').startSpan('full');
    span.setAttributes({ a: 'ab😀', b: ['abcd', 'e'], c: 3 }).setAttribute('a', 'xyz😀');
    for (let i = 0; i < 3; i++) span.addEvent('event', { a: 1, b: 2 });
    const link = { context: span.spanContext(), attributes: { a: 1, b: 2 } };
    span.addLinks([link, link]);
    span.end();
    const [read] = readAll(tested);
    expect(read).toMatchObject({
      attributes: toModel({ a: 'xyz', b: ['abc', 'e'] }),
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 1,
      events: [{ attributes: toModel({ a: 1 }), droppedAttributesCount: 1 }],
      links: [{ attributes: toModel({ a: 1 }), droppedAttributesCount: 1 }],
    });
    const cut = createTestTracer({ limits: { attributeValueLength: 3 } });
    cut
      .getTracer('test')
      .startSpan('cut', { attributes: { a: 'ab😀' } })
      .end();
    expect(readAll(cut)[0]?.attributes).toEqual(toModel({ a: 'ab' }));
  });

  test('survives what no attribute is, and who defends itself', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const hostile = Object.defineProperty({ fine: 1 }, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    const tested = createTestTracer();
    const span: Untyped = tested.getTracer('test').startSpan('odd');
    const odd: Record<string, unknown> = {
      cyclic,
      f: () => 1,
      s: Symbol('s'),
      n: null,
      u: undefined,
    };
    span.setAttributes({ ...odd, '': 'no key', ok: true });
    span.setAttributes(hostile);
    span.setAttribute('huge', 10n ** 30n).setAttribute('1MB', 'x'.repeat(1e6));
    span.addLink(undefined);
    span.updateName(Symbol('name'));
    span.end();
    const [read] = readAll(tested);
    expect(read?.name).toBe('empty-span-name');
    expect(read?.attributes.map(({ key }) => key)).toEqual(['huge', '1MB', 'fine', 'ok']);
    expect(read?.startUnixNano).toBeGreaterThan(0n);
  });
});

describe('the buffer', () => {
  test('keeps spans of several scopes apart, in order, in requests of the asked size', () => {
    const tested = createTestTracer();
    const tracers = ['a', 'b', 'c'].map((name) => tested.getTracer(name));
    for (let i = 0; i < 5000; i++) tracers[(i * 7) % 3]?.startSpan(`span-${i}`).end();
    const first = tested.buffer.take(512);
    expect([first?.spanCount, tested.buffer.count]).toEqual([512, 4488]);
    const block = new SpanBlock('test');
    decodeTracesProtobuf(first?.body ?? new Uint8Array(), block);
    const spans = [...readSpans(block), ...readAll(tested, 1000)];
    expect(new Set(spans.map(({ name }) => name)).size).toBe(5000);
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      const numbers = spans
        .filter(({ scope }) => scope.name === name)
        .map((span) => Number(span.name.slice(5)));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(numbers.every((number) => (number * 7) % 3 === i)).toBe(true);
    }
  });

  test('drops the oldest one by one when it is full, and none before', () => {
    const tested = createTestTracer({ maxSpans: 1000 });
    const tracer = tested.getTracer('test');
    for (let i = 0; i < 1000; i++) tracer.startSpan(`span-${i}`).end();
    expect(tested.droppedCount()).toBe(0);
    for (let i = 1000; i < 2500; i++) tracer.startSpan(`span-${i}`).end();
    expect(tested.droppedCount()).toBe(1500);
    const names = readAll(tested).map(({ name }) => name);
    expect(names).toEqual(Array.from({ length: 1000 }, (_, i) => `span-${i + 1500}`));
  });

  test('is full by bytes too, but always has room for one span', () => {
    const tested = createTestTracer({ maxBytes: 100_000 });
    const tracer = tested.getTracer('test');
    for (let i = 0; i < 100; i++) {
      tracer.startSpan(`span-${i}`, { attributes: { text: 'x'.repeat(10_000) } }).end();
    }
    expect(tested.buffer.count + tested.droppedCount()).toBe(100);
    expect(tested.buffer.count).toBe(9);
    const attributes = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`key-${i}`, 'ü'.repeat(10_000)]),
    );
    tracer.startSpan('large', { attributes }).end();
    expect(readAll(tested).map(({ name }) => name)).toEqual(['large']);
  });

  test('makes no request larger than receivers take by default', () => {
    const tested = createTestTracer();
    const tracer = tested.getTracer('test');
    const attributes = { text: 'x'.repeat(16_000) };
    for (let i = 0; i < 512; i++) tracer.startSpan('large', { attributes }).end();
    let spanCount = 0;
    for (let request = tested.buffer.take(512); request; request = tested.buffer.take(512)) {
      expect(request.body.length).toBeLessThan(4 * 1024 * 1024);
      spanCount += request.spanCount;
    }
    expect(spanCount).toBe(512);
  });
});
