import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Span as ModelSpan } from '@clew/model';
import {
  activeContext,
  activeSpan,
  init,
  runInContext,
  startSpan,
  startSpanFromContext,
  withSpan,
} from './index.ts';
import type { Clew, Span } from './index.ts';
import { OtlpSink } from './testing/otlp-sink.ts';
import { readAttributes } from './testing/read-attributes.ts';

let sink: OtlpSink;
let clew: Clew;

beforeEach(async () => {
  sink = await OtlpSink.start();
  clew = init({ serviceName: 'shop', endpoint: sink.endpoint });
});

afterEach(async () => {
  await clew.shutdown();
  await sink.stop();
});

async function sent(): Promise<ReadonlyMap<string, ModelSpan>> {
  await clew.forceFlush();
  return new Map(sink.spans.map((span) => [span.name, span]));
}

async function sentSpan(name: string): Promise<ModelSpan> {
  const span = (await sent()).get(name);
  if (span === undefined) throw new Error(`${name} was not sent`);
  return span;
}

function value(span: ModelSpan, key: string): unknown {
  return readAttributes(span.attributes)[key];
}

describe('withSpan', () => {
  test('makes nested calls parent and child across await, timers, promises and callbacks', async () => {
    await withSpan('root', async () => {
      await sleep(1);
      await withSpan('after-await', async () => sleep(1));
      await sleep(1).then(() => withSpan('in-then', () => 0));
      await new Promise<void>((resolve) => {
        setTimeout(() => withSpan('in-timer', () => resolve()), 1);
      });
      await new Promise<void>((resolve) => {
        setImmediate(() => process.nextTick(() => withSpan('in-tick', () => resolve())));
      });
      queueMicrotask(() => withSpan('in-microtask', () => 0));
    });
    const spans = await sent();
    const root = spans.get('root');
    expect(root?.parentSpanId).toBeUndefined();
    for (const name of ['after-await', 'in-then', 'in-timer', 'in-tick', 'in-microtask']) {
      expect(spans.get(name)).toMatchObject({
        traceId: root?.traceId,
        parentSpanId: root?.spanId,
      });
    }
  });

  test('keeps parallel calls apart', async () => {
    await Promise.all(
      ['a', 'b', 'c'].map((name, i) =>
        withSpan(name, async () => {
          await sleep(5 - i);
          await withSpan(`${name}-child`, async () => sleep(i));
        }),
      ),
    );
    const spans = await sent();
    for (const name of ['a', 'b', 'c']) {
      expect(spans.get(`${name}-child`)?.parentSpanId).toBe(spans.get(name)?.spanId);
    }
    expect(new Set([...spans.values()].map((span) => span.traceId)).size).toBe(3);
  });

  test('answers with what the function answers, in its own type', async () => {
    const number: number = withSpan('sync', () => 42);
    const text: string = await withSpan('async', { 'order.items': 3 }, async () => 'done');
    expect([number, text]).toEqual([42, 'done']);
    expect(value(await sentSpan('async'), 'order.items')).toBe(3n);
  });

  test('records what is thrown, with stack and causes, and throws the very same on', async () => {
    const cause = new TypeError('no address');
    const error = new RangeError('cannot ship', { cause });
    const fail = (): never => {
      throw error;
    };
    expect(() => withSpan('sync', fail)).toThrow(error);
    await expect(withSpan('async', async () => fail())).rejects.toBe(error);
    for (const name of ['sync', 'async']) {
      const span = await sentSpan(name);
      expect(span).toMatchObject({ status: 'error', statusMessage: 'cannot ship' });
      const attributes = readAttributes(span.events[0]?.attributes);
      expect(span.events[0]?.name).toBe('exception');
      expect(attributes['exception.type']).toBe('RangeError');
      const stack = attributes['exception.stacktrace'];
      expect(stack).toMatch(
        /RangeError: cannot ship\n[^]*spans\.test\.ts[^]*Caused by: TypeError: no/,
      );
    }
  });

  test.each([
    ['a string', 'just text', 'just text'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a bare object', Object.create(null), 'an object that cannot be described'],
    ['an object that defends itself', hostileObject(), 'an object that cannot be described'],
  ])('survives %s being thrown', async (_, thrown, message) => {
    const outcome = withSpan('odd', async () => {
      throw thrown;
    }).catch((error: unknown) => ({ error }));
    expect((await outcome) as unknown).toEqual({ error: thrown });
    expect(await sentSpan('odd')).toMatchObject({ status: 'error', statusMessage: message });
  });

  test('ends the span when a promise that is not a Promise settles', async () => {
    const query: Partial<PromiseLike<number>> = {};
    const then: PromiseLike<number>['then'] = (onFulfilled, onRejected) =>
      sleep(5, 7).then(onFulfilled, onRejected);
    Reflect.set(query, 'then', then);
    expect(await withSpan('thenable', () => query as PromiseLike<number>)).toBe(7);
    expect(Number((await sentSpan('thenable')).durationNano)).toBeGreaterThan(3e6);
  });

  test('gives the function its span, which is the active one inside and not outside', () => {
    let inside: Span | undefined;
    withSpan('outer', (span) => {
      inside = activeSpan();
      expect(inside).toBe(span);
    });
    expect(inside).toBeDefined();
    expect(activeSpan()).toBeUndefined();
  });
});

describe('startSpan', () => {
  test('is a child of the active span and does not become active itself', async () => {
    withSpan('parent', (parent) => {
      const child = startSpan('child', { kind: SpanKind.PRODUCER });
      expect(activeSpan()).toBe(parent);
      child.finish();
    });
    const spans = await sent();
    expect(spans.get('child')).toMatchObject({
      kind: 'producer',
      parentSpanId: spans.get('parent')?.spanId,
    });
  });

  test('from an explicit context needs no active span at all', async () => {
    const outer = startSpanFromContext(ROOT_CONTEXT, 'outer');
    const inner = startSpanFromContext(outer.ctx, 'inner');
    runInContext(inner.ctx, () => startSpan('innermost').finish());
    inner.span.finish();
    outer.span.finish();
    const spans = await sent();
    expect(spans.get('outer')?.parentSpanId).toBeUndefined();
    expect(spans.get('inner')?.parentSpanId).toBe(spans.get('outer')?.spanId);
    expect(spans.get('innermost')?.parentSpanId).toBe(spans.get('inner')?.spanId);
  });

  test('from the active context follows withSpan', async () => {
    withSpan('outer', () => startSpanFromContext(activeContext(), 'inner').span.finish());
    const spans = await sent();
    expect(spans.get('inner')?.parentSpanId).toBe(spans.get('outer')?.spanId);
  });
});

describe('a span', () => {
  test('sends everything that was set on it', async () => {
    const other = startSpan('other');
    const span = startSpan('full', {
      kind: SpanKind.CONSUMER,
      attributes: { text: 'a', int: 7, double: 0.5, bool: true, list: ['x', 'y'] },
      links: [{ context: other.spanContext(), attributes: { why: 'batch' } }],
    });
    span.setAttribute('text', 'b').setAttributes({ added: -1 });
    span.addEvent('cache-miss', { key: 'k' }).addEvent('retry', [5, 6]);
    span.updateName('fuller').setStatus({ code: SpanStatusCode.ERROR, message: 'why' });
    span.finish();
    other.end();
    const received = await sentSpan('fuller');
    expect(received).toMatchObject({ kind: 'consumer', status: 'error', statusMessage: 'why' });
    expect(Object.fromEntries(received.attributes.map(({ key, value }) => [key, value]))).toEqual({
      text: { type: 'string', value: 'b' },
      int: { type: 'int', value: 7n },
      double: { type: 'double', value: 0.5 },
      bool: { type: 'bool', value: true },
      list: {
        type: 'array',
        value: [
          { type: 'string', value: 'x' },
          { type: 'string', value: 'y' },
        ],
      },
      added: { type: 'int', value: -1n },
    });
    expect(received.events.map((event) => event.name)).toEqual(['cache-miss', 'retry']);
    expect(received.events[1]?.timeUnixNano).toBe(5_000_000_006n);
    expect(received.links[0]?.spanId).toBe(other.spanContext().spanId);
    expect(received.resource.service).toBe('shop');
    expect(received.scope.name).toBe('@clew/sdk');
  });

  test('ends once, and takes nothing after that', async () => {
    const span = startSpan('once');
    span.end();
    span.setAttribute('late', true).addEvent('late').updateName('late');
    span.setStatus({ code: SpanStatusCode.ERROR }).recordException(new Error('late'));
    span.end();
    span.finish();
    expect(span.isRecording()).toBe(false);
    expect(await sentSpan('once')).toMatchObject({ attributes: [], events: [], status: 'unset' });
    expect(sink.spans).toHaveLength(1);
    expect(clew.stats.endedSpanCount).toBe(1);
  });

  test('keeps OK against an error that comes later, and an error against UNSET', async () => {
    const ok = startSpan('ok').setStatus({ code: SpanStatusCode.OK });
    ok.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
    const error = startSpan('error').setStatus({ code: SpanStatusCode.ERROR, message: 'yes' });
    error.setStatus({ code: SpanStatusCode.UNSET });
    ok.end();
    error.end();
    expect(await sentSpan('ok')).toMatchObject({ status: 'ok', statusMessage: '' });
    expect(await sentSpan('error')).toMatchObject({ status: 'error', statusMessage: 'yes' });
  });

  test('keeps within its limits and counts what it left out', async () => {
    const span = startSpan('big');
    for (let i = 0; i < 130; i++) span.setAttribute(`key-${i}`, 'x'.repeat(20_000));
    for (let i = 0; i < 131; i++) span.addEvent('event');
    for (let i = 0; i < 132; i++) span.addLink({ context: span.spanContext() });
    span.end();
    const received = await sentSpan('big');
    expect(received.attributes).toHaveLength(128);
    expect(value(received, 'key-0')).toHaveLength(16_384);
    expect(received).toMatchObject({
      droppedAttributesCount: 2,
      droppedEventsCount: 3,
      droppedLinksCount: 4,
    });
  });

  test('ignores attributes that are none, and is not changed by changing a list later', async () => {
    const list = ['a'];
    const odd: Record<string, never> = Object.fromEntries<never>(
      Object.entries({ undefined, null: null, object: {}, function: () => 0, '': 'x' }) as never,
    );
    const span = startSpan('odd', { attributes: { ...odd, list, nan: Number.NaN } });
    list.push('b');
    span.end();
    const received = await sentSpan('odd');
    expect(received.attributes.map(({ key }) => key).sort()).toEqual(['list', 'nan']);
    expect(value(received, 'list')).toHaveLength(1);
  });

  test('lies inside its parent and has the length that the monotonic clock gives', async () => {
    const beforeMs = Date.now();
    await withSpan('outer', async () => withSpan('inner', async () => sleep(20)));
    const [outer, inner] = [await sentSpan('outer'), await sentSpan('inner')];
    const end = (span: ModelSpan): bigint => span.startUnixNano + span.durationNano;
    expect(inner.startUnixNano).toBeGreaterThanOrEqual(outer.startUnixNano);
    expect(end(inner)).toBeLessThanOrEqual(end(outer));
    expect(Number(inner.durationNano)).toBeGreaterThan(18e6);
    expect(Math.abs(Number(outer.startUnixNano / 1_000_000n) - beforeMs)).toBeLessThan(1000);
  });

  test('takes explicit times, and is never shorter than nothing', async () => {
    const span = startSpan('explicit', { startTime: new Date(1_700_000_000_000) });
    span.end([1_700_000_001, 500]);
    startSpan('backwards', { startTime: 1_700_000_000_000 }).end(1_600_000_000_000);
    expect(await sentSpan('explicit')).toMatchObject({
      startUnixNano: 1_700_000_000_000_000_000n,
      durationNano: 1_000_000_500n,
    });
    expect((await sentSpan('backwards')).durationNano).toBe(0n);
  });

  test('of any other tracer joins the same trace', async () => {
    const tracer = trace.getTracer('somebody-else', '1.2.3');
    await withSpan('ours', async () => {
      await tracer.startActiveSpan('theirs', async (theirs) => {
        await withSpan('ours-again', async () => sleep(1));
        theirs.end();
      });
    });
    const spans = await sent();
    expect(spans.get('theirs')).toMatchObject({
      parentSpanId: spans.get('ours')?.spanId,
      scope: { name: 'somebody-else', version: '1.2.3' },
    });
    expect(spans.get('ours-again')?.parentSpanId).toBe(spans.get('theirs')?.spanId);
  });

  test('is not recorded below a parent that is not sampled', async () => {
    const parent = trace.setSpanContext(ROOT_CONTEXT, {
      traceId: '1'.repeat(32),
      spanId: '2'.repeat(16),
      traceFlags: 0,
      isRemote: true,
    });
    const { span } = startSpanFromContext(parent, 'quiet');
    expect(span.isRecording()).toBe(false);
    expect(span.spanContext()).toMatchObject({ traceId: '1'.repeat(32), traceFlags: 0 });
    span.finish();
    await clew.forceFlush();
    expect(clew.stats.endedSpanCount).toBe(0);
  });
});

describe('without init', () => {
  test('everything works and records nothing', async () => {
    await clew.shutdown();
    const span = startSpan('nobody-listens');
    span.setAttribute('a', 1);
    span.finish();
    expect(await withSpan('none', async () => 5)).toBe(5);
    expect(clew.stats.endedSpanCount).toBe(0);
  });

  test('a span that outlives the library ends quietly and is counted', async () => {
    const span = startSpan('late');
    await clew.shutdown();
    span.finish();
    expect(clew.stats).toMatchObject({ endedSpanCount: 1, droppedSpanCount: 1 });
  });

  test('init can be called again after shutdown, and a second init beside the first records nothing', async () => {
    const second = init({ serviceName: 'second', endpoint: sink.endpoint });
    withSpan('once', () => 0);
    await second.shutdown();
    expect(second.stats.endedSpanCount).toBe(0);
    expect(clew.stats.endedSpanCount).toBe(1);
    await clew.shutdown();
    clew = init({ serviceName: 'third', endpoint: sink.endpoint });
    withSpan('again', () => 0);
    expect((await sentSpan('again')).resource.service).toBe('third');
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});

function hostileObject(): object {
  return {
    get message(): string {
      throw new Error('leave me alone');
    },
  };
}
