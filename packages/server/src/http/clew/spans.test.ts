import { createClient, errorResponse, searchSpans, tailSpans } from '@clew/api';
import type { ClewClient, SpanTailEvent } from '@clew/api';
import { StorageError, durationNano, unixNano } from '@clew/model';
import { printQuery } from '@clew/traceql';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TRACE_ID, exampleSpan, spanId } from '../../query/testing/canned-trace-reader.ts';
import { SpanTails } from '../../query/span-tails.ts';
import { TraceQueries } from '../../query/trace-queries.ts';
import type { Listener } from '../../receiver/listener.ts';
import { createAppListener } from '../app-listener.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';

describe('a search for spans', () => {
  test('hands every condition to the store', async () => {
    const { app, reader } = createTestApp();
    const query = new URLSearchParams([
      ['service', 'order-service'],
      ['attribute', 'user.id=7'],
      ['status', 'error'],
      ['minDuration', '250ms'],
      ['start', '1795000000000000000'],
      ['end', '1795000000000000001'],
      ['limit', '5'],
    ]);
    const response = await app.request(`/api/clew/spans?${query.toString()}`);
    expect(response.status).toBe(200);
    const [asked] = reader.spanSearches;
    expect(asked && printQuery(asked.search)).toBe(
      '{ resource.service.name = "order-service" && (.user.id = "7" || .user.id = 7) && status = error && duration >= 250ms }',
    );
    expect(asked).toMatchObject({
      tenant: 'default',
      startUnixNano: 1_795_000_000_000_000_000n,
      endUnixNano: 1_795_000_000_000_000_001n,
      limit: 5,
      after: undefined,
    });
  });

  test('answers with the spans themselves, and a cursor that continues', async () => {
    const { app, reader } = createTestApp();
    const older = exampleSpan({ spanId: spanId('1'), startUnixNano: unixNano(1n) });
    const newer = exampleSpan({
      parentSpanId: spanId('2'),
      durationNano: durationNano((1n << 64n) - 1n),
      status: 'error',
      statusMessage: 'no such user',
      attributes: [{ key: 'n', value: { type: 'int', value: -(1n << 63n) } }],
    });
    reader.spans.push(older, newer);
    const response = await app.request('/api/clew/spans?q={}&limit=1');
    const body = searchSpans.response.parse(await response.json());
    expect(body.spans).toEqual([
      {
        traceId: TRACE_ID,
        spanId: newer.spanId,
        parentSpanId: spanId('2'),
        service: 'order-service',
        name: 'create-order',
        kind: 'server',
        startUnixNano: '1795000000123456789',
        durationNano: '18446744073709551615',
        status: 'error',
        statusMessage: 'no such user',
        attributes: [{ key: 'n', value: { type: 'int', value: '-9223372036854775808' } }],
        resourceAttributes: [
          { key: 'service.name', value: { type: 'string', value: 'order-service' } },
          { key: 'host.name', value: { type: 'string', value: 'web-1' } },
        ],
      },
    ]);
    const next = await app.request(`/api/clew/spans?q={}&cursor=${body.nextCursor}`);
    expect(next.status).toBe(200);
    expect(reader.spanSearches[1]?.after).toEqual({
      traceId: TRACE_ID,
      spanId: newer.spanId,
      service: 'order-service',
      kind: 'server',
      startUnixNano: newer.startUnixNano,
      rank: newer.startUnixNano,
    });
    const other = await app.request(`/api/clew/spans?end=9&cursor=${body.nextCursor}`);
    expect(other.status).toBe(400);
    const whole = await app.request('/api/clew/spans');
    const { spans, nextCursor } = searchSpans.response.parse(await whole.json());
    expect(spans.map((span) => span.spanId)).toEqual([newer.spanId, older.spanId]);
    expect(nextCursor).toBeUndefined();
  });

  test.each([
    ['order=newest', { by: 'start', direction: 'desc' }],
    ['order=oldest', { by: 'start', direction: 'asc' }],
    ['order=slowest', { by: 'duration', direction: 'desc' }],
    ['order=fastest', { by: 'duration', direction: 'asc' }],
    ['q={} | order by duration', { by: 'duration', direction: 'desc' }],
    ['q={} | order by start asc', { by: 'start', direction: 'asc' }],
    ['q={}', undefined],
  ])('orders spans as %s says, and a cursor is of that order alone', async (query, order) => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan(), exampleSpan({ spanId: spanId('1') }));
    const response = await app.request(`/api/clew/spans?limit=1&${query}`);
    const { nextCursor } = searchSpans.response.parse(await response.json());
    expect(reader.spanSearches[0]?.order).toEqual(order);
    expect((await app.request(`/api/clew/spans?${query}&cursor=${nextCursor}`)).status).toBe(200);
    const other = query === 'order=fastest' ? 'slowest' : 'fastest';
    const refused = await app.request(`/api/clew/spans?order=${other}&cursor=${nextCursor}`);
    expect(refused.status).toBe(400);
  });

  test.each([
    ['limit=0', 'limit', undefined],
    ['order=mostSpans', 'order', undefined],
    ['q={} | order by duration&order=newest', 'order', undefined],
    ['cursor=page-2', 'cursor', undefined],
    ['traceMinSpans=2', 'traceMinSpans', undefined],
    ['q={}&service=x', 'service', undefined],
    ['q={ status = }', 'q', 11],
    ['q={} | rate()', 'q', 0],
  ])('refuses %s and names the parameter', async (query, parameter, position) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/clew/spans?${query}`);
    expect(response.status).toBe(400);
    const { error } = errorResponse.parse(await response.json());
    expect(error).toMatchObject({ code: 'invalid_argument', parameter });
    expect(error.position).toBe(position);
  });
});

describe('a tail', () => {
  let parts: TestApp;
  let listener: Listener;
  let url: string;
  let client: ClewClient;

  beforeEach(async () => {
    parts = createTestApp();
    listener = createAppListener(parts.app);
    const port = await listener.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${port}`;
    client = createClient(url);
  });

  afterEach(() => listener.close(0));

  function arrive(name: string): void {
    const { spans } = parts.reader;
    spans.push(exampleSpan({ name, spanId: spanId(String(spans.length + 1)) }));
  }

  async function next(tail: AsyncGenerator<SpanTailEvent>): Promise<SpanTailEvent | undefined> {
    const { value, done } = await tail.next();
    return done === true ? undefined : value;
  }

  test('sends what arrives as events, as the contract says', async () => {
    for (const name of ['a', 'b', 'c']) arrive(name);
    const tail = client.tailSpans({ q: '{ }', backlog: '2', maxSpansPerSecond: '1' });
    const first = await next(tail);
    expect(first).toMatchObject({ event: 'span', data: { name: 'b', traceId: TRACE_ID } });
    expect(tailSpans.events.span.content.safeParse(first?.data).success).toBe(true);
    expect(await next(tail)).toMatchObject({ data: { name: 'c' } });
    for (const name of ['d', 'e', 'f']) arrive(name);
    expect(await next(tail)).toEqual({ event: 'skipped', data: { atLeast: 2 } });
    expect(await next(tail)).toMatchObject({ event: 'span', data: { name: 'f' } });
    parts.reader.failure = new StorageError('slow', { code: 'deadline_exceeded' });
    const failed = {
      event: 'error',
      data: { error: { code: 'deadline_exceeded', message: 'slow' } },
    };
    expect(await next(tail)).toEqual(failed);
    expect(await next(tail)).toEqual(failed);
    expect(await next(tail)).toEqual(failed);
    expect(await next(tail)).toBeUndefined();
  });

  test('is a stream that nobody keeps or holds back', async () => {
    const response = await fetch(`${url}/api/clew/spans/tail`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-cache');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    await response.body?.cancel();
  });

  test.each([
    ['q={ status = }', 'q', 11],
    ['q={ } > { }', 'q', 0],
    ['q={ } | count() > 1', 'q', 6],
    ['q={ .a = 1 %26%26 rootName = "a" }', 'q', 12],
    ['q={ } | order by start asc', 'q', 6],
    ['start=1', 'start', undefined],
    ['backlog=x', 'backlog', undefined],
  ])('refuses %s before there are events', async (query, parameter, position) => {
    const response = await fetch(`${url}/api/clew/spans/tail?${query}`);
    expect(response.status).toBe(400);
    const { error } = errorResponse.parse(await response.json());
    expect(error.parameter).toBe(parameter);
    expect(error.position).toBe(position);
  });

  test('does not begin while the store cannot answer', async () => {
    parts.reader.failure = new StorageError('slow', { code: 'deadline_exceeded' });
    expect((await fetch(`${url}/api/clew/spans/tail`)).status).toBe(504);
  });

  test('stops asking the store when its reader goes away, and makes room for another', async () => {
    const { signals } = parts.reader;
    const tails = Array.from({ length: 20 }, () => client.tailSpans({ backlog: '1' }));
    arrive('a');
    for (const tail of tails) expect(await next(tail)).toMatchObject({ data: { name: 'a' } });
    const refused = await fetch(`${url}/api/clew/spans/tail`);
    expect(refused.status).toBe(429);
    const { error } = errorResponse.parse(await refused.json());
    expect(error).toMatchObject({ code: 'resource_exhausted' });
    expect(error.message).toContain('20 tails are open');
    // Those that only want to know whether it is there do not count.
    for (let i = 0; i < 30; i++) await fetch(`${url}/api/clew/spans/tail`, { method: 'HEAD' });
    await Promise.all(tails.map((tail) => tail.return(undefined)));
    await vi.waitFor(() => expect(signals.slice(-20).every((each) => each?.aborted)).toBe(true));
    const another = client.tailSpans({ backlog: '1' });
    await vi.waitFor(async () => expect(await next(another)).toMatchObject({ event: 'span' }));
    await another.return(undefined);
    expect(parts.errors).toEqual([]);
  });

  test('does not hold up the server when it stops', async () => {
    const { reader } = parts;
    const clock = { nowMs: () => NOW_MS };
    const queries = new TraceQueries({ store: reader, observe: () => undefined });
    const tails = new SpanTails({ queries, clock, pauseMs: 1_000_000 });
    const { app } = createTestApp({ tails });
    const stopping = createAppListener(app);
    const port = await stopping.listen({ host: '127.0.0.1', port: 0 });
    arrive('a');
    const tail = createClient(`http://127.0.0.1:${port}`).tailSpans({});
    await next(tail);
    tails[Symbol.dispose]();
    const closed = stopping.close(1_000_000);
    expect(await next(tail)).toBeUndefined();
    await closed;
  });

  test('is kept alive by comments', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const response = await parts.app.request('/api/clew/spans/tail');
      const body = response.body?.getReader();
      const read = async () => Buffer.from((await body?.read())?.value ?? []).toString();
      expect(await read()).toBe(':\n\n');
      vi.advanceTimersByTime(15_000);
      expect(await read()).toBe(':\n\n');
      await body?.cancel();
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
    } finally {
      vi.useRealTimers();
    }
  });
});
