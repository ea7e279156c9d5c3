import {
  FORMAT_BINARY,
  FORMAT_HTTP_HEADERS,
  FORMAT_TEXT_MAP,
  MockTracer,
  childOf,
  followsFrom,
  globalTracer,
  initGlobalTracer,
} from 'opentracing';
import type { Tracer } from 'opentracing';
import { propagation } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Span as ModelSpan } from '@clew/model';
import { init } from '../index.ts';
import type { Clew } from '../index.ts';
import { createPropagator } from '../propagation/create-propagator.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { readAttributes } from '../testing/read-attributes.ts';
import { createTracer } from './index.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

let sink: OtlpSink;
let clew: Clew;
let tracer: Tracer;

beforeEach(async () => {
  propagation.setGlobalPropagator(createPropagator(['tracecontext', 'baggage']));
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'old', endpoint: sink.endpoint });
  tracer = createTracer();
});

afterEach(async () => {
  await clew.shutdown();
  await sink.stop();
  propagation.disable();
});

async function sentNamed(name: string): Promise<ModelSpan | undefined> {
  await clew.forceFlush();
  return sink.spans.findLast((span) => span.name === name);
}

/** The attributes of a span that starts with these tags, and of one that gets them later, which are the same. */
async function sentWith(
  tags: Record<string, unknown>,
): Promise<readonly (ModelSpan | undefined)[]> {
  tracer.startSpan('early', { tags }).finish();
  tracer.startSpan('late').addTags(tags).finish();
  return Promise.all([sentNamed('early'), sentNamed('late')]);
}

describe('a span', () => {
  test('has the name, the times and the ids that OpenTracing says', async () => {
    const span = tracer.startSpan('first', { startTime: 1_700_000_000_123.25 });
    span.setOperationName('order');
    span.log({ event: 'paid', amount: 3 }, 1_700_000_000_124.5);
    span.finish(1_700_000_000_125.75);
    const sent = await sentNamed('order');
    expect(sent).toMatchObject({
      traceId: span.context().toTraceId(),
      spanId: span.context().toSpanId(),
      kind: 'internal',
      startUnixNano: 1_700_000_000_123_250_000n,
      scope: { name: 'opentracing-shim' },
    });
    expect(sent?.events[0]?.timeUnixNano).toBe(1_700_000_000_124_500_000n);
    expect(span.tracer()).toBe(tracer);
  });

  test('is below the first childOf, else below the first reference, and has links to the others', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => tracer.startSpan(name));
    if (!a || !b || !c) throw new Error('three spans');
    tracer.startSpan('child', { childOf: a }).finish();
    tracer.startSpan('mixed', { references: [followsFrom(a), childOf(b), childOf(c)] }).finish();
    tracer.startSpan('after', { references: [followsFrom(a.context())] }).finish();
    for (const span of [a, b, c]) span.finish();
    const links = (span?: ModelSpan): unknown =>
      span?.links.map((link) => [link.spanId, readAttributes(link.attributes)]);
    const child = await sentNamed('child');
    expect(child?.parentSpanId).toBe(a.context().toSpanId());
    expect(links(child)).toEqual([]);
    const mixed = await sentNamed('mixed');
    expect(mixed?.parentSpanId).toBe(b.context().toSpanId());
    expect(links(mixed)).toEqual([
      [a.context().toSpanId(), { 'opentracing.ref_type': 'follows_from' }],
      [c.context().toSpanId(), { 'opentracing.ref_type': 'child_of' }],
    ]);
    const after = await sentNamed('after');
    expect(after?.parentSpanId).toBe(a.context().toSpanId());
    expect(links(after)).toEqual([
      [a.context().toSpanId(), { 'opentracing.ref_type': 'follows_from' }],
    ]);
  });

  test('leaves its options as they were, and bears a parent of another tracer', async () => {
    const parent = tracer.startSpan('parent');
    const references = [followsFrom(parent)];
    const options = { childOf: parent, references, tags: { error: true, 'span.kind': 'client' } };
    tracer.startSpan('child', options).finish();
    expect(options.childOf).toBe(parent);
    expect(references).toHaveLength(1);
    expect(options.tags).toEqual({ error: true, 'span.kind': 'client' });
    tracer.startSpan('orphan', { childOf: new MockTracer().startSpan('other') }).finish();
    expect((await sentNamed('orphan'))?.parentSpanId).toBeUndefined();
  });
});

