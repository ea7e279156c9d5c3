import { gunzipSync } from 'node:zlib';
import {
  MAX_TRACES,
  TRACE_MEDIA_TYPES,
  countTraces,
  decodeTraceColumns,
  diffTraces,
  errorResponse,
  listTraceAttributes,
  readHistogram,
  readMetrics,
  readMetricsRange,
  findMatches,
  readSpan,
  readTraceAttribute,
  readTraces,
  searchTraces,
} from '@clew/api';
import {
  OverloadedError,
  SpanBlock,
  StorageError,
  assembleTrace,
  durationNano,
  toTraceColumns,
  unixNano,
} from '@clew/model';
import type { Span } from '@clew/model';
import { decodeTracesJson, decodeTracesProtobuf, readSpans } from '@clew/protocol';
import { printQuery } from '@clew/traceql';
import type { Series, Value } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import {
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import { createTestApp } from '../testing/test-app.ts';
import { traceToJson } from '@clew/api';

describe('services and operations', () => {
  test('are listed', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['a/b', 'order-service'];
    reader.operations = [{ spanName: 'create-order', spanKind: 'server' }];
    const services = await app.request('/api/clew/services');
    expect(services.headers.get('content-type')).toBe('application/json');
    expect(await services.json()).toEqual({ services: ['a/b', 'order-service'] });
    const operations = await app.request('/api/clew/services/a%2Fb/operations');
    expect(await operations.json()).toEqual({
      operations: [{ spanName: 'create-order', spanKind: 'server' }],
    });
  });
});

