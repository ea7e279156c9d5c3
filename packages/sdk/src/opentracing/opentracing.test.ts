import {
  FORMAT_BINARY,
  FORMAT_HTTP_HEADERS,
  FORMAT_TEXT_MAP,
  Tags,
  childOf,
  followsFrom,
  globalTracer,
  initGlobalTracer,
} from 'opentracing';
import type { Span as OpenTracingSpan, SpanContext as OpenTracingSpanContext } from 'opentracing';
import { ROOT_CONTEXT, context, diag, propagation, trace } from '@opentelemetry/api';
import type { TextMapPropagator } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Span as ModelSpan } from '@clew/model';
import {
  activeContext,
  init,
  runInContext,
  startSpan,
  startSpanFromContext,
  withSpan,
} from '../index.ts';
import type { Clew } from '../index.ts';
import { createPropagator } from '../propagation/create-propagator.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { readAttributes } from '../testing/read-attributes.ts';
import { contextOf, createTracer, spanContextFrom } from './index.ts';

const tracer = createTracer();
let sink: OtlpSink;
let clew: Clew;

beforeEach(async () => {
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'payments', endpoint: sink.endpoint });
});

afterEach(async () => {
  await clew.shutdown();
  await sink.stop();
});

async function sentSpan(name: string): Promise<ModelSpan> {
  await clew.forceFlush();
  const span = sink.spans.find((sent) => sent.name === name);
  if (span === undefined) throw new Error(`${name} was not sent`);
  return span;
}

describe('startSpan', () => {
  test('makes a child of a span or of its context, in the same trace', async () => {
    const parent = tracer.startSpan('parent');
    tracer.startSpan('of-span', { childOf: parent }).finish();
    tracer.startSpan('of-context', { childOf: parent.context() }).finish();
    parent.finish();
    const { traceId, spanId, parentSpanId } = await sentSpan('parent');
    expect(parentSpanId).toBeUndefined();
    expect(await sentSpan('of-span')).toMatchObject({ traceId, parentSpanId: spanId, links: [] });
    expect(await sentSpan('of-context')).toMatchObject({ traceId, parentSpanId: spanId });
    expect(parent.context().toTraceId()).toBe(traceId);
    expect(parent.context().toSpanId()).toBe(spanId);
  });

  test('takes the first "child of" among references as the parent, and links all of them', async () => {
    const [a, b] = [tracer.startSpan('a'), tracer.startSpan('b')];
    const references = [followsFrom(a), childOf(b)];
    tracer.startSpan('child', { references }).finish();
    const child = await sentSpan('child');
    expect(child.parentSpanId).toBe(b.context().toSpanId());
    expect(child.links.map(({ spanId }) => spanId)).toEqual([
      a.context().toSpanId(),
      b.context().toSpanId(),
    ]);
    expect(child.links.map(({ attributes }) => readAttributes(attributes))).toEqual([
      { 'opentracing.ref_type': 'follows_from' },
      { 'opentracing.ref_type': 'child_of' },
    ]);
    expect(references).toHaveLength(2);
  });

  test('takes the first of references as the parent where none is "child of"', async () => {
    const [a, b] = [tracer.startSpan('a'), tracer.startSpan('b')];
    tracer.startSpan('after', { references: [followsFrom(a), followsFrom(b)] }).finish();
    expect((await sentSpan('after')).parentSpanId).toBe(a.context().toSpanId());
  });

  test('starts and ends at the times given, to a fraction of a millisecond, however long ago', async () => {
    tracer.startSpan('old', { startTime: 1000.25 }).finish(1002.5);
    expect(await sentSpan('old')).toMatchObject({
      startUnixNano: 1_000_250_000n,
      durationNano: 2_250_000n,
    });
  });

  test('does not look at what is active unless it is told to', async () => {
    const following = createTracer({ followsActiveSpan: true });
    const baggage = propagation.createBaggage({ tenant: { value: 'acme' } });
    withSpan('active', () => {
      runInContext(propagation.setBaggage(activeContext(), baggage), () => {
        expect(tracer.startSpan('apart').getBaggageItem('tenant')).toBeUndefined();
        tracer.startSpan('alone').finish();
        const below = following.startSpan('below');
        expect(below.getBaggageItem('tenant')).toBe('acme');
        below.finish();
      });
    });
    const { traceId, spanId } = await sentSpan('active');
    expect(await sentSpan('below')).toMatchObject({ traceId, parentSpanId: spanId });
    const alone = await sentSpan('alone');
    expect(alone.parentSpanId).toBeUndefined();
    expect(alone.traceId).not.toBe(traceId);
  });

  test.each([
    ['no name', () => startOddly()],
    ['null as options', () => startOddly('odd', null)],
    ['null as a parent', () => startOddly('odd', { childOf: null, references: null, tags: null })],
    [
      'things that are no references',
      () => startOddly('odd', { references: [null, 7, {}, 'text'] }),
    ],
    ['a parent that throws', () => startOddly('odd', { childOf: { context: fail } })],
    ['a span of another tracer', () => startOddly('odd', { childOf: { context: () => ({}) } })],
    ['times that are none', () => startOddly('odd', { startTime: Number.NaN })],
  ])('survives %s', async (_, begin) => {
    expect(begin).not.toThrow();
  });

  function fail(): never {
    throw new Error('no context');
  }

  /** As a program without types would. */
  function startOddly(...args: readonly unknown[]): void {
    const untyped = tracer as unknown as Record<string, (...args: readonly unknown[]) => Untyped>;
    untyped['startSpan']?.(...args)['finish']?.('soon');
  }

  type Untyped = Record<string, (...args: readonly unknown[]) => unknown>;
});

