import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clew/api';
import type { SpanTailEvent } from '@clew/api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../config.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import { startServer } from './start-server.ts';
import type { RunningServer } from './start-server.ts';

/** A minute ago, in milliseconds: every span below starts at a whole number of them after it. */
const START_MS = Date.now() - 60_000;

let dataDir: string;
let server: RunningServer;
const log: string[] = [];
/** What comes next of a tail that nobody has closed. */
let leftOpen: Promise<string> | undefined;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'clew-apis-'));
  const ports = [
    'http',
    'otlp-grpc',
    'otlp-http',
    'jaeger-grpc',
    'jaeger-http',
    'jaeger-udp-compact',
    'jaeger-udp-binary',
    'jaeger-query-grpc',
    'zipkin',
    'tempo',
    'health',
    'metrics',
  ];
  const config = loadConfig({
    flags: {
      'data-dir': dataDir,
      ...Object.fromEntries(ports.map((name) => [`${name}-port`, '0'])),
    },
    environment: {},
    readFile: () => '',
  });
  server = await startServer(config, {
    log: createLogger({
      format: 'text',
      level: 'warn',
      clock: { nowMs: () => Date.now() },
      write: (line) => log.push(line),
    }),
    version: '1.2.3',
    uiDirectory: join(dataDir, 'no-ui'),
  });
  await sendShop();
});

afterAll(async () => {
  await server.stop();
  expect(await leftOpen).toBe('the end');
  rmSync(dataDir, { recursive: true, force: true });
  expect(log).toEqual([]);
});

interface Span {
  readonly trace: number;
  readonly span: number;
  readonly parent?: number;
  readonly name: string;
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly isError?: boolean;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
/** Trace 1 has an id of 64 bits, as older senders make them. */
const traceId = (trace: number): string => hex(trace, 32).replace(/^0/, trace === 1 ? '0' : 'a');

function toOtlp(span: Span): Readonly<Record<string, unknown>> {
  const startMs = START_MS + span.offsetMs;
  return {
    traceId: traceId(span.trace),
    spanId: hex(span.span, 16),
    ...(span.parent === undefined ? {} : { parentSpanId: hex(span.parent, 16) }),
    name: span.name,
    kind: 2,
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + span.durationMs}000000`,
    status: span.isError === true ? { code: 2, message: 'no such user' } : {},
    attributes: Object.entries(span.attributes ?? {}).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
  };
}

/** Spans by their services, over OTLP. */
async function send(spansByService: Readonly<Record<string, readonly Span[]>>): Promise<void> {
  const resourceSpans = Object.entries(spansByService).map(([service, spans]) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [{ scope: { name: 'shop', version: '1.0.0' }, spans: spans.map(toOtlp) }],
  }));
  const response = await fetch(`http://127.0.0.1:${server.ports.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans }),
  });
  expect(response.status).toBe(200);
}

/** Three orders: one quick, one slow, one that fails at the user-service. */
async function sendShop(): Promise<void> {
  const create = { name: 'create-order', attributes: { 'shop.region': 'eu' } };
  const orders: readonly Span[] = [
    { ...create, trace: 1, span: 1, offsetMs: 1000, durationMs: 10 },
    { ...create, trace: 2, span: 3, offsetMs: 2000, durationMs: 900 },
    { ...create, trace: 3, span: 5, offsetMs: 3000, durationMs: 20, isError: true },
  ];
  const get = { name: 'get-user', durationMs: 5 };
  const users: readonly Span[] = [
    { ...get, trace: 1, span: 2, parent: 1, offsetMs: 1002 },
    { ...get, trace: 2, span: 4, parent: 3, offsetMs: 2002, attributes: { 'user.id': 42 } },
    { ...get, trace: 3, span: 6, parent: 5, offsetMs: 3002, isError: true },
  ];
  await send({ 'order-service': orders, 'user-service': users });
  // Spans can be found a moment before the rollups that services are listed from.
  await vi.waitFor(
    async () => {
      expect(await search('')).toHaveLength(3);
      expect(await ask('/api/clew/services')).toHaveProperty('services.length', 2);
    },
    { timeout: 20_000, interval: 20 },
  );
}

