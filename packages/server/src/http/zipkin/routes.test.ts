import { OverloadedError, durationNano, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import { printQuery } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import {
  RESOURCE,
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { createZipkinApp } from './routes.ts';
import { zipkinDependencies, zipkinNames, zipkinTrace, zipkinTraces } from './testing/schema.ts';

const OTHER_ID = traceId('1af7651916cd43dd8448eb211c80319c');
const SCAN = { traceCount: 0, spanCount: 0 };

async function get(app: TestApp['app'], path: string): Promise<unknown> {
  const response = await app.request(`/zipkin/api/v2/${path}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  return response.json();
}

const named = (service: string, given: Partial<Span> = {}): Span =>
  exampleSpan({
    resource: {
      ...RESOURCE,
      service,
      attributes: [{ key: 'service.name', value: { type: 'string', value: service } }],
    },
    ...given,
  });

describe('names', () => {
  test('of services are sorted', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['a', 'b'];
    expect(zipkinNames.parse(await get(app, 'services'))).toEqual(['a', 'b']);
  });

  test('of spans come once, for a service in any case', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['Shop'];
    reader.operations = [
      { spanName: 'put', spanKind: 'server' },
      { spanName: 'get', spanKind: 'client' },
      { spanName: 'get', spanKind: 'server' },
    ];
    expect(zipkinNames.parse(await get(app, 'spans?serviceName=shop'))).toEqual(['get', 'put']);
    expect(await get(app, 'spans?serviceName=nobody')).toEqual([]);
    expect(await get(app, 'spans?serviceName=')).toEqual([]);
  });

  test('of remote services are what the spans of the last day name', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['shop'];
    const label = (name: string, value?: string) => ({
      name,
      value: value === undefined ? undefined : ({ type: 'string', value } as const),
    });
    const values = Float64Array.of(1);
    reader.series = [
      { labels: [label('peer.service', 'users'), label('server.address', '10.0.0.1')], values },
      { labels: [label('peer.service'), label('server.address', 'db')], values },
      { labels: [label('peer.service', 'users'), label('server.address')], values },
    ];
    expect(await get(app, 'remoteServices?serviceName=shop')).toEqual(['db', 'users']);
    const { metrics, range } = reader.metricsQueries[0] ?? {};
    expect(metrics && printQuery(metrics)).toContain('by(span.peer.service, span.server.address,');
    expect(range?.stepNano).toBe(86_400_000_001_000n);
    expect(await get(app, 'remoteServices?serviceName=nobody')).toEqual([]);
  });

  test('of tags are those of all attributes that can be one', async () => {
    const { app, reader } = createTestApp();
    reader.attributeKeys = [
      { owner: 'span', key: 'http.route', types: ['string'] },
      { owner: 'resource', key: 'host.name', types: ['string'] },
      { owner: 'span', key: 'host.name', types: ['string'] },
      { owner: 'span', key: 'list', types: ['complex'] },
      { owner: 'resource', key: 'service.name', types: ['string'] },
    ];
    reader.attributeValues = [
      { type: 'string', value: '404' },
      { type: 'int', value: '404' },
      { type: 'int', value: '200' },
    ];
    expect(zipkinNames.parse(await get(app, 'autocompleteKeys'))).toEqual([
      'host.name',
      'http.route',
    ]);
    expect(zipkinNames.parse(await get(app, 'autocompleteValues?key=status'))).toEqual([
      '200',
      '404',
    ]);
    expect(reader.valueRequests[0]).toMatchObject({ key: 'status', prefix: '', limit: 1000 });
  });
});

describe('one trace', () => {
  test('is the list of its spans', async () => {
    const { app, reader } = createTestApp();
    reader.chunkSize = 1;
    const child = exampleSpan({
      spanId: spanId('2'),
      parentSpanId: exampleSpan().spanId,
      kind: 'client',
      startUnixNano: unixNano(1_795_000_000_124_000_000n),
      attributes: [{ key: 'peer.service', value: { type: 'string', value: 'users' } }],
    });
    reader.spans.push(exampleSpan(), child);
    expect(zipkinTrace.parse(await get(app, `trace/${TRACE_ID}`))).toEqual([
      {
        traceId: TRACE_ID,
        id: 'b7ad6b7169203331',
        kind: 'SERVER',
        name: 'create-order',
        timestamp: 1_795_000_000_123_456,
        duration: 1500,
        localEndpoint: { serviceName: 'order-service' },
        tags: { 'host.name': 'web-1', 'otel.scope.name': 'http', 'otel.scope.version': '1.2.0' },
      },
      {
        traceId: TRACE_ID,
        parentId: 'b7ad6b7169203331',
        id: '0000000000000002',
        kind: 'CLIENT',
        name: 'create-order',
        timestamp: 1_795_000_000_124_000,
        duration: 1500,
        localEndpoint: { serviceName: 'order-service' },
        remoteEndpoint: { serviceName: 'users' },
        tags: { 'host.name': 'web-1', 'otel.scope.name': 'http', 'otel.scope.version': '1.2.0' },
      },
    ]);
  });

  test('of a sender with short ids has a short id, and is found by it', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan({ traceId: traceId('8448eb211c80319c') }));
    const [span] = zipkinTrace.parse(await get(app, 'trace/8448eb211c80319c'));
    expect(span?.traceId).toBe('8448eb211c80319c');
  });

  test('that is not stored is said to be missing', async () => {
    const { app } = createTestApp();
    const response = await app.request('/zipkin/api/v2/trace/8448eb211c80319c');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe('8448eb211c80319c not found');
  });
});

describe('several traces', () => {
  test('come in the order of the ids, without those that are not stored', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan(), named('b', { traceId: OTHER_ID }));
    const missing = '2af7651916cd43dd8448eb211c80319c';
    const path = `traceMany?traceIds=${OTHER_ID},${missing},${TRACE_ID}`;
    const traces = zipkinTraces.parse(await get(app, path));
    expect(traces.map((trace) => trace.map((span) => span.traceId))).toEqual([
      [OTHER_ID],
      [TRACE_ID],
    ]);
  });

  test('that are not stored are no traces', async () => {
    const { app } = createTestApp();
    expect(await get(app, 'traceMany?traceIds=1,2')).toEqual([]);
  });
});

describe('a search', () => {
  const ask = async (query: string) => {
    const test = createTestApp();
    test.reader.services = ['Shop', 'shop-api'];
    test.reader.operations = [{ spanName: 'GET /', spanKind: 'server' }];
    const page = { traces: [exampleFoundTrace()], scanned: SCAN };
    test.reader.page = page;
    test.reader.spans.push(exampleSpan());
    const answer = zipkinTraces.parse(await get(test.app, `traces${query}`));
    const [asked] = test.reader.searches;
    return { ...test, answer, asked, q: asked === undefined ? '' : printQuery(asked.search) };
  };

  test('without conditions gives ten traces of the last day', async () => {
    const { answer, asked, q } = await ask('');
    expect(q).toBe('{ }');
    expect(asked).toMatchObject({
      startUnixNano: BigInt(NOW_MS - 86_400_000) * 1_000_000n,
      endUnixNano: BigInt(NOW_MS) * 1_000_000n + 1000n,
      limit: 10,
    });
    // The canned reader finds the same one until there are ten.
    expect(answer).toHaveLength(1);
    expect(answer[0]?.length).toBe(10);
  });

  test.each([
    ['serviceName=shop-api', '{ resource.service.name = "shop-api" }'],
    ['serviceName=shop-api&spanName=all', '{ resource.service.name = "shop-api" }'],
    [
      'serviceName=shop-api&spanName=GET /',
      '{ resource.service.name = "shop-api" && name = "GET /" }',
    ],
    ['minDuration=1', '{ }'],
    ['minDuration=2', '{ duration >= 2us }'],
    ['minDuration=1&maxDuration=1000', '{ duration < 1ms1us }'],
    [
      'annotationQuery=http.method=GET and  retry ',
      '{ .http.method = "GET" && (.retry != nil || event:name = "retry") }',
    ],
    [
      'annotationQuery=http.status_code=404',
      '{ .http.status_code = "404" || .http.status_code = 404 }',
    ],
    ['annotationQuery=a=1 and a and a=b', '{ .a = "b" }'],
    ['annotationQuery=error', '{ status = error || .error != nil || event:name = "error" }'],
    ['annotationQuery=error=true', '{ status = error || (.error = "true" || .error = true) }'],
    [
      'annotationQuery=error=timed out',
      '{ status = error && statusMessage = "timed out" || .error = "timed out" }',
    ],
    [
      'annotationQuery=otel.scope.name=http',
      '{ instrumentation:name = "http" || .otel.scope.name = "http" }',
    ],
  ])('for %s asks for %s', async (given, expected) => {
    const { q } = await ask(`?${new URLSearchParams(given).toString()}`);
    expect(q).toBe(expected);
  });

  test('for a remote service asks for all that may name it', async () => {
    const { q } = await ask('?remoteServiceName=users');
    expect(q).toContain('span.peer.service = "users" || span.server.address = "users"');
  });

  test('looks as far back as it is told', async () => {
    const { asked } = await ask('?endTs=1795336100000&lookback=1000&limit=3');
    expect(asked).toMatchObject({
      startUnixNano: 1_795_336_099_000_000_000n,
      endUnixNano: 1_795_336_100_000_001_000n,
      limit: 3,
    });
  });

  test('looks once more in any case where nothing goes by the names as they are written', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['Shop', 'shop-api', 'sHop'];
    reader.operations = [{ spanName: 'GET /', spanKind: 'server' }];
    expect(await get(app, 'traces?serviceName=shop&spanName=get%20/')).toEqual([]);
    // TraceQL's operators are read from left to right.
    expect(reader.searches.map(({ search }) => printQuery(search))).toEqual([
      '{ resource.service.name = "shop" && name = "get /" }',
      '{ resource.service.name = "Shop" || resource.service.name = "sHop" && name = "GET /" }',
    ]);
    reader.searches.length = 0;
    await get(app, 'traces?serviceName=shop-api');
    await get(app, 'traces?serviceName=nobody');
    expect(reader.searches).toHaveLength(2);
  });
});

describe('dependencies', () => {
  test('are the calls between services, whatever they go through', async () => {
    const { app, reader } = createTestApp();
    const edge = {
      interval: 0,
      client: 'shop',
      server: 'users',
      connection: '',
      callCount: 3,
      weight: 3,
      errorCount: 0,
      clientDurationNano: 0n,
      serverDurationNano: 0n,
      latency: { buckets: [], weights: [] },
    } as const;
    reader.serviceEdges = [
      edge,
      { ...edge, connection: 'messaging', callCount: 2, errorCount: 1 },
      { ...edge, server: 'db', connection: 'database' },
    ];
    const links = await get(app, 'dependencies?endTs=1795336200000&lookback=3600000');
    expect(zipkinDependencies.parse(links)).toEqual([
      { parent: 'shop', child: 'db', callCount: 3 },
      { parent: 'shop', child: 'users', callCount: 5, errorCount: 1 },
    ]);
    expect(reader.edgeRequests[0]).toMatchObject({
      startUnixNano: 1_795_332_600_000_000_000n,
      stepNano: undefined,
    });
  });
});

describe('what cannot be answered', () => {
  test.each([
    ['spans', 'serviceName parameter is required'],
    ['dependencies', 'endTs parameter is required'],
    ['dependencies?endTs=0', 'endTs <= 0'],
    ['traces?limit=0', 'limit <= 0'],
    ['traces?limit=ten', 'limit is not a whole number: ten'],
    ['traces?endTs=-1', 'endTs <= 0'],
    ['traces?lookback=0', 'lookback <= 0'],
    ['traces?minDuration=0', 'minDuration <= 0'],
    ['traces?minDuration=5&maxDuration=4', 'maxDuration < minDuration'],
    ['traces?maxDuration=4', 'maxDuration is only valid with minDuration'],
    ['trace/xyz', 'xyz should be lower-hex encoded with no prefix'],
    [`trace/${'1'.repeat(33)}`, 'traceId.length > 32'],
    ['trace/0000000000000000', 'traceId is all zeros'],
    ['traceMany', 'traceIds parameter is required'],
    ['traceMany?traceIds=', 'traceIds parameter is empty'],
    ['traceMany?traceIds=1,0001', 'redundant traceId: 0001'],
    ['traceMany?traceIds=1', 'Use /api/v2/trace/{traceId} endpoint to retrieve a single trace'],
  ])('%s is refused with a text', async (path, message) => {
    const { app } = createTestApp();
    const response = await app.request(`/zipkin/api/v2/${path}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe(message);
  });

  test('says so when the store cannot', async () => {
    const { app, reader } = createTestApp();
    reader.failure = new OverloadedError('too busy', { retryAfterMs: 1000 });
    const response = await app.request('/zipkin/api/v2/services');
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('too busy');
  });

  test('is said of paths that there are not', async () => {
    const { app } = createTestApp();
    const response = await app.request('/zipkin/api/v2/nothing');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/zipkin/api/v2/nothing');
  });
});

test('Zipkin’s UI is told what it may do', async () => {
  const { app } = createTestApp({ basePath: '/clew' });
  const config = await app.request('/clew/zipkin/config.json');
  expect(await config.json()).toMatchObject({ searchEnabled: true, dependency: { enabled: true } });
  const health = await app.request('/clew/zipkin/health');
  expect(await health.json()).toMatchObject({ status: 'UP' });
  const info = await app.request('/clew/zipkin/info');
  expect(await info.json()).toEqual({ zipkin: { version: '1.2.3' } });
});

test('on Zipkin’s own port the same is at the root and below /zipkin', async () => {
  const { queries, clock, log, reader } = createTestApp();
  reader.services = ['a'];
  reader.spans.push(exampleSpan({ durationNano: durationNano(1n) }));
  const app = createZipkinApp({ queries, clock, log, version: '1' });
  for (const base of ['', '/zipkin']) {
    const services = await app.request(`${base}/api/v2/services`);
    expect(await services.json()).toEqual(['a']);
  }
  const other = await app.request('/');
  expect(other.status).toBe(404);
});