describe('attributes', () => {
  test('are listed, keys and values', async () => {
    const { app, reader } = createTestApp();
    reader.attributeKeys = [{ owner: 'span', key: 'user.id', types: ['int', 'string'] }];
    reader.attributeValues = [{ type: 'int', value: '42' }];
    const keys = await app.request('/api/clew/attributes');
    expect(await keys.json()).toEqual({
      attributes: [{ scope: 'span', key: 'user.id', types: ['int', 'string'] }],
    });
    const path = '/api/clew/attributes/values?key=user.id&scope=span&prefix=4';
    expect(await (await app.request(path)).json()).toEqual({
      values: [{ type: 'int', value: '42' }],
    });
    expect(reader.valueRequests).toMatchObject([
      { tenant: 'default', owner: 'span', key: 'user.id', prefix: '4', limit: 100 },
    ]);
  });

  test('tells how many spans have each key, when that is asked for', async () => {
    const { app, reader } = createTestApp();
    reader.attributeKeys = [
      { owner: 'resource', key: 'k', types: ['string'] },
      { owner: 'span', key: 'k', types: ['string'] },
    ];
    reader.keyCounts = [{ owner: 'span', key: 'k', spanCount: 7 }];
    const keys = await app.request('/api/clew/attributes?counts=true');
    expect(await keys.json()).toEqual({
      attributes: [
        { scope: 'resource', key: 'k', types: ['string'], spanCount: 0 },
        { scope: 'span', key: 'k', types: ['string'], spanCount: 7 },
      ],
    });
    expect((await app.request('/api/clew/attributes?counts=1')).status).toBe(400);
  });

  test('tells how many spans have each value, and of what only spans know', async () => {
    const { app, reader } = createTestApp();
    reader.attributeValues = [
      { type: 'string', value: 'known' },
      { type: 'string', value: 'rare' },
    ];
    const labelled = (value: Value) => [{ name: '.size', value }];
    reader.series = [
      { labels: labelled({ type: 'string', value: 'known' }), values: new Float64Array([7]) },
      { labels: labelled({ type: 'float', value: 0.5 }), values: new Float64Array([9]) },
      { labels: [{ name: '.size', value: undefined }], values: new Float64Array([99]) },
    ];
    const response = await app.request('/api/clew/attributes/values?key=size&counts=true');
    expect(await response.json()).toEqual({
      values: [
        { type: 'double', value: '0.5', spanCount: 9 },
        { type: 'string', value: 'known', spanCount: 7 },
        { type: 'string', value: 'rare', spanCount: 0 },
      ],
    });
  });

  test.each([
    ['', 'key'],
    ['?key=a&counts=maybe', 'counts'],
    ['?key=a&counts=true&start=2&end=1', 'end'],
    ['?key=a&scope=event', 'scope'],
    ['?key=a&limit=0', 'limit'],
  ])('refuses %j', async (query, parameter) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/clew/attributes/values${query}`);
    expect(response.status).toBe(400);
    expect(errorResponse.parse(await response.json()).error.parameter).toBe(parameter);
  });
});

describe('search', () => {
  test('hands every condition to the store', async () => {
    const { app, reader } = createTestApp();
    const query = new URLSearchParams([
      ['service', 'order-service'],
      ['spanName', 'create-order'],
      ['attribute', 'user.id=7'],
      ['attribute', 'http.route=/a=b'],
      ['status', 'error'],
      ['minDuration', '250ms'],
      ['maxDuration', '1.5s'],
      ['start', '1795000000000000000'],
      ['end', '1795000000000000001'],
      ['limit', '5'],
    ]);
    const response = await app.request(`/api/clew/search?${query.toString()}`);
    expect(response.status).toBe(200);
    const [asked] = reader.searches;
    expect(asked && printQuery(asked.search)).toBe(
      '{ resource.service.name = "order-service" && name = "create-order" && (.user.id = "7" || .user.id = 7) && ' +
        '.http.route = "/a=b" && status = error && duration >= 250ms && duration <= 1s500ms }',
    );
    expect(asked).toMatchObject({
      tenant: 'default',
      traces: undefined,
      order: undefined,
      startUnixNano: 1_795_000_000_000_000_000n,
      endUnixNano: 1_795_000_000_000_000_001n,
      limit: 5,
    });
  });

  test('takes TraceQL in place of a form, and conditions of the trace beside it', async () => {
    const { app, reader } = createTestApp();
    const query = new URLSearchParams([
      ['q', '{ status = error } | count() > 2'],
      ['traceMinDuration', '1s'],
      ['traceMaxSpans', '100'],
      ['traceService', 'a'],
      ['traceService', 'b'],
      ['traceHasError', 'true'],
      ['order', 'mostErrors'],
    ]);
    const response = await app.request(`/api/clew/search?${query.toString()}`);
    expect(response.status).toBe(200);
    const [asked] = reader.searches;
    expect(asked && printQuery(asked.search)).toBe('{ status = error } | count() > 2');
    expect(asked?.traces).toEqual({
      minDurationNano: 1_000_000_000n,
      maxSpanCount: 100,
      services: ['a', 'b'],
      hasError: true,
    });
    expect(asked?.order).toEqual({ by: 'errorCount', direction: 'desc' });
  });

  test.each([
    ['{ status = }', 11],
    ['{ name = "a" && 1 }', 16],
    ['{ } | rate()', 0],
  ])('says where in %s it cannot go on', async (q, position) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/clew/search?${new URLSearchParams({ q })}`);
    expect(response.status).toBe(400);
    const { error } = errorResponse.parse(await response.json());
    expect(error).toMatchObject({ code: 'invalid_argument', parameter: 'q', position });
  });

  test('suggests the query that was probably meant', async () => {
    const { app } = createTestApp();
    const ask = async (q: string) => {
      const response = await app.request(`/api/clew/search?${new URLSearchParams({ q })}`);
      return errorResponse.parse(await response.json()).error;
    };
    expect(await ask('{ service.name = "cart" and duration > 5 ms }')).toMatchObject({
      position: 2,
      suggestion: '{ resource.service.name = "cart" && duration > 5ms }',
    });
    expect(await ask('{ .a = }')).not.toHaveProperty('suggestion');
    expect(await ask('{ .a = 1 } | rate()')).toMatchObject({ suggestion: '{ .a = 1 }' });
  });

  test('answers as the contract says, with a cursor that continues', async () => {
    const { app, reader } = createTestApp();
    const found = exampleFoundTrace();
    reader.page = {
      traces: [found],
      scanned: { startUnixNano: unixNano(1_795_000_000_000_000_000n), traceCount: 3, spanCount: 7 },
      next: { traceId: found.traceId, rank: found.matchedStartUnixNano },
    };
    const response = await app.request('/api/clew/search?attribute=user.id%3D7');
    const body = searchTraces.response.parse(await response.json());
    expect(body.traces[0]).toEqual({
      traceId: TRACE_ID,
      rootService: 'order-service',
      rootSpanName: 'create-order',
      startUnixNano: '1795000000123456789',
      durationNano: '1500999',
      spanCount: 2,
      errorCount: 1,
      services: [{ service: 'order-service', spanCount: 2, errorCount: 1 }],
      matchedStartUnixNano: '1795000000123456789',
      matchedSpanId: 'b7ad6b7169203331',
    });
    expect(body.scanned).toEqual({
      startUnixNano: '1795000000000000000',
      traceCount: 3,
      spanCount: 7,
    });
    const next = await app.request(
      `/api/clew/search?attribute=user.id%3D7&cursor=${body.nextCursor}`,
    );
    expect(next.status).toBe(200);
    expect(reader.searches[1]?.after).toEqual({
      traceId: TRACE_ID,
      rank: 1_795_000_000_123_456_789n,
    });
  });

  test.each([
    ['limit=0', 'limit', 'limit: expected a whole number from 1 to 1000'],
    ['limit=1&limit=2', 'limit', 'limit: expected one value, and 2 are given'],
    ['minDuration=5', 'minDuration', 'minDuration: expected a number with a unit'],
    ['attribute=user.id', 'attribute', 'attribute: expected key=value'],
    ['status=bad', 'status', 'status: expected one of unset, ok, error'],
    ['service=', 'service', 'service: expected a text that is not empty'],
    ['traceService=', 'traceService', 'traceService: expected a text that is not empty'],
    ['traceService=a&traceService=', 'traceService', 'expected a text that is not empty'],
    ['traceMinSpans=3&traceMaxSpans=2', 'traceMaxSpans', 'to be at least traceMinSpans'],
    ['traceMinDuration=2s&traceMaxDuration=1s', 'traceMaxDuration', 'at least traceMinDuration'],
    ['q={}|order by start&order=oldest', 'order', 'an "order by" in q, not both'],
    ['cursor=page-2', 'cursor', 'the cursor is not one of a search answer'],
    ['attribute=a=1&'.repeat(501), 'attribute', 'expected at most 500, and 501 are given'],
    ['servce=x', 'servce', 'unknown parameter: servce'],
    ['__proto__=x', '__proto__', 'unknown parameter: __proto__'],
    ['q={}&service=x', 'service', 'service: expected q or service, not both'],
    ['q={}&attribute=a=b', 'attribute', 'attribute: expected q or attribute, not both'],
    ['traceMinSpans=-1', 'traceMinSpans', 'traceMinSpans: expected a whole number'],
    ['order=best', 'order', 'order: expected one of newest, oldest, slowest'],
    ['start=2&end=1', 'end', 'end: expected end to be after start'],
  ])('refuses %s and names the parameter', async (query, parameter, message) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/clew/search?${query}`);
    expect(response.status).toBe(400);
    const { error } = errorResponse.parse(await response.json());
    expect(error).toMatchObject({ code: 'invalid_argument', parameter });
    expect(error.message).toContain(message);
  });

  test.each([
    ['search/total?traceMinSpans=3&traceMaxSpans=2', 'traceMaxSpans'],
    ['search/total?traceService=', 'traceService'],
    ['metrics', 'q'],
    ['metrics?q={}|rate()&q={}|rate()', 'q'],
    ['attributes/values', 'key'],
    ['attributes/values?key=a&start=2&end=1', 'end'],
    ['traces/diff?base=1', 'other'],
  ])('refuses %s in its own words, as every route does', async (path, parameter) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/clew/${path}`);
    expect(response.status).toBe(400);
    const { error } = errorResponse.parse(await response.json());
    expect(error.parameter).toBe(parameter);
    expect(error.message).toMatch(/^\w+: expected /);
  });

  test('a cursor continues its own search, in pages of any size, and no other', async () => {
    const { app, reader } = createTestApp();
    reader.page = {
      traces: [exampleFoundTrace()],
      scanned: { traceCount: 1, spanCount: 0 },
      next: { traceId: TRACE_ID, rank: 7n, endUnixNano: unixNano(9n) },
    };
    const ask = (path: string) => app.request(`/api/clew/search?${path}`);
    const first = await ask('q={ status = error }&start=1&limit=5');
    const { nextCursor } = searchTraces.response.parse(await first.json());
    const own = [
      `q={ status = error }&start=1&limit=9&cursor=${nextCursor}`,
      `q={status=error}&start=1&order=newest&cursor=${nextCursor}`,
    ];
    for (const path of own) expect((await ask(path)).status).toBe(200);
    expect(reader.searches.at(-1)?.after).toEqual(reader.page.next);
    const others = [
      'q={ status = ok }&start=1',
      'q={ status = error }&start=1&order=oldest',
      'q={ status = error } | order by start asc&start=1',
      'q={ status = error }&start=2',
      'q={ status = error }&start=1&end=9',
      'q={ status = error }&start=1&traceMinSpans=2',
    ];
    for (const path of others) {
      const response = await ask(`${path}&cursor=${nextCursor}`);
      expect(response.status, path).toBe(400);
      const { error } = errorResponse.parse(await response.json());
      expect(error.parameter).toBe('cursor');
      expect(error.message).toContain('expected the conditions, start, end and order of');
    }
  });
});

