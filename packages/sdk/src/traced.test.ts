import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { Span as ModelSpan } from '@clew/model';
import { init, startSpan, traced, withSpan } from './index.ts';
import type { Clew } from './index.ts';
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

async function sent(): Promise<readonly ModelSpan[]> {
  await clew.forceFlush();
  return sink.spans;
}

async function sentNamed(name: string): Promise<ModelSpan | undefined> {
  return (await sent()).find((span) => span.name === name);
}

describe('traced', () => {
  test('makes each call a span under the name of the function, with attributes of its arguments', async () => {
    function getUser(id: number, isFull = false): string {
      return `${id}${String(isFull)}`;
    }
    const tracedGetUser = traced(getUser, {
      kind: SpanKind.CLIENT,
      attributes: ([id]) => ({ 'user.id': id }),
    });
    expectTypeOf(tracedGetUser).parameters.toEqualTypeOf<
      [id: number, isFull?: boolean | undefined]
    >();
    expect(tracedGetUser(7, true)).toBe('7true');
    expect([tracedGetUser.name, tracedGetUser.length]).toEqual(['getUser', 1]);
    const span = await sentNamed('getUser');
    expect(span?.kind).toBe('client');
    expect(readAttributes(span?.attributes)).toEqual({ 'user.id': 7n });
  });

  test('keeps this, the properties of the function, and the promise of its result', async () => {
    class Shop {
      readonly #price = 5;
      order = traced(async function order(this: Shop, count: number): Promise<number> {
        await sleep(1);
        return withSpan('inside', () => this.#price * count);
      });
    }
    const shop = new Shop();
    expectTypeOf(shop.order(1)).toEqualTypeOf<Promise<number>>();
    expect(await shop.order(3)).toBe(15);
    const order = await sentNamed('order');
    expect((await sentNamed('inside'))?.parentSpanId).toBe(order?.spanId);
    const withCache = Object.assign(() => 1, { cache: new Map() });
    expect(traced(withCache)).toHaveProperty('cache', withCache.cache);
  });

  test('follows a generator to its end, or to where it is left, with the span active in each step', async () => {
    const count = traced(function* count(limit: number): Generator<number, string> {
      for (let i = 0; i < limit; i++) {
        startSpan(`step-${i}`).end();
        yield i;
      }
      return 'done';
    });
    const all = count(2);
    expect((await sent()).length).toBe(0);
    expect([all.next(), all.next(), all.next()].at(-1)).toEqual({ done: true, value: 'done' });
    const span = await sentNamed('count');
    expect((await sentNamed('step-1'))?.parentSpanId).toBe(span?.spanId);
    for (const i of count(10)) if (i === 1) break;
    expect((await sent()).filter(({ name }) => name === 'count')).toHaveLength(2);
  });

  test('follows an async generator, and records what one of its steps throws', async () => {
    const rows = traced(async function* rows(): AsyncGenerator<number> {
      yield 1;
      await sleep(1);
      throw new RangeError('connection lost');
    });
    const seen: number[] = [];
    const goThrough = async (): Promise<void> => {
      for await (const row of rows()) seen.push(row);
    };
    await expect(goThrough()).rejects.toThrow('connection lost');
    expect(seen).toEqual([1]);
    expect(await sentNamed('rows')).toMatchObject({
      status: 'error',
      statusMessage: 'connection lost',
    });
  });

  test('follows an async iterable that makes its iterators itself', async () => {
    const pages = traced(
      () => ({
        [Symbol.asyncIterator]: () => {
          let page = 0;
          return { next: async () => ({ done: page === 2, value: page++ }) };
        },
      }),
      { name: 'pages' },
    );
    const seen: number[] = [];
    for await (const page of pages()) seen.push(page);
    expect(seen).toEqual([0, 1]);
    expect(await sentNamed('pages')).toMatchObject({ status: 'unset' });
  });

  test('is done with an array and with a stream when they are returned', async () => {
    expect(traced(() => [1, 2], { name: 'array' })()).toEqual([1, 2]);
    const stream = traced(() => Readable.from(['a']), { name: 'stream' })();
    expect(await stream.toArray()).toEqual(['a']);
    expect((await sent()).map(({ name }) => name)).toEqual(['array', 'stream']);
  });

  test('does not fail a call because its attributes cannot be told', async () => {
    const fail = (): never => {
      throw new Error('no attributes');
    };
    expect(traced(() => 42, { name: 'robust', attributes: fail })()).toBe(42);
    expect(await sentNamed('robust')).toMatchObject({ attributes: [] });
  });
});

test('withSpan takes the name of the function when it is given none', async () => {
  expect(
    withSpan(function reserve() {
      return 1;
    }),
  ).toBe(1);
  expect(withSpan(() => 2)).toBe(2);
  expect((await sent()).map(({ name }) => name)).toEqual(['reserve', 'anonymous']);
});

test('a span that is held with using ends with its block', async () => {
  {
    using span = startSpan('held');
    span.setAttribute('a', 1);
  }
  expect(await sentNamed('held')).toMatchObject({ name: 'held' });
});