describe('tags', () => {
  test('are attributes, with the kind and the error in the places that OpenTelemetry has', async () => {
    const tags = { [Tags.SPAN_KIND]: 'client', [Tags.ERROR]: true, 'db.rows': 3 };
    const span = tracer.startSpan('query', { tags });
    span.setTag('db.type', 'sql').addTags({ [Tags.SAMPLING_PRIORITY]: 1 });
    span.setOperationName('renamed').finish();
    const sent = await sentSpan('renamed');
    expect(sent).toMatchObject({ kind: 'client', status: 'error' });
    expect(readAttributes(sent.attributes)).toEqual({
      'db.rows': 3n,
      'db.type': 'sql',
      'sampling.priority': 1n,
    });
  });

  test('tell by the last "error" whether it was one', async () => {
    tracer.startSpan('good').setTag('error', true).setTag('error', 'false').finish();
    tracer
      .startSpan('bad', { tags: { error: false } })
      .setTag('error', 'true')
      .finish();
    tracer.startSpan('thrown').setTag('error', new TypeError('no card')).finish();
    tracer.startSpan('neither').setTag('error', undefined).finish();
    expect(await sentSpan('good')).toMatchObject({ status: 'ok', attributes: [] });
    expect(await sentSpan('bad')).toMatchObject({ status: 'error', attributes: [] });
    expect(await sentSpan('thrown')).toMatchObject({ status: 'error', statusMessage: 'no card' });
    expect((await sentSpan('neither')).status).toBe('unset');
  });

  test('of any type become text, and none of them throws', async () => {
    const cyclic: Record<string, unknown> = { toString: () => 'a cycle' };
    cyclic['self'] = cyclic;
    const span = tracer.startSpan('odd');
    span.addTags({ list: ['a', 'b'], mixed: ['a', 1], object: { a: 1 }, big: 7n, none: null });
    span.addTags({ cyclic, bytes: new Uint8Array(9), error: Object.create(null) });
    const hostile = Object.defineProperty({ before: 1 }, 'hostile', {
      enumerable: true,
      get: () => {
        throw new Error('getter');
      },
    });
    span.addTags(hostile);
    span.log(hostile).finish();
    expect(readAttributes((await sentSpan('odd')).attributes)).toMatchObject({
      mixed: '["a",1]',
      object: '{"a":1}',
      big: '7',
      cyclic: 'a cycle',
      bytes: '9 bytes',
      error: '{}',
      before: 1n,
    });
  });
});