describe('the total of a search', () => {
  test('is of all conditions, whichever of the traces are shown', async () => {
    const { app, reader } = createTestApp();
    reader.count = { traceCount: 12_345, isExact: false };
    const response = await app.request('/api/clew/search/total?service=a&traceMinSpans=2&end=9');
    expect(countTraces.response.parse(await response.json())).toEqual(reader.count);
    const [asked] = reader.searches;
    expect(asked && printQuery(asked.search)).toBe('{ resource.service.name = "a" }');
    expect(asked).toMatchObject({ traces: { minSpanCount: 2 }, endUnixNano: 9n });
    expect((await app.request('/api/clew/search/total?limit=5')).status).toBe(400);
  });
});

describe('the histogram of a search', () => {
  test('counts spans by when they began and how long they took, errors apart', async () => {
    const { app, reader } = createTestApp();
    const series = (status: 'ok' | 'error', bucket: number, values: readonly number[]): Series => ({
      labels: [
        { name: 'status', value: { type: 'status', value: status } },
        { name: '__bucket', value: { type: 'float', value: bucket } },
      ],
      values: Float64Array.from(values),
    });
    reader.series = [
      series('ok', 0.5, [1, 0]),
      series('error', 0.5, [2, 3]),
      series('ok', 0.25, [0, 4]),
    ];
    const query = 'service=a&start=1795000000000000000&end=1795000020000000000&step=10s';
    const response = await app.request(`/api/clew/search/histogram?${query}`);
    expect(readHistogram.response.parse(await response.json())).toEqual({
      startUnixNano: '1795000000000000000',
      stepNano: '10000000000',
      cells: [
        { interval: 0, maxDurationNano: '500000000', spanCount: 3, errorCount: 2 },
        { interval: 1, maxDurationNano: '250000000', spanCount: 4, errorCount: 0 },
        { interval: 1, maxDurationNano: '500000000', spanCount: 3, errorCount: 3 },
      ],
    });
    const [asked] = reader.metricsQueries;
    expect(asked && printQuery(asked.metrics)).toBe(
      '{ resource.service.name = "a" } | histogram_over_time(duration) by(status)',
    );
  });

  test('is of a query, too, and takes no conditions of whole traces', async () => {
    const { app } = createTestApp();
    const ask = (query: string) => app.request(`/api/clew/search/histogram?${query}`);
    expect((await ask('q={}')).status).toBe(200);
    expect((await ask('q={')).status).toBe(400);
    expect((await ask('traceMinSpans=2')).status).toBe(400);
  });
});

