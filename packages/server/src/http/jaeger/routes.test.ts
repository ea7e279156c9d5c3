import { StorageError, durationNano, unixNano } from '@clew/model';
import { printQuery } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  RESOURCE,
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import { ANSWERS } from './testing/answer-schemas.ts';

interface Envelope {
  readonly data: unknown;
  readonly total: number;
  readonly errors: unknown;
}

/** Whatever is asked of routes here is one of these; none of them has a field that Jaeger's answers have not. */
const Answer = z.union([ANSWERS.failure, ANSWERS.names, ANSWERS.operations, ANSWERS.traces]);

async function readEnvelope(response: Response): Promise<Envelope> {
  return Answer.parse(await response.json());
}

describe('lists', () => {
  test('services come in the envelope', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['a', 'b'];
    expect(await readEnvelope(await app.request('/api/services'))).toEqual({
      data: ['a', 'b'],
      total: 2,
      limit: 0,
      offset: 0,
      errors: null,
    });
  });

  test('operations are names, each once', async () => {
    const { app, reader } = createTestApp();
    reader.services = ['shop (eu)/1'];
    reader.operations = [
      { spanName: 'get', spanKind: 'client' },
      { spanName: 'get', spanKind: 'server' },
      { spanName: 'put', spanKind: 'server' },
    ];
    const path = `/api/services/${encodeURIComponent('shop (eu)/1')}/operations`;
    expect(await readEnvelope(await app.request(path))).toMatchObject({
      data: ['get', 'put'],
      total: 2,
    });
    const unknown = await app.request('/api/services/nobody/operations');
    expect(await readEnvelope(unknown)).toMatchObject({ data: [], total: 0 });
  });

  test('are indented when asked', async () => {
    const { app } = createTestApp();
    const pretty = await app.request('/api/services?prettyPrint=true');
    expect(await pretty.text()).toContain('\n    "data": []');
    const plain = await app.request('/api/services?prettyPrint=false');
    expect(await plain.text()).not.toContain('\n ');
  });
});

describe('operations with their kinds', () => {
  async function ask(query: string) {
    const { app, reader } = createTestApp();
    reader.services = ['shop'];
    reader.operations = [
      { spanName: 'get', spanKind: 'client' },
      { spanName: 'get', spanKind: 'server' },
      { spanName: 'tidy', spanKind: 'unspecified' },
    ];
    return app.request(`/api/operations?${query}`);
  }

  test('are those of a service', async () => {
    expect(await readEnvelope(await ask('service=shop'))).toMatchObject({
      data: [
        { name: 'get', spanKind: 'client' },
        { name: 'get', spanKind: 'server' },
        { name: 'tidy', spanKind: '' },
      ],
      total: 3,
    });
  });

  test('are those of one kind', async () => {
    const { data } = await readEnvelope(await ask('service=shop&spanKind=server'));
    expect(data).toEqual([{ name: 'get', spanKind: 'server' }]);
    expect((await readEnvelope(await ask('service=shop&spanKind=x'))).data).toEqual([]);
  });

  test('need a service', async () => {
    const response = await ask('spanKind=server');
    expect(response.status).toBe(400);
    expect(await readEnvelope(response)).toMatchObject({
      errors: [{ code: 400, msg: "parameter 'service' is required" }],
    });
  });
});