describe('log', () => {
  test('makes an event, named by its field "event", at the time given', async () => {
    const span = tracer.startSpan('logs');
    span.log({ event: 'cache-miss', key: 'user:42' }, Date.UTC(2024, 0, 1) + 0.5);
    span.log({ size: 3 });
    span.logEvent('retry', { attempt: 2 });
    span.finish();
    const { events } = await sentSpan('logs');
    expect(events.map(({ name }) => name)).toEqual(['cache-miss', 'log', 'retry']);
    expect(events[0]?.timeUnixNano).toBe(BigInt(Date.UTC(2024, 0, 1)) * 1_000_000n + 500_000n);
    expect(readAttributes(events[0]?.attributes)).toEqual({ event: 'cache-miss', key: 'user:42' });
    expect(readAttributes(events[1]?.attributes)).toEqual({ size: 3n });
    expect(readAttributes(events[2]?.attributes)).toEqual({
      event: 'retry',
      payload: '{"attempt":2}',
    });
  });

  test('makes an exception of an error, from the object or from the fields', async () => {
    const span = tracer.startSpan('errors');
    span.log({ event: 'error', 'error.object': new RangeError('too much'), attempt: 2 });
    span.log({ event: 'error', 'error.kind': 'Timeout', message: 'too late', stack: 'at x' });
    span.finish();
    const { events } = await sentSpan('errors');
    expect(events.map(({ name }) => name)).toEqual(['exception', 'exception']);
    expect(readAttributes(events[0]?.attributes)).toEqual({
      event: 'error',
      attempt: 2n,
      'exception.type': 'RangeError',
      'exception.message': 'too much',
      'exception.stacktrace': expect.stringContaining('RangeError: too much') as string,
    });
    expect(readAttributes(events[1]?.attributes)).toEqual({
      event: 'error',
      'exception.type': 'Timeout',
      'exception.message': 'too late',
      'exception.stacktrace': 'at x',
    });
  });
});

describe('baggage', () => {
  test('reaches children and leaves parents and contexts that were taken before alone', () => {
    const parent = tracer.startSpan('parent');
    const before = parent.context();
    parent.setBaggageItem('tenant', 'acme');
    const child = tracer.startSpan('child', { childOf: parent });
    child.setBaggageItem('user', '42');
    expect(child.getBaggageItem('tenant')).toBe('acme');
    expect(parent.getBaggageItem('user')).toBeUndefined();
    expect(tracer.startSpan('early', { childOf: before }).getBaggageItem('tenant')).toBeUndefined();
  });

  test('of several references is united', () => {
    const a = tracer.startSpan('a').setBaggageItem('a', '1').setBaggageItem('both', 'first');
    const b = tracer.startSpan('b').setBaggageItem('b', '2').setBaggageItem('both', 'second');
    const child = tracer.startSpan('child', { references: [followsFrom(a), childOf(b)] });
    const items = ['a', 'b', 'both'].map((key) => child.getBaggageItem(key));
    expect(items).toEqual(['1', '2', 'first']);
  });
});