describe('metrics', () => {
  const series: Series[] = [
    {
      labels: [
        { name: 'span.a', value: { type: 'int', value: 7n } },
        { name: 'status', value: { type: 'status', value: 'error' } },
        { name: 'span.b', value: undefined },
      ],
      values: Float64Array.of(0.5, Number.NaN),
    },
  ];
  const labels = [
    { name: 'span.a', value: { type: 'int', value: '7' } },
    { name: 'status', value: { type: 'string', value: 'error' } },
    { name: 'span.b', value: { type: 'empty' } },
  ];

  test('are series by intervals that the question names', async () => {
    const { app, reader } = createTestApp();
    reader.series = series;
    const query = new URLSearchParams([
      ['q', '{ } | rate()'],
      ['start', '1795000000000000000'],
      ['end', '1795000020000000000'],
      ['step', '10s'],
    ]);
    const response = await app.request(`/api/clew/metrics/range?${query}`);
    expect(readMetricsRange.response.parse(await response.json())).toEqual({
      startUnixNano: '1795000000000000000',
      stepNano: '10000000000',
      series: [{ labels, values: [0.5, null] }],
    });
    const [asked] = reader.metricsQueries;
    expect(asked && printQuery(asked.metrics)).toBe('{ } | rate()');
    expect(asked?.range).toEqual({
      startUnixNano: 1_795_000_000_000_000_000n,
      stepNano: 10_000_000_000n,
      binCount: 2,
      bounds: {
        startUnixNano: 1_795_000_000_000_000_000n,
        endUnixNano: 1_795_000_020_000_000_000n,
      },
    });
  });

  test('are a number each for the whole of a time', async () => {
    const { app, reader } = createTestApp();
    reader.series = series;
    const query = new URLSearchParams([['q', '{ } | rate()']]);
    const response = await app.request(`/api/clew/metrics?${query}`);
    expect(readMetrics.response.parse(await response.json())).toEqual({
      series: [{ labels, value: 0.5 }],
    });
    expect(reader.metricsQueries[0]?.range).toMatchObject({
      stepNano: 3_600_000_000_000n,
      binCount: 1,
    });
  });

  test.each([
    ['metrics', { q: '{ }' }, 'q'],
    ['metrics', { q: '{ } | rate(' }, 'q'],
    ['metrics', { q: '{ } | rate()', step: '1s' }, 'step'],
    ['metrics/range', { q: '{ } | rate()', step: '1ns' }, 'step'],
    ['metrics/range', { q: '{ } | rate()', step: '5' }, 'step'],
    ['metrics/range', { q: '{ } | rate()', start: '2', end: '1' }, 'end'],
  ])('%s refuses %o', async (path, query, parameter) => {
    const { app } = createTestApp();
    const parameters = new URLSearchParams(Object.entries(query));
    const response = await app.request(`/api/clew/${path}?${parameters}`);
    expect(response.status).toBe(400);
    expect(errorResponse.parse(await response.json()).error.parameter).toBe(parameter);
  });
});