describe('one trace', () => {
  test('has the shape that Jaeger’s UI reads', async () => {
    const { app, reader } = createTestApp();
    const parent = exampleSpan({
      traceState: 'a=b',
      attributes: [
        { key: 'http.request.method', value: { type: 'string', value: 'POST' } },
        { key: 'small', value: { type: 'int', value: 42n } },
        { key: 'large', value: { type: 'int', value: 9_007_199_254_740_993n } },
        { key: 'ratio', value: { type: 'double', value: 0.5 } },
        { key: 'cached', value: { type: 'bool', value: false } },
        { key: 'raw', value: { type: 'bytes', value: new Uint8Array([1, 2]) } },
        {
          key: 'list',
          value: {
            type: 'array',
            value: [{ type: 'string', value: 'x' }, { type: 'int', value: 1n }, { type: 'empty' }],
          },
        },
        {
          key: 'map',
          value: {
            type: 'map',
            value: [{ key: 'k', value: { type: 'bool', value: true } }],
          },
        },
        { key: 'none', value: { type: 'empty' } },
      ],
      events: [
        {
          timeUnixNano: unixNano(1_795_000_000_123_999_999n),
          name: 'retry',
          attributes: [{ key: 'attempt', value: { type: 'int', value: 2n } }],
          droppedAttributesCount: 0,
        },
      ],
    });
    const child = exampleSpan({
      spanId: spanId('00f067aa0ba902b7'),
      parentSpanId: parent.spanId,
      flags: 0,
      name: 'get-user',
      kind: 'unspecified',
      startUnixNano: unixNano(parent.startUnixNano + 2000n),
      status: 'error',
      statusMessage: 'no such user',
      resource: { ...RESOURCE, service: 'user-service' },
      scope: { ...exampleSpan().scope, name: '', version: '' },
      links: [
        {
          traceId: traceId('1'),
          spanId: spanId('2'),
          traceState: '',
          flags: 0,
          attributes: [],
          droppedAttributesCount: 0,
        },
        {
          traceId: TRACE_ID,
          spanId: spanId('3'),
          traceState: '',
          flags: 0,
          attributes: [
            { key: 'opentracing.ref_type', value: { type: 'string', value: 'child_of' } },
          ],
          droppedAttributesCount: 0,
        },
      ],
    });
    reader.spans.push(child, parent);
    const response = await app.request(`/api/traces/${TRACE_ID}?raw=true`);
    expect(response.headers.get('content-type')).toBe('application/json');
    const { data, errors } = await readEnvelope(response);
    expect(errors).toBeNull();
    expect(data).toEqual([
      {
        traceID: TRACE_ID,
        spans: [
          {
            traceID: TRACE_ID,
            spanID: 'b7ad6b7169203331',
            flags: 1,
            operationName: 'create-order',
            references: [],
            startTime: 1_795_000_000_123_456,
            duration: 1500,
            tags: [
              { key: 'otel.scope.name', type: 'string', value: 'http' },
              { key: 'otel.scope.version', type: 'string', value: '1.2.0' },
              { key: 'http.request.method', type: 'string', value: 'POST' },
              { key: 'small', type: 'int64', value: 42 },
              { key: 'large', type: 'int64', value: '9007199254740993' },
              { key: 'ratio', type: 'float64', value: 0.5 },
              { key: 'cached', type: 'bool', value: false },
              { key: 'raw', type: 'binary', value: 'AQI=' },
              { key: 'list', type: 'string', value: '["x",1,null]' },
              { key: 'map', type: 'string', value: '{"k":true}' },
              { key: 'none', type: 'string', value: '' },
              { key: 'span.kind', type: 'string', value: 'server' },
              { key: 'w3c.tracestate', type: 'string', value: 'a=b' },
            ],
            logs: [
              {
                timestamp: 1_795_000_000_123_999,
                fields: [
                  { key: 'event', type: 'string', value: 'retry' },
                  { key: 'attempt', type: 'int64', value: 2 },
                ],
              },
            ],
            processID: 'p1',
            warnings: null,
          },
          {
            traceID: TRACE_ID,
            spanID: '00f067aa0ba902b7',
            operationName: 'get-user',
            references: [
              { refType: 'CHILD_OF', traceID: TRACE_ID, spanID: 'b7ad6b7169203331' },
              { refType: 'FOLLOWS_FROM', traceID: '0000000000000001', spanID: '0000000000000002' },
              { refType: 'CHILD_OF', traceID: TRACE_ID, spanID: '0000000000000003' },
            ],
            startTime: 1_795_000_000_123_458,
            duration: 1500,
            tags: [
              { key: 'otel.status_code', type: 'string', value: 'ERROR' },
              { key: 'error', type: 'bool', value: true },
              { key: 'otel.status_description', type: 'string', value: 'no such user' },
            ],
            logs: [],
            processID: 'p2',
            warnings: null,
          },
        ],
        processes: {
          p1: {
            serviceName: 'order-service',
            tags: [{ key: 'host.name', type: 'string', value: 'web-1' }],
          },
          p2: {
            serviceName: 'user-service',
            tags: [{ key: 'host.name', type: 'string', value: 'web-1' }],
          },
        },
        warnings: null,
      },
    ]);
  });

  test('shares a process between equal resources', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(
      exampleSpan(),
      exampleSpan({ spanId: spanId('1'), resource: { ...RESOURCE } }),
    );
    const { data } = await readEnvelope(await app.request(`/api/traces/${TRACE_ID}`));
    expect(data).toMatchObject([{ spans: [{ processID: 'p1' }, { processID: 'p1' }] }]);
  });

  test.each([
    '0af7651916cd43dd',
    '00000000000000000af7651916cd43dd',
    'AF7651916CD43DD',
    'AAAAAAAAAAAK92UZFs1D3Q==',
    'AAAAAAAAAAAK92UZFs1D3Q',
  ])('is found by its id written as %s, which has 64 bits', async (id) => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan({ traceId: traceId('0af7651916cd43dd') }));
    const response = await app.request(`/api/traces/${encodeURIComponent(id)}`);
    const { data } = await readEnvelope(response);
    expect(data).toMatchObject([
      { traceID: '0af7651916cd43dd', spans: [{ traceID: '0af7651916cd43dd' }] },
    ]);
  });

  test('is adjusted unless the raw one is asked for', async () => {
    const { app, reader } = createTestApp();
    const attributes = [
      { key: 'b', value: { type: 'bool', value: true } },
      { key: 'a', value: { type: 'bool', value: true } },
    ] as const;
    const early = unixNano(exampleSpan().startUnixNano - 1_000_000n);
    const host = { key: 'host.name', value: { type: 'string', value: 'web-2' } } as const;
    const resource = { ...RESOURCE, attributes: [host] };
    const child = { spanId: spanId('1'), parentSpanId: exampleSpan().spanId, resource };
    reader.spans.push(exampleSpan({ attributes }), exampleSpan({ ...child, startUnixNano: early }));
    const ask = async (query: string) =>
      readEnvelope(await app.request(`/api/traces/${TRACE_ID}${query}`));
    const keysOf = ({ data }: Envelope): unknown =>
      (data as { spans: { tags: { key: string }[] }[] }[])[0]?.spans[1]?.tags
        .map(({ key }) => key)
        .filter((key) => key.length === 1);
    const adjusted = await ask('?start=1&end=2');
    expect(keysOf(adjusted)).toEqual(['a', 'b']);
    expect(adjusted.data).toMatchObject([
      {
        spans: [
          { warnings: ['clock skew adjustment disabled; not applying calculated delta of 1ms'] },
          { warnings: null },
        ],
      },
    ]);
    const raw = await ask('?raw=1');
    expect(keysOf(raw)).toEqual(['b', 'a']);
    expect(raw.data).toMatchObject([{ spans: [{ warnings: null }, { warnings: null }] }]);
  });

  test.each(['start=x', 'end=1.5', 'raw=2'])('refuses the hint %s', async (hint) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/traces/${TRACE_ID}?${hint}`);
    expect(response.status).toBe(400);
    const { errors } = await readEnvelope(response);
    expect(errors).toMatchObject([{ msg: expect.stringContaining('unable to parse param') }]);
  });

  test('comes in pieces that are one JSON, indented or not', async () => {
    const { app, reader } = createTestApp();
    for (let number = 1; number <= 1203; number++) {
      reader.spans.push(exampleSpan({ spanId: spanId(number.toString(16)) }));
    }
    const plain = await app.request(`/api/traces/${TRACE_ID}`);
    const pretty = await app.request(`/api/traces/${TRACE_ID}?prettyPrint=1`);
    const text = await pretty.text();
    const value = await plain.json();
    expect(JSON.parse(text)).toEqual(value);
    expect(`${JSON.stringify(value, undefined, 4)}\n`).toBe(text);
    expect((value as { data: { spans: unknown[] }[] }).data[0]?.spans).toHaveLength(1203);
  });

  test('is not found', async () => {
    const { app } = createTestApp();
    const response = await app.request('/api/traces/1');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await response.text();
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      data: null,
      total: 0,
      limit: 0,
      offset: 0,
      errors: [{ code: 404, msg: 'trace not found' }],
    });
  });

  test.each(['0', 'hello', 'f'.repeat(33), '%zz'])('refuses the id %s', async (id) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/traces/${id}`);
    expect(response.status).toBe(400);
    const { errors } = await readEnvelope(response);
    expect(errors).toMatchObject([{ code: 400 }]);
  });
});