describe('tags', () => {
  test('are attributes from the start and later, text where OpenTelemetry has no such type', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const spans = await sentWith({
      'http.method': 'GET',
      count: 3.5,
      ok: true,
      list: ['a', 'b'],
      mixed: ['a', 1],
      object: { a: 1 },
      cyclic,
      big: 10n,
      failure: new Error('no'),
      nothing: undefined,
      null: null,
      callback: () => 1,
      'sampling.priority': 1.5,
    });
    for (const span of spans) {
      expect(readAttributes(span?.attributes)).toEqual({
        'http.method': 'GET',
        count: 3.5,
        ok: true,
        list: ['a', 'b'].map((value) => ({ type: 'string', value })),
        mixed: '["a",1]',
        object: '{"a":1}',
        cyclic: '[object Object]',
        big: '10',
        failure: 'Error: no',
        'sampling.priority': 1.5,
      });
    }
  });

  test.each([
    [true, 'error'],
    ['true', 'error'],
    [false, 'ok'],
    ['false', 'ok'],
  ])('error: %j is the status %s and no attribute', async (error, code) => {
    for (const span of await sentWith({ error })) {
      expect(span?.status).toBe(code);
      expect(readAttributes(span?.attributes)).toEqual({});
    }
  });

  test('an error that is neither true nor false is a tag like others', async () => {
    for (const span of await sentWith({ error: 'timeout' })) {
      expect(span?.status).toBe('unset');
      expect(readAttributes(span?.attributes)).toEqual({ error: 'timeout' });
    }
  });

  test('span.kind is the kind of a span that starts with it, and an attribute later', async () => {
    const [early, late] = await sentWith({ 'span.kind': 'server' });
    expect(early?.kind).toBe('server');
    expect(readAttributes(early?.attributes)).toEqual({});
    expect(late?.kind).toBe('internal');
    expect(readAttributes(late?.attributes)).toEqual({ 'span.kind': 'server' });
    const [odd] = await sentWith({ 'span.kind': 'toString' });
    expect(readAttributes(odd?.attributes)).toEqual({ 'span.kind': 'toString' });
  });
});

describe('logs', () => {
  test('are events named after their field event', async () => {
    const span = tracer.startSpan('logs');
    span.log({ event: 'paid', amount: 3 });
    span.log({ message: 'hello' });
    span.logEvent('sent', { id: 7 });
    span.finish();
    const sent = await sentNamed('logs');
    const events = sent?.events.map(({ name, attributes }) => [name, readAttributes(attributes)]);
    expect(events).toEqual([
      ['paid', { amount: 3n }],
      ['log', { message: 'hello' }],
      ['sent', { payload: '{"id":7}' }],
    ]);
  });

  test('of errors are exceptions, with an error object or without', async () => {
    const span = tracer.startSpan('errors');
    const error = new TypeError('no such user');
    span.log({ event: 'error', 'error.object': error, message: 'ours', user: 7 });
    span.log({ event: 'error', 'error.kind': 'Timeout', message: 'late', stack: 'at x', a: 1 });
    span.log({ event: 'error', 'error.object': 'only text' });
    span.finish();
    const sent = await sentNamed('errors');
    const events = sent?.events.map(({ name, attributes }) => [name, readAttributes(attributes)]);
    expect(events).toEqual([
      [
        'exception',
        {
          user: 7n,
          'exception.type': 'TypeError',
          'exception.message': 'no such user',
          'exception.stacktrace': error.stack,
        },
      ],
      [
        'exception',
        {
          a: 1n,
          'exception.type': 'Timeout',
          'exception.message': 'late',
          'exception.stacktrace': 'at x',
        },
      ],
      ['exception', { 'error.object': 'only text' }],
    ]);
  });
});

describe('baggage', () => {
  test('goes to spans started later, from all references, and not to the context handed out before', () => {
    const a = tracer.startSpan('a').setBaggageItem('user', '7');
    const before = a.context();
    a.setBaggageItem('tenant', 'x');
    const b = tracer.startSpan('b').setBaggageItem('user', '8').setBaggageItem('plan', 'free');
    const child = tracer.startSpan('c', { childOf: a, references: [followsFrom(b)] });
    const items = ['user', 'tenant', 'plan'].map((key) => child.getBaggageItem(key));
    expect(items).toEqual(['7', 'x', 'free']);
    expect(tracer.startSpan('d', { childOf: before }).getBaggageItem('tenant')).toBeUndefined();
    expect(child.getBaggageItem('none')).toBeUndefined();
  });
});