describe('one trace', () => {
  test('has its resources and scopes once, numbers as digits and bytes as base64', async () => {
    const { app, reader } = createTestApp();
    const parent = exampleSpan();
    const child = exampleSpan({
      spanId: spanId('00f067aa0ba902b7'),
      parentSpanId: parent.spanId,
      startUnixNano: unixNano(parent.startUnixNano + 1n),
      durationNano: durationNano((1n << 64n) - 1n),
      status: 'error',
      statusMessage: 'no such user',
      attributes: [
        { key: 'n', value: { type: 'int', value: -(1n << 63n) } },
        { key: 'd', value: { type: 'double', value: Number.NaN } },
        { key: 'b', value: { type: 'bytes', value: new Uint8Array([0, 255]) } },
        {
          key: 'm',
          value: { type: 'map', value: [{ key: 'x', value: { type: 'empty' } }] },
        },
        { key: 'a', value: { type: 'array', value: [{ type: 'bool', value: true }] } },
      ],
      events: [
        {
          timeUnixNano: unixNano(5n),
          name: 'exception',
          attributes: [],
          droppedAttributesCount: 0,
        },
      ],
    });
    reader.spans.push(child, parent);
    const response = await app.request(`/api/clew/traces/${TRACE_ID.toUpperCase()}`);
    expect(response.status).toBe(200);
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      traceId: TRACE_ID,
      resources: [{ service: 'order-service' }],
      scopes: [{ name: 'http', version: '1.2.0' }],
      spans: [
        { spanId: parent.spanId, resource: 0, scope: 0 },
        {
          spanId: '00f067aa0ba902b7',
          parentSpanId: parent.spanId,
          durationNano: '18446744073709551615',
          status: 'error',
          statusMessage: 'no such user',
          attributes: [
            { key: 'n', value: { type: 'int', value: '-9223372036854775808' } },
            { key: 'd', value: { type: 'double', value: 'NaN' } },
            { key: 'b', value: { type: 'bytes', value: 'AP8=' } },
            {
              key: 'm',
              value: { type: 'map', value: [{ key: 'x', value: { type: 'empty' } }] },
            },
            { key: 'a', value: { type: 'array', value: [{ type: 'bool', value: true }] } },
          ],
          events: [{ timeUnixNano: '5', name: 'exception' }],
        },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('"parentSpanId":null');
  });

  test('is not found when none of its spans is stored', async () => {
    const { app } = createTestApp();
    const response = await app.request('/api/clew/traces/1');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: 'not_found', message: 'trace not found: 00000000000000000000000000000001' },
    });
  });

  test.each(['xyz', '0', '1'.repeat(33), '%2e%2e%2f', '%zz'])(
    'cannot be asked for by %s',
    async (id) => {
      const { app } = createTestApp();
      const response = await app.request(`/api/clew/traces/${id}`);
      expect(response.status).toBe(400);
      const { error } = errorResponse.parse(await response.json());
      expect(error.parameter).toBe('traceId');
    },
  );

  test('comes as OTLP to those who ask for protobuf', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan());
    const path = `/api/clew/traces/${TRACE_ID}`;
    const headers = { accept: 'application/x-protobuf' };
    const response = await app.request(path, { headers });
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    const block = new SpanBlock('default');
    decodeTracesProtobuf(new Uint8Array(await response.arrayBuffer()), block);
    expect(readSpans(block)).toMatchObject([{ traceId: TRACE_ID, name: exampleSpan().name }]);
    const missing = await app.request(`${path}1`.slice(0, -2), { headers });
    expect(missing.status).toBe(404);
    const anything = await app.request(path, { headers: { accept: '*/*' } });
    expect(anything.headers.get('content-type')).toBe('application/json');
  });

  test('comes as OTLP in JSON to those who ask for it, whole however many pieces it takes', async () => {
    const { app, reader } = createTestApp();
    reader.chunkSize = 1;
    reader.spans.push(exampleSpan(), exampleSpan({ spanId: spanId('1') }));
    const accept = TRACE_MEDIA_TYPES.otlpJson;
    const response = await app.request(`/api/clew/traces/${TRACE_ID}`, { headers: { accept } });
    expect(response.headers.get('content-type')).toBe(accept);
    const block = new SpanBlock('default');
    decodeTracesJson(new Uint8Array(await response.arrayBuffer()), block);
    expect(readSpans(block).map((span) => span.spanId)).toEqual([
      spanId('1'),
      exampleSpan().spanId,
    ]);
  });

  test('says which attributes it has, and the value of one on every span in the order of the columns', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(
      exampleSpan({ attributes: [{ key: 'size', value: { type: 'int', value: 7n } }] }),
      exampleSpan({ spanId: spanId('1'), attributes: [] }),
    );
    const keys = await app.request(`/api/clew/traces/${TRACE_ID}/attributes`);
    const { spanCount, attributes } = listTraceAttributes.response.parse(await keys.json());
    expect(spanCount).toBe(2);
    expect(attributes).toContainEqual({ scope: 'span', key: 'size', spanCount: 1 });
    const path = `/api/clew/traces/${TRACE_ID}/attributes/values?scope=span&key=size`;
    const answer = readTraceAttribute.response.parse(await (await app.request(path)).json());
    expect(answer).toEqual({ values: [{ type: 'int', value: '7' }], valueIndexes: [-1, 0] });
    const missing = await app.request('/api/clew/traces/ff/attributes/values?scope=span&key=size');
    expect(missing.status).toBe(404);
    const noKey = await app.request(`/api/clew/traces/${TRACE_ID}/attributes/values?scope=span`);
    expect(noKey.status).toBe(400);
  });

  test('comes as columns to those who ask for them', async () => {
    const { app, reader } = createTestApp();
    const parent = exampleSpan();
    const child = exampleSpan({ spanId: spanId('2'), parentSpanId: parent.spanId, name: 'charge' });
    reader.spans.push(parent, child);
    const path = `/api/clew/traces/${TRACE_ID}`;
    const headers = { accept: TRACE_MEDIA_TYPES.columns };
    const response = await app.request(path, { headers });
    expect(response.headers.get('content-type')).toBe(TRACE_MEDIA_TYPES.columns);
    const columns = decodeTraceColumns(await response.arrayBuffer());
    expect(columns).toEqual(toTraceColumns({ traceId: TRACE_ID, spans: [child, parent] }));
    const missing = await app.request('/api/clew/traces/1', { headers });
    expect(missing.status).toBe(404);
  });

  test('finds the spans of a trace that have all words of a text, wherever they are, or answer a query', async () => {
    const { app, reader } = createTestApp();
    const paid = exampleSpan({
      spanId: spanId('1'),
      name: 'Pay',
      attributes: [{ key: 'card', value: { type: 'array', value: [{ type: 'int', value: 7n }] } }],
    });
    const failed = exampleSpan({
      spanId: spanId('2'),
      status: 'error',
      statusMessage: 'Card refused',
      startUnixNano: unixNano(paid.startUnixNano + 1n),
    });
    reader.spans.push(paid, failed);
    const find = async (query: string): Promise<readonly string[]> => {
      const response = await app.request(`/api/clew/traces/${TRACE_ID}/matches?${query}`);
      return findMatches.response.parse(await response.json()).spanIds;
    };
    expect(await find('text=card')).toEqual([paid.spanId, failed.spanId]);
    expect(await find('text=CARD%20pay')).toEqual([paid.spanId]);
    expect(await find('text=card%3D7%20order-service')).toEqual([paid.spanId]);
    expect(await find('text=nothing')).toEqual([]);
    expect(await find(`q=${encodeURIComponent('{ status = error }')}`)).toEqual([failed.spanId]);
    for (const [query, status] of [
      ['', 400],
      ['text=a&q={}', 400],
      [`q=${encodeURIComponent('{ status = }')}`, 400],
    ] as const) {
      expect((await app.request(`/api/clew/traces/${TRACE_ID}/matches?${query}`)).status).toBe(
        status,
      );
    }
    const unknown = await app.request(`/api/clew/traces/${'3'.repeat(32)}/matches?text=a`);
    expect(unknown.status).toBe(404);
  });

  test('tells of one span, or of those that share its id', async () => {
    const { app, reader } = createTestApp();
    const server = exampleSpan();
    reader.spans.push(
      server,
      exampleSpan({ kind: 'client' }),
      exampleSpan({ spanId: spanId('2') }),
    );
    const path = `/api/clew/traces/${TRACE_ID}/spans`;
    const response = await app.request(`${path}/${server.spanId.toUpperCase()}`);
    expect(readSpan.response.parse(await response.json())).toMatchObject({
      traceId: TRACE_ID,
      spans: [
        { spanId: server.spanId, kind: 'client', resource: 0, scope: 0 },
        { spanId: server.spanId, kind: 'server', resource: 0, scope: 0 },
      ],
      resources: [{ service: 'order-service' }],
      scopes: [{ name: 'http' }],
    });
    const missing = await app.request(`${path}/3`);
    expect(missing.status).toBe(404);
    expect(errorResponse.parse(await missing.json()).error.message).toContain('span not found');
    for (const id of ['0', 'xyz', '1'.repeat(17)]) {
      const refused = await app.request(`${path}/${id}`);
      expect(refused.status).toBe(400);
      expect(errorResponse.parse(await refused.json()).error.parameter).toBe('spanId');
    }
  });

  test.each([undefined, 'gzip'])(
    'of any size is the same text, written piece by piece: %s',
    async (encoding) => {
      const { app, reader } = createTestApp();
      reader.chunkSize = 700;
      reader.spans.push(...manySpans(2000));
      const spans = assembleTrace(TRACE_ID, reader.spans).spans;
      const response = await app.request(`/api/clew/traces/${TRACE_ID}`, {
        headers: encoding === undefined ? {} : { 'accept-encoding': encoding },
      });
      expect(response.headers.get('content-encoding')).toBe(encoding ?? null);
      const bytes = Buffer.from(await response.arrayBuffer());
      const text = (encoding === undefined ? bytes : gunzipSync(bytes)).toString();
      expect(text).toBe(`${JSON.stringify(traceToJson({ traceId: TRACE_ID, spans }))}\n`);
    },
  );

  test('of any size is one OTLP message, written piece by piece', async () => {
    const { app, reader } = createTestApp();
    reader.chunkSize = 700;
    reader.spans.push(...manySpans(2000));
    const headers = { accept: 'application/x-protobuf' };
    const response = await app.request(`/api/clew/traces/${TRACE_ID}`, { headers });
    const block = new SpanBlock('default');
    decodeTracesProtobuf(new Uint8Array(await response.arrayBuffer()), block);
    expect(readSpans(block)).toEqual(assembleTrace(TRACE_ID, reader.spans).spans);
  });

  test('comes beside others in the order they are asked for, without those that are not stored', async () => {
    const { app, reader } = createTestApp();
    const other = traceId('2');
    reader.spans.push(...manySpans(5), exampleSpan({ traceId: other }));
    const path = `/api/clew/traces?traceId=2&traceId=3&traceId=${TRACE_ID}`;
    const response = await app.request(path);
    const { spans } = assembleTrace(TRACE_ID, reader.spans.slice(0, 5));
    const body: unknown = await response.json();
    expect(body).toEqual({
      traces: [
        traceToJson({ traceId: other, spans: [exampleSpan({ traceId: other })] }),
        traceToJson({ traceId: TRACE_ID, spans }),
      ],
    });
    expect(readTraces.response.safeParse(body).success).toBe(true);
    const headers = { accept: 'application/x-protobuf' };
    const block = new SpanBlock('default');
    const bytes = await (await app.request(path, { headers })).arrayBuffer();
    decodeTracesProtobuf(new Uint8Array(bytes), block);
    expect(readSpans(block).map((span) => span.traceId)).toEqual([
      other,
      ...spans.map((span) => span.traceId),
    ]);
    const none = await app.request('/api/clew/traces?traceId=3');
    expect(await none.json()).toEqual({ traces: [] });
  });

  test.each([
    ['no id', '', 'expected a value, and it is missing'],
    ['an empty id', '?traceId=', 'expected a trace id of 1 to 32 hexadecimal digits'],
    ['an id of zeros', '?traceId=0', 'expected an id that is not zero'],
    ['what is no id', '?traceId=1&traceId=x', 'expected a trace id of 1 to 32 hexadecimal digits'],
    ['too many ids', `?${'traceId=1&'.repeat(MAX_TRACES + 1)}`, 'expected at most 100 trace ids'],
  ])('several are refused for %s', async (_, query, expected) => {
    const response = await createTestApp().app.request(`/api/clew/traces${query}`);
    expect(response.status).toBe(400);
    const { error } = errorResponse.parse(await response.json());
    expect(error).toMatchObject({ parameter: 'traceId', message: `traceId: ${expected}` });
  });

  test('that the store fails to read is a failure, whatever was read of it', async () => {
    const { app, reader, errors } = createTestApp();
    reader.spans.push(...manySpans(10));
    reader.beforeNextChunk = () => Promise.reject(new StorageError('the disk is gone'));
    const response = await app.request(`/api/clew/traces/${TRACE_ID}`);
    expect(response.status).toBe(500);
    expect(errorResponse.parse(await response.json()).error.message).toBe('the disk is gone');
    expect(errors).toHaveLength(1);
  });

  test('is deleted once, without a body in the answer', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan());
    const path = `/api/clew/traces/${TRACE_ID}`;
    const headers = { host: 'localhost' };
    const first = await app.request(path, { method: 'DELETE', headers });
    expect(first.status).toBe(204);
    expect(await first.text()).toBe('');
    expect((await app.request(path)).status).toBe(404);
    const second = await app.request(path, { method: 'DELETE', headers });
    expect(second.status).toBe(404);
    expect(errorResponse.parse(await second.json()).error.code).toBe('not_found');
  });

  test('is compressed when it is large and the client reads gzip', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan({ name: 'x'.repeat(5000) }));
    const path = `/api/clew/traces/${TRACE_ID}`;
    const plain = await app.request(path);
    expect(plain.headers.get('content-encoding')).toBeNull();
    const refused = await app.request(path, { headers: { 'accept-encoding': 'gzip;q=0, *' } });
    expect(refused.headers.get('content-encoding')).toBeNull();
    const packed = await app.request(path, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('vary')).toContain('Accept-Encoding');
    const bytes = Buffer.from(await packed.arrayBuffer());
    expect(bytes.length).toBeLessThan(2000);
    expect(gunzipSync(bytes).toString()).toBe(await plain.text());
  });
});