/** The condition of a tag with a value of these readings, but for what events and links say. */
function onSpan(key: string, values: readonly string[]): string {
  const scopes = ['span', 'resource', 'instrumentation'];
  const conditions = scopes.flatMap((scope) => values.map((value) => `${scope}.${key} = ${value}`));
  return `(${conditions.join(' || ')})`;
}

describe('search', () => {
  async function search(query: string) {
    const { app, reader } = createTestApp();
    const response = await app.request(`/api/traces?${query}`);
    const [asked] = reader.searches;
    return { response, asked: asked && { ...asked, q: printQuery(asked.search) } };
  }

  test('hands every parameter to the store', async () => {
    const { response, asked } = await search(
      new URLSearchParams([
        ['service', 'order-service'],
        ['operation', 'create-order'],
        ['tag', 'user.id:7'],
        ['tag', 'url.path:/a:b'],
        ['tags', '{"http.route":"/orders","error":"true"}'],
        ['start', '1795000000000000'],
        ['end', '1795000000000001'],
        ['minDuration', '1.2s'],
        ['maxDuration', '1m30s'],
        ['limit', '20'],
        ['lookback', '1h'],
      ]).toString(),
    );
    expect(response.status).toBe(200);
    expect(asked).toMatchObject({
      startUnixNano: 1_795_000_000_000_000_000n,
      endUnixNano: 1_795_000_000_000_002_000n,
      limit: 20,
    });
    expect(asked?.q).toBe(
      '{ resource.service.name = "order-service" && name = "create-order" && ' +
        `${onSpan('user.id', ['"7"', '7'])} && ${onSpan('url.path', ['"/a:b"'])} && ` +
        `${onSpan('http.route', ['"/orders"'])} && (status = error || span.error = "true" || span.error = true) && ` +
        'duration >= 1s200ms && duration <= 1m30s }',
    );
  });

  test('looks back two days for a hundred traces when nothing else is said', async () => {
    const { asked } = await search('service=a');
    expect(asked).toMatchObject({
      startUnixNano: BigInt(NOW_MS - 2 * 86_400_000) * 1_000_000n,
      endUnixNano: undefined,
      limit: 100,
      q: '{ resource.service.name = "a" }',
    });
  });

  test('a duration of 0 asks for nothing', async () => {
    const { asked } = await search('service=a&minDuration=1s&maxDuration=0s');
    expect(asked?.q).toBe('{ resource.service.name = "a" && duration >= 1s }');
  });

  test('goes over all services where none is named', async () => {
    expect((await search('')).asked?.q).toBe('{ }');
    expect((await search('service=&operation=get')).asked?.q).toBe('{ name = "get" }');
  });

  test('answers with whole traces in the order of the search', async () => {
    const { app, reader } = createTestApp();
    const ids = ['1', '2', '3', '4', '5'].map((text) => traceId(text));
    reader.page = { ...reader.page, traces: ids.map((id) => exampleFoundTrace({ traceId: id })) };
    for (const id of ids.slice(1)) reader.spans.push(exampleSpan({ traceId: id }));
    const { data, errors } = await readEnvelope(await app.request('/api/traces?service=a'));
    // The first one's spans have expired between the two questions.
    expect((data as { traceID: string }[]).map(({ traceID }) => traceID)).toEqual([
      '0000000000000002',
      '0000000000000003',
      '0000000000000004',
      '0000000000000005',
    ]);
    expect(errors).toBeNull();
  });

  test('that are too large to be adjusted come as they are stored, and say so', async () => {
    const { app, reader } = createTestApp({ maxAssembledSpans: 1 });
    const large = traceId('1b');
    const orphan = exampleSpan({ traceId: large, parentSpanId: spanId('9') });
    reader.spans.push(exampleSpan(), orphan, { ...orphan, spanId: spanId('2') });
    const spans = [
      { warnings: ['a trace has more than 1 spans: shown as it is stored'] },
      { warnings: null },
    ];
    const path = `/api/traces?traceID=${TRACE_ID}&traceID=1b`;
    expect(await readEnvelope(await app.request(path))).toMatchObject({
      data: [{ traceID: TRACE_ID }, { traceID: '000000000000001b', spans }],
      errors: null,
    });
    const one = await readEnvelope(await app.request('/api/traces/1b'));
    expect(one.data).toMatchObject([{ spans }]);
    const raw = await readEnvelope(await app.request('/api/traces/1b?raw=true'));
    expect(raw.data).toMatchObject([{ spans: [{ warnings: null }, { warnings: null }] }]);
  });

  test('by trace ids tells which are missing', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan({ traceId: traceId('2') }));
    const response = await app.request('/api/traces?traceID=2&traceID=1&traceID=0002');
    expect(response.status).toBe(200);
    expect(await readEnvelope(response)).toMatchObject({
      data: [{ traceID: '0000000000000002' }],
      errors: [{ msg: 'trace not found', traceID: '0000000000000001' }],
    });
  });

  test.each([
    ['service=a&limit=x', 'strconv.ParseInt: parsing "x": invalid syntax'],
    ['service=a&limit=0', 'invalid parameter: limit must be greater than 0'],
    ['service=a&raw=maybe', `unable to parse param 'raw': strconv.ParseBool: parsing "maybe"`],
    ['service=a&start=yesterday', "unable to parse param 'start'"],
    ['service=a&end=-1', 'invalid parameter: start time must be before end time'],
    ['service=a&minDuration=5', "unable to parse param 'minDuration'"],
    ['service=a&maxDuration=-5s', "unable to parse param 'maxDuration'"],
    [
      'service=a&minDuration=2s&maxDuration=1s',
      "'maxDuration' should be greater than 'minDuration'",
    ],
    ['service=a&tag=user', "malformed 'tag' parameter, expecting key:value, received: user"],
    ['service=a&tags={"a":1}', "malformed 'tags' parameter"],
    ['service=a&tags=[]', "malformed 'tags' parameter"],
    ['service=a&tags={', "malformed 'tags' parameter"],
    ['traceID=xyz', 'cannot parse traceID param: strconv.ParseUint: parsing "xyz": invalid syntax'],
  ])('refuses %j', async (query, message) => {
    const { response } = await search(query);
    expect(response.status).toBe(400);
    const { data, errors } = await readEnvelope(response);
    expect(data).toBeNull();
    expect(errors).toEqual([{ code: 400, msg: expect.stringContaining(message) as string }]);
  });

  test('tells of a failing store in the envelope', async () => {
    const { app, reader } = createTestApp();
    reader.failure = new StorageError('the engine is broken');
    const response = await app.request('/api/traces?service=a');
    expect(response.status).toBe(500);
    expect(await readEnvelope(response)).toMatchObject({
      errors: [{ code: 500, msg: 'the engine is broken' }],
    });
  });
});