describe('inject and extract', () => {
  test.each([FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, FORMAT_BINARY])(
    'carry span and baggage in the format %s, for a span or its context',
    (format) => {
      const span = tracer.startSpan('sender').setBaggageItem('user', 'Zoë');
      for (const sender of [span, span.context()]) {
        const carrier = {};
        tracer.inject(sender, format, carrier);
        const found = tracer.extract(format, carrier);
        expect(found?.toTraceId()).toBe(span.context().toTraceId());
        expect(found?.toSpanId()).toBe(span.context().toSpanId());
        const options = found === null ? {} : { childOf: found };
        expect(tracer.startSpan('receiver', options).getBaggageItem('user')).toBe('Zoë');
      }
    },
  );

  test('use the headers of W3C by default, and the propagators that are given', () => {
    const found = tracer.extract(FORMAT_HTTP_HEADERS, { Traceparent: TRACEPARENT });
    expect([found?.toTraceId(), found?.toSpanId()]).toEqual([TRACE_ID, SPAN_ID]);
    const jaeger = createTracer({
      propagators: { httpHeaders: createPropagator(['jaeger']) },
    });
    const [headers, map]: [Record<string, string>, Record<string, string>] = [{}, {}];
    const span = jaeger.startSpan('a');
    jaeger.inject(span, FORMAT_HTTP_HEADERS, headers);
    jaeger.inject(span, FORMAT_TEXT_MAP, map);
    expect(Object.keys(headers)).toEqual(['uber-trace-id']);
    expect(Object.keys(map)).toEqual(['traceparent']);
  });

  test('hand the debug flag of B3 on through a child', () => {
    const b3 = createTracer({ propagators: { httpHeaders: createPropagator(['b3']) } });
    const found = b3.extract(FORMAT_HTTP_HEADERS, { b3: `${TRACE_ID}-${SPAN_ID}-d` });
    const child = b3.startSpan('child', found === null ? {} : { childOf: found });
    const headers = {};
    b3.inject(child, FORMAT_HTTP_HEADERS, headers);
    expect(headers).toEqual({ b3: `${TRACE_ID}-${child.context().toSpanId()}-d` });
  });

  test('carry baggage without a span, below which a new trace begins', () => {
    const found = tracer.extract(FORMAT_TEXT_MAP, { baggage: 'user=7' });
    expect([found?.toTraceId(), found?.toSpanId()]).toEqual(['', '']);
    const carrier = {};
    if (found !== null) tracer.inject(found, FORMAT_TEXT_MAP, carrier);
    expect(carrier).toEqual({ baggage: 'user=7' });
    const child = tracer.startSpan('child', found === null ? {} : { childOf: found });
    expect(child.getBaggageItem('user')).toBe('7');
    expect(child.context().toTraceId()).toHaveLength(32);
  });

  test.each([
    ['nothing', FORMAT_HTTP_HEADERS, undefined],
    ['an empty carrier', FORMAT_TEXT_MAP, {}],
    ['a malformed header', FORMAT_HTTP_HEADERS, { traceparent: 'garbage' }],
    ['a format that is none', 'smoke', { traceparent: TRACEPARENT }],
    ['bytes of another tracer', FORMAT_BINARY, { buffer: [1, 2, 3] }],
    ['bytes of JSON that is no object', FORMAT_BINARY, { buffer: Buffer.from('7') }],
    ['too many bytes', FORMAT_BINARY, { buffer: new Uint8Array(1e6) }],
    ['a carrier without bytes', FORMAT_BINARY, { buffer: null }],
  ])('find null in %s', (_, format, carrier) => {
    expect(tracer.extract(format, carrier)).toBeNull();
  });

  test('never throw', () => {
    const span = tracer.startSpan('a');
    for (const carrier of [undefined, null, 7, 'x', Object.freeze({})]) {
      for (const format of [FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, FORMAT_BINARY, 'smoke']) {
        tracer.inject(span, format, carrier);
        tracer.inject(new MockTracer().startSpan('other'), format, carrier);
      }
    }
  });
});

test('is what globalTracer() hands out once it is the global one', async () => {
  initGlobalTracer(tracer);
  const span = globalTracer().startSpan('global');
  globalTracer().startSpan('below', { childOf: span }).finish();
  span.finish();
  expect((await sentNamed('below'))?.parentSpanId).toBe(span.context().toSpanId());
});