async function ask(path: string): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${server.ports.ui}${path}`)).json();
}

interface Found {
  readonly traceId: string;
  readonly nextCursor?: string;
}

async function readPage(
  query: string,
): Promise<{ readonly traces: readonly Found[]; readonly nextCursor?: string }> {
  return (await ask(`/api/clew/search?${query}`)) as Awaited<ReturnType<typeof readPage>>;
}

async function search(query: string): Promise<readonly string[]> {
  return (await readPage(query)).traces.map((trace) => trace.traceId);
}

async function searchJaeger(query: string): Promise<readonly string[]> {
  const { data } = (await ask(`/api/traces?${query}`)) as {
    readonly data: readonly { readonly traceID: string }[];
  };
  return data.map(({ traceID }) => traceID);
}

const [quick, slow, failed] = [traceId(1), traceId(2), traceId(3)];

describe('Clew’s API over the engine', () => {
  test('lists services and operations', async () => {
    expect(await ask('/api/clew/services')).toEqual({
      services: ['order-service', 'user-service'],
    });
    expect(await ask('/api/clew/services/user-service/operations')).toEqual({
      operations: [{ spanName: 'get-user', spanKind: 'server' }],
    });
  });

  test.each([
    ['', [failed, slow, quick]],
    ['service=order-service', [failed, slow, quick]],
    ['service=nobody', []],
    ['spanName=get-user', [failed, slow, quick]],
    ['status=error', [failed]],
    ['service=user-service&status=error', [failed]],
    ['minDuration=500ms', [slow]],
    ['maxDuration=10ms&service=order-service', [quick]],
    ['minDuration=900ms&maxDuration=900ms', [slow]],
    ['attribute=user.id=42', [slow]],
    ['attribute=user.id=43', []],
    ['attribute=shop.region=eu&attribute=user.id=42', []],
    ['service=order-service&attribute=user.id=42', []],
    ['attribute=shop.region=eu&status=error', [failed]],
    [`start=${START_MS + 2001}000000&end=${START_MS + 3000}000000`, [slow]],
    [`end=${START_MS + 2000}000000`, [quick]],
    ['limit=1', [failed]],
  ])('finds by %j', async (query, expected) => {
    expect(await search(query)).toEqual(expected);
  });

  test('goes through all pages, newest first', async () => {
    const first = await readPage('service=order-service&limit=2');
    const second = await readPage(`service=order-service&limit=2&cursor=${first.nextCursor}`);
    const found = [...first.traces, ...second.traces].map((trace) => trace.traceId);
    expect(found).toEqual([failed, slow, quick]);
    expect(second.nextCursor).toBeUndefined();
  });

  test('tells of a trace what a list needs', async () => {
    expect((await readPage('attribute=user.id=42')).traces[0]).toEqual({
      traceId: slow,
      rootService: 'order-service',
      rootSpanName: 'create-order',
      startUnixNano: `${START_MS + 2000}000000`,
      durationNano: '900000000',
      spanCount: 2,
      errorCount: 0,
      services: [
        { service: 'order-service', spanCount: 1, errorCount: 0 },
        { service: 'user-service', spanCount: 1, errorCount: 0 },
      ],
      matchedStartUnixNano: `${START_MS + 2002}000000`,
      matchedSpanId: hex(4, 16),
    });
  });

  test('finds spans, newest first, page by page', async () => {
    const clew = createClient(`http://127.0.0.1:${server.ports.ui}`);
    const q = '{ name = "create-order" } > { name = "get-user" }';
    const { spans, nextCursor } = await clew.searchSpans({ q, limit: '2' });
    expect(spans).toMatchObject([
      {
        traceId: failed,
        spanId: hex(6, 16),
        parentSpanId: hex(5, 16),
        service: 'user-service',
        kind: 'server',
        startUnixNano: `${START_MS + 3002}000000`,
        durationNano: '5000000',
        status: 'error',
        statusMessage: 'no such user',
        attributes: [],
        resourceAttributes: [{ key: 'service.name' }],
      },
      { traceId: slow, attributes: [{ key: 'user.id', value: { type: 'int', value: '42' } }] },
    ]);
    const rest = await clew.searchSpans({ q, cursor: nextCursor });
    expect(rest.spans.map(({ traceId }) => traceId)).toEqual([quick]);
    expect(rest.nextCursor).toBeUndefined();
  });

  test('reads a trace with what its sender said', async () => {
    expect(await ask(`/api/clew/traces/${failed}`)).toMatchObject({
      spans: [
        { name: 'create-order', resource: 0, status: 'error', statusMessage: 'no such user' },
        { name: 'get-user', resource: 1, parentSpanId: hex(5, 16), durationNano: '5000000' },
      ],
      resources: [{ service: 'order-service' }, { service: 'user-service' }],
      scopes: [{ name: 'shop', version: '1.0.0' }],
    });
    expect(await ask('/api/clew/traces/1234')).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('Jaeger’s API over the engine', () => {
  const shortId = quick.slice(16);

  test('lists services and operations', async () => {
    expect(await ask('/api/services')).toMatchObject({
      data: ['order-service', 'user-service'],
      total: 2,
    });
    expect(await ask('/api/services/order-service/operations')).toMatchObject({
      data: ['create-order'],
    });
  });

  test.each([
    ['service=order-service', [failed, slow, shortId]],
    ['service=order-service&operation=get-user', []],
    ['service=user-service&tags={"user.id":"42"}', [slow]],
    ['service=user-service&tag=user.id:42', [slow]],
    ['service=order-service&tags={"error":"true"}', [failed]],
    ['service=order-service&minDuration=0.5s&maxDuration=1.5s', [slow]],
    [
      `service=order-service&start=${START_MS + 1000}000&end=${START_MS + 2000}000`,
      [slow, shortId],
    ],
    [`traceID=${shortId}&traceID=${slow}`, [shortId, slow]],
  ])('finds by %s', async (query, expected) => {
    expect(await searchJaeger(query)).toEqual(expected);
  });

  test('reads a trace by its short id', async () => {
    expect(await ask(`/api/traces/${shortId}`)).toMatchObject({
      data: [
        {
          traceID: shortId,
          spans: [
            { operationName: 'create-order', duration: 10_000, processID: 'p1' },
            { operationName: 'get-user', references: [{ refType: 'CHILD_OF' }], processID: 'p2' },
          ],
          processes: { p1: { serviceName: 'order-service' }, p2: { serviceName: 'user-service' } },
        },
      ],
    });
    const missing = await fetch(`http://127.0.0.1:${server.ports.ui}/api/traces/1234`);
    expect(missing.status).toBe(404);
  });
});

describe('a tail over the engine', () => {
  const payment = { name: 'pay', durationMs: 1, offsetMs: 5000, isError: true };

  async function next(tail: AsyncGenerator<SpanTailEvent>): Promise<string> {
    const { value, done } = await tail.next();
    if (done === true) return 'the end';
    return value.event === 'span' ? `${value.data.service} ${value.data.name}` : value.event;
  }

  test('sends what arrives and meets the conditions, each span once', async () => {
    const clew = createClient(`http://127.0.0.1:${server.ports.ui}`);
    const tail = clew.tailSpans({ q: '{ status = error && kind = server }', backlog: '1' });
    expect(await next(tail)).toBe('user-service get-user');
    const spans = [
      { ...payment, trace: 4, span: 7 },
      { ...payment, trace: 4, span: 8, name: 'refund', isError: false },
      // It began before all others.
      { ...payment, trace: 4, span: 9, name: 'wait', offsetMs: -60_000 },
    ];
    await send({ 'payment-service': spans });
    expect(await next(tail)).toBe('payment-service wait');
    expect(await next(tail)).toBe('payment-service pay');
    await send({ 'payment-service': [...spans, { ...payment, trace: 5, span: 10, name: 'bill' }] });
    expect(await next(tail)).toBe('payment-service bill');
    await tail.return(undefined);
  });

  test('is open until the server stops', async () => {
    const tail = createClient(`http://127.0.0.1:${server.ports.ui}`).tailSpans({ backlog: '1' });
    expect(await next(tail)).toBe('payment-service bill');
    leftOpen = next(tail);
  });
});