describe('inject and extract', () => {
  test.each([FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP])(
    'carry a span in %s with the propagator of OpenTelemetry',
    async (format) => {
      const span = tracer.startSpan('caller');
      const carrier: Record<string, unknown> = {};
      tracer.inject(span, format, carrier);
      const { traceId, spanId } = trace.getSpanContext(contextOf(span)) ?? {};
      expect(carrier).toEqual({ traceparent: `00-${traceId}-${spanId}-03` });
      tracer.startSpan('called', { childOf: extract(format, carrier) }).finish();
      expect(await sentSpan('called')).toMatchObject({ traceId, parentSpanId: spanId });
    },
  );

  test('read headers in any case', () => {
    const id = '0af7651916cd43dd8448eb211c80319c';
    const found = extract(FORMAT_HTTP_HEADERS, { TraceParent: `00-${id}-b7ad6b7169203331-01` });
    expect(found.toTraceId()).toBe(id);
  });

  test('carry baggage without a span, which then starts a new trace', () => {
    const propagator: TextMapPropagator = {
      inject: (ctx, carrier, setter) => {
        setter.set(carrier, 'tenant', propagation.getBaggage(ctx)?.getEntry('tenant')?.value ?? '');
      },
      extract: (ctx, carrier, getter) => {
        const value = String(getter.get(carrier, 'tenant'));
        return propagation.setBaggage(ctx, propagation.createBaggage({ tenant: { value } }));
      },
      fields: () => [],
    };
    const own = createTracer({ textMapPropagator: propagator });
    const found = own.extract(FORMAT_TEXT_MAP, { tenant: 'acme' });
    expect(found?.toTraceId()).toBe('0'.repeat(32));
    const span = own.startSpan('first', found ? { childOf: found } : {});
    expect(span.getBaggageItem('tenant')).toBe('acme');
    const carrier = {};
    own.inject(span, FORMAT_TEXT_MAP, carrier);
    expect(carrier).toEqual({ tenant: 'acme' });
  });

  test.each([
    ['b3', { b3: '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d' }, /-d$/],
    ['jaeger', { 'uber-trace-id': 'af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:3' }, /:3$/],
  ] as const)('hand the debug flag of %s on, from span to span', (name, headers, flag) => {
    const textMapPropagator = createPropagator([name]);
    const own = createTracer({ textMapPropagator, followsActiveSpan: true });
    const written = (span: OpenTracingSpan): unknown => {
      const carrier = {};
      own.inject(span, FORMAT_TEXT_MAP, carrier);
      return Object.values(carrier)[0];
    };
    const found = own.extract(FORMAT_TEXT_MAP, headers);
    const called = own.startSpan('called', { ...(found && { childOf: found }) });
    const child = own.startSpan('child', { references: [followsFrom(called)] });
    expect(written(called)).toMatch(flag);
    expect(written(child.setBaggageItem('user', '7'))).toMatch(flag);
    runInContext(contextOf(child), () => {
      expect(written(own.startSpan('below-active'))).toMatch(flag);
      const { ctx } = startSpanFromContext(activeContext(), 'of-open-telemetry');
      expect(written(own.startSpan('below', { childOf: spanContextFrom(ctx) }))).toMatch(flag);
    });
    expect(written(own.startSpan('other-trace'))).not.toMatch(flag);
    expect(written(own.startSpan('other-trace', { childOf: own.startSpan('x') }))).not.toMatch(
      flag,
    );
  });

  test('carry ids, state and baggage in bytes', () => {
    const state = { tracestate: 'vendor=1,other=2' };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const remote = propagation.extract(ROOT_CONTEXT, { traceparent, ...state });
    const baggage = propagation.createBaggage({
      'ключ, 1': { value: 'Grüße; = %' },
      half: { value: '\ud800' },
      ...({ odd: { value: {} } } as object),
    });
    const source = spanContextFrom(propagation.setBaggage(remote, baggage));
    const carrier: { buffer?: Uint8Array } = {};
    tracer.inject(source, FORMAT_BINARY, carrier);
    // The first 29 bytes are what readers of `grpc-trace-bin` expect.
    expect(Buffer.from(carrier.buffer ?? []).toString('hex', 0, 29)).toBe(
      '00000af7651916cd43dd8448eb211c80319c01b7ad6b71692033310201',
    );
    const ctx = contextOf(extract(FORMAT_BINARY, { buffer: [...(carrier.buffer ?? [])] }));
    expect(trace.getSpanContext(ctx)).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    });
    expect(trace.getSpanContext(ctx)?.traceState?.serialize()).toBe(state.tracestate);
    expect(propagation.getBaggage(ctx)?.getEntry('ключ, 1')?.value).toBe('Grüße; = %');
    expect(propagation.getBaggage(ctx)?.getEntry('half')?.value).toBe('\ufffd');
    expect(propagation.getBaggage(ctx)?.getEntry('odd')).toBeUndefined();
  });

  test('survive bytes that are cut anywhere, and finds no span in half of one', () => {
    const span = tracer.startSpan('caller').setBaggageItem('tenant', 'acme');
    const carrier: { buffer?: Uint8Array } = {};
    tracer.inject(span, FORMAT_BINARY, carrier);
    const whole = carrier.buffer ?? new Uint8Array();
    for (let length = 0; length < whole.length; length++) {
      const found = tracer.extract(FORMAT_BINARY, { buffer: whole.subarray(0, length) });
      expect(found?.toTraceId()).toBe(length < 29 ? undefined : span.context().toTraceId());
    }
  });

  test.each([
    [FORMAT_HTTP_HEADERS, {}],
    [FORMAT_HTTP_HEADERS, { traceparent: 'nonsense' }],
    [FORMAT_HTTP_HEADERS, { traceparent: 7 }],
    [FORMAT_TEXT_MAP, undefined],
    [FORMAT_BINARY, { buffer: { length: 1e9 } }],
    [FORMAT_BINARY, { buffer: new Uint8Array(40) }],
    ['smoke signals', {}],
  ])('find nothing in %s %j', (format, carrier) => {
    expect(tracer.extract(format, carrier)).toBeNull();
  });

  test('tell only once that a propagator fails, and throw nothing', () => {
    const fail = (): never => {
      throw new Error('broken');
    };
    const broken = { inject: fail, extract: fail, fields: () => [] };
    const warn = vi.spyOn(diag, 'warn');
    const own = createTracer({ textMapPropagator: broken });
    for (let i = 0; i < 3; i++) {
      own.inject(own.startSpan('caller'), FORMAT_TEXT_MAP, {});
      expect(own.extract(FORMAT_TEXT_MAP, {})).toBeNull();
    }
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      'clew: a span context could not be injected: broken',
      'clew: a span context could not be extracted: broken',
    ]);
    warn.mockRestore();
  });

  test('do not throw at a carrier that cannot be written', () => {
    const span = tracer.startSpan('caller');
    for (const format of [FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, FORMAT_BINARY, 'smoke signals']) {
      expect(() => tracer.inject(span, format, Object.freeze({}))).not.toThrow();
      expect(() => tracer.inject(span, format, undefined)).not.toThrow();
    }
  });

  function extract(format: string, carrier: unknown): OpenTracingSpanContext {
    const found = tracer.extract(format, carrier);
    if (found === null) throw new Error('nothing was extracted');
    return found;
  }
});

describe('together with OpenTelemetry', () => {
  test('spans of both are in one trace, in both directions', async () => {
    initGlobalTracer(tracer);
    await withSpan('http-server', async () => {
      const payment = globalTracer().startSpan('payment', { childOf: spanContextFrom() });
      payment.setBaggageItem('tenant', 'acme');
      await runInContext(contextOf(payment), async () => {
        await Promise.resolve();
        expect(propagation.getBaggage(context.active())?.getEntry('tenant')?.value).toBe('acme');
        startSpan('query').finish();
      });
      payment.finish();
    });
    const server = await sentSpan('http-server');
    const payment = await sentSpan('payment');
    const { traceId } = server;
    expect(payment).toMatchObject({ traceId, parentSpanId: server.spanId });
    expect(await sentSpan('query')).toMatchObject({ traceId, parentSpanId: payment.spanId });
  });

  test('a parent from outside of every span makes nobody its child', async () => {
    tracer.startSpan('first', { childOf: spanContextFrom() }).finish();
    expect((await sentSpan('first')).parentSpanId).toBeUndefined();
  });
});