describe('under a host name that is not Clew’s', () => {
  const asked = { method: 'POST', headers: { host: 'jaeger.example' } };

  test('an archive is refused in the envelope', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan());
    const response = await app.request(`/api/archive/${TRACE_ID}`, asked);
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.json()).toMatchObject({ data: null, errors: [{ code: 403 }] });
  });

  test.each(['/api/transform', '/api/v3/trace-summaries'])('%s reads', async (path) => {
    const { app } = createTestApp();
    const query = { startTimeMin: '2026-11-22T08:00:00Z', startTimeMax: '2026-11-22T09:00:00Z' };
    const body = JSON.stringify({ resourceSpans: [], query });
    const response = await app.request(path, { ...asked, body });
    expect(response.status).toBe(200);
  });
});

test('durations are cut to microseconds', async () => {
  const { app, reader } = createTestApp();
  reader.spans.push(exampleSpan({ durationNano: durationNano(1999n) }));
  const { data } = await readEnvelope(await app.request(`/api/traces/${TRACE_ID}`));
  expect(data).toMatchObject([{ spans: [{ duration: 1 }] }]);
});

test('an unknown path is answered as Go’s router does', async () => {
  const { app } = createTestApp();
  const response = await app.request('/api/deep-dependencies');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toBe('404 page not found\n');
});