/** Spans whose JSON is larger than what is sent in one piece. */
function manySpans(count: number): Span[] {
  return Array.from({ length: count }, (_, index) =>
    exampleSpan({
      spanId: spanId((index + 1).toString(16)),
      startUnixNano: unixNano(BigInt(count - index)),
    }),
  );
}

describe('two traces', () => {
  const slow = traceId('1b');
  const path = `/api/clew/traces/diff?base=${TRACE_ID}&other=1B`;

  test('are compared by what they did and how long it took', async () => {
    const { app, reader } = createTestApp();
    const root = exampleSpan();
    const child = exampleSpan({
      spanId: spanId('2'),
      parentSpanId: root.spanId,
      name: 'charge',
      durationNano: durationNano(1_000_000n),
      attributes: [{ key: 'cache', value: { type: 'bool', value: true } }],
    });
    reader.spans.push(
      root,
      child,
      { ...root, traceId: slow, durationNano: durationNano(9_500_999n) },
      {
        ...child,
        traceId: slow,
        durationNano: durationNano(9_000_000n),
        status: 'error',
        statusMessage: 'timeout',
        attributes: [{ key: 'cache', value: { type: 'bool', value: false } }],
      },
      { ...child, traceId: slow, spanId: spanId('3'), name: 'retry' },
    );
    const response = await app.request(path);
    expect(response.status).toBe(200);
    const body = diffTraces.response.parse(await response.json());
    expect(body).toMatchObject({
      base: { traceId: TRACE_ID, spanCount: 2, durationNano: '1500999' },
      other: { traceId: slow, spanCount: 3, durationNano: '9500999' },
      durationDifferenceNano: '8000000',
      counts: {
        matched: 2,
        changed: 1,
        slower: 2,
        faster: 0,
        added: 1,
        removed: 0,
        groups: 3,
        resources: 0,
      },
      isCut: false,
      removed: [],
      added: [{ spanId: '0000000000000003', name: 'retry', isTop: true, descendantCount: 0 }],
    });
    expect(body.groups[0]).toMatchObject({
      service: 'order-service',
      name: 'charge',
      parentId: 0,
      base: { spanCount: 1, errorCount: 0, durationNano: '1000000' },
      other: { spanCount: 1, errorCount: 1, durationNano: '9000000' },
      durationDifferenceNano: '8000000',
      shareDifferenceNano: '7500000',
      statusChangeCount: 1,
      attributes: [{ key: 'cache', matchedCount: 1 }],
    });
    expect(body.matched[0]).toEqual({
      service: 'order-service',
      name: 'charge',
      kind: 'server',
      baseSpanId: '0000000000000002',
      otherSpanId: '0000000000000002',
      groupId: 1,
      durationDifferenceNano: '8000000',
      selfTimeDifferenceNano: '8000000',
      status: {
        base: { status: 'unset', message: '' },
        other: { status: 'error', message: 'timeout' },
      },
      attributes: [
        {
          key: 'cache',
          base: { type: 'bool', value: true },
          other: { type: 'bool', value: false },
        },
      ],
      attributeChangeCount: 1,
    });
  });

  test('are not found by the id of the one that is not stored', async () => {
    const { app, reader } = createTestApp();
    const ask = async (): Promise<[number, string]> => {
      const response = await app.request(path);
      return [response.status, errorResponse.parse(await response.json()).error.message];
    };
    reader.spans.push(exampleSpan());
    expect(await ask()).toEqual([404, `trace not found: ${slow}`]);
    reader.spans.splice(0, 1, exampleSpan({ traceId: slow }));
    expect(await ask()).toEqual([404, `trace not found: ${TRACE_ID}`]);
  });

  test('are JSON for those, too, who would rather have protobuf', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan(), exampleSpan({ traceId: slow }));
    const response = await app.request(path, { headers: { accept: 'application/x-protobuf' } });
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  test.each([
    ['', 'base'],
    ['?base=1', 'other'],
    ['?base=1&other=xyz', 'other'],
    ['?base=0&other=1', 'base'],
    ['?base=1&other=0', 'other'],
    ['?base=1&other=2&other=3', 'other'],
    ['?base=1&other=2&limit=5', 'limit'],
  ])('cannot be asked for with %j', async (query, parameter) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/clew/traces/diff${query}`);
    expect(response.status).toBe(400);
    expect(errorResponse.parse(await response.json()).error.parameter).toBe(parameter);
  });
});

describe('failures', () => {
  test('of the store have their own statuses', async () => {
    const { app, reader } = createTestApp();
    const statusOf = async (failure: Error): Promise<number> => {
      reader.failure = failure;
      return (await app.request('/api/clew/services')).status;
    };
    expect(await statusOf(new StorageError('slow', { code: 'deadline_exceeded' }))).toBe(504);
    expect(await statusOf(new StorageError('busy', { code: 'unavailable' }))).toBe(503);
    expect(await statusOf(new OverloadedError('full', { retryAfterMs: 1 }))).toBe(503);
    expect(await statusOf(new StorageError('broken'))).toBe(500);
  });

  test('that nobody foresaw are logged and tell the client nothing', async () => {
    const { app, reader, errors } = createTestApp();
    reader.failure = new TypeError('secret is undefined');
    const response = await app.request('/api/clew/services');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(errors[0]).toContain('secret is undefined');
  });

  test('of a path that is none of the API’s are JSON', async () => {
    const { app } = createTestApp();
    for (const path of ['/api/clew/nothing', '/api/clew', '/api/clew/traces/1/x']) {
      const response = await app.request(path);
      expect(response.status).toBe(404);
      expect(errorResponse.parse(await response.json()).error.code).toBe('not_found');
    }
  });
});

test('a request that is given up aborts the question to the store', async () => {
  const { app, reader } = createTestApp();
  const abort = new AbortController();
  const answered = app.request(new Request('http://x/api/clew/services', { signal: abort.signal }));
  abort.abort();
  await answered;
  expect(reader.signals[0]?.aborted).toBe(true);
});

describe('the OpenAPI document', () => {
  interface Document {
    readonly openapi: string;
    readonly servers: readonly { readonly url: string }[];
    readonly paths: Readonly<
      Record<
        string,
        {
          readonly get: {
            readonly operationId: string;
            readonly parameters: readonly { readonly name: string; readonly in: string }[];
          };
        }
      >
    >;
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  }

  async function readDocument(): Promise<Document> {
    const { app } = createTestApp({ basePath: '/tracing' });
    const response = await app.request('/tracing/api/clew/openapi.json');
    return (await response.json()) as Document;
  }

  test('describes every route with its parameters', async () => {
    const { openapi, servers, paths } = await readDocument();
    expect(openapi).toBe('3.1.0');
    expect(servers).toEqual([{ url: '/tracing/api/clew' }]);
    expect(Object.keys(paths)).toEqual([
      '/services',
      '/services/{service}/operations',
      '/attributes',
      '/attributes/values',
      '/search',
      '/search/total',
      '/spans',
      '/spans/tail',
      '/search/histogram',
      '/metrics',
      '/metrics/range',
      '/traces',
      '/traces/{traceId}',
      '/traces/{traceId}/attributes',
      '/traces/{traceId}/attributes/values',
      '/traces/{traceId}/spans/{spanId}',
      '/traces/{traceId}/matches',
      '/traces/diff',
    ]);
    expect(paths['/traces/{traceId}']?.get.parameters).toMatchObject([
      { name: 'traceId', in: 'path', required: true, schema: { type: 'string' } },
    ]);
    const names = paths['/search']?.get.parameters.map(({ name }) => name);
    expect(names).toContain('minDuration');
    expect(names).toContain('cursor');
  });

  test('describes the events of a tail', async () => {
    const { paths } = await readDocument();
    expect(paths['/spans/tail']).toMatchObject({
      get: {
        operationId: 'tailSpans',
        responses: {
          200: {
            content: {
              'text/event-stream': {
                schema: {
                  oneOf: [
                    { properties: { event: { const: 'span' } } },
                    { properties: { event: { const: 'skipped' } } },
                    { properties: { event: { const: 'error' } } },
                  ],
                },
              },
            },
          },
        },
      },
    });
    expect(paths['/spans/tail']?.get.parameters.map(({ name }) => name)).toEqual([
      'q',
      'service',
      'spanName',
      'attribute',
      'status',
      'minDuration',
      'maxDuration',
      'backlog',
      'maxSpansPerSecond',
    ]);
  });

  test('refers only to schemas that it defines', async () => {
    const document = await readDocument();
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references) {
      const name = /#\/components\/schemas\/([^"]+)"/.exec(reference)?.[1] ?? '';
      expect(document.components.schemas).toHaveProperty(name);
    }
  });
});
