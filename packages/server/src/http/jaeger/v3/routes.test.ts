import { StorageError } from '@clew/model';
import { SpanBlock } from '@clew/model';
import { decodeTracesJson, readSpans } from '@clew/protocol';
import { printQuery } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import {
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from '../../../query/testing/canned-trace-reader.ts';
import { createTestApp } from '../../testing/test-app.ts';
import { ANSWERS } from '../testing/answer-schemas.ts';

const TIMES = 'query.startTimeMin=2026-11-22T08:00:00Z&query.startTimeMax=2026-11-22T08:30:00Z';

async function failureOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const { error } = ANSWERS.v3Failure.parse(await response.json());
  expect(error.httpCode).toBe(response.status);
  return error;
}

/** What another reader of OTLP finds in an answer. */
async function spansOf(response: Response) {
  const { result, ...others } = (await response.json()) as { result: unknown };
  expect(others).toEqual({});
  const block = new SpanBlock('');
  const { count } = decodeTracesJson(Buffer.from(JSON.stringify(result)), block);
  expect(count).toBe(0);
  return readSpans(block);
}

describe('lists', () => {
  test('of services', async () => {
    const { app, reader } = createTestApp();
    expect(ANSWERS.v3Services.parse(await (await app.request('/api/v3/services')).json())).toEqual({
      services: [],
    });
    reader.services = ['a', 'b'];
    expect(await (await app.request('/api/v3/services')).json()).toEqual({ services: ['a', 'b'] });
  });

  test.each(['spanKind', 'span_kind'])('of operations, of a kind by %s', async (name) => {
    const { app, reader } = createTestApp();
    reader.services = ['shop'];
    reader.operations = [
      { spanName: 'get', spanKind: 'server' },
      { spanName: 'tidy', spanKind: 'unspecified' },
    ];
    const all = await app.request('/api/v3/operations?service=shop');
    expect(ANSWERS.v3Operations.parse(await all.json())).toEqual({
      operations: [
        { name: 'get', spanKind: 'server' },
        { name: 'tidy', spanKind: 'internal' },
      ],
    });
    const some = await app.request(`/api/v3/operations?service=shop&${name}=server`);
    expect(await some.json()).toEqual({ operations: [{ name: 'get', spanKind: 'server' }] });
  });
});

describe('one trace', () => {
  const path = `/api/v3/traces/${TRACE_ID}`;

  test('is OTLP, with warnings as an attribute', async () => {
    const { app, reader } = createTestApp();
    const orphan = exampleSpan({ parentSpanId: spanId('9') });
    reader.spans.push(orphan, exampleSpan({ spanId: spanId('1') }));
    const response = await app.request(`${path}?startTime=2026-11-22T08:00:00Z&rawTraces=false`);
    expect(response.headers.get('content-type')).toBe('application/json');
    const spans = await spansOf(response);
    const warned = spans.find(({ spanId }) => spanId === orphan.spanId);
    expect(spans).toHaveLength(2);
    expect(warned?.attributes).toEqual([
      {
        key: '@jaeger@warnings',
        value: {
          type: 'array',
          value: [{ type: 'string', value: expect.stringContaining('parent span ID') as string }],
        },
      },
    ]);
  });

  test('can be the raw one', async () => {
    const { app, reader } = createTestApp();
    reader.spans.push(exampleSpan({ parentSpanId: spanId('9') }));
    for (const name of ['rawTraces', 'raw_traces']) {
      const [span] = await spansOf(await app.request(`${path}?${name}=true`));
      expect(span?.attributes).toEqual([]);
    }
  });

  test('comes as it is stored when it is too large to be adjusted', async () => {
    const { app, reader } = createTestApp({ maxAssembledSpans: 3 });
    for (const id of ['1', '2', '3', '4', '5']) {
      reader.spans.push(exampleSpan({ spanId: spanId(id), parentSpanId: spanId('9') }));
    }
    const spans = await spansOf(await app.request(path));
    expect(spans.map(({ spanId }) => spanId)).toEqual(['1', '2', '3', '4', '5'].map(spanId));
    const warning = 'a trace has more than 3 spans: shown as it is stored';
    const value = { type: 'array', value: [{ type: 'string', value: warning }] };
    expect(spans.flatMap(({ attributes }) => attributes)).toEqual([
      { key: '@jaeger@warnings', value },
    ]);
  });

  test('is not found', async () => {
    const { app } = createTestApp();
    const response = await app.request(path);
    expect(response.status).toBe(404);
    expect(await failureOf(response)).toEqual({ httpCode: 404, message: 'No traces found' });
  });

  test.each([
    ['xyz', 'malformed parameter trace_id: strconv.ParseUint: parsing "xyz": invalid syntax'],
    [`${TRACE_ID}?startTime=today`, 'malformed parameter startTime: parsing time "today"'],
    [`${TRACE_ID}?end_time=1`, 'malformed parameter end_time: parsing time "1"'],
    [`${TRACE_ID}?raw_traces=x`, 'malformed parameter raw_traces: strconv.ParseBool'],
  ])('refuses %s', async (asked, message) => {
    const { app } = createTestApp();
    const response = await app.request(`/api/v3/traces/${asked}`);
    expect(response.status).toBe(400);
    expect((await failureOf(response)).message).toContain(message);
  });
});

describe('a search', () => {
  async function search(query: string, init?: RequestInit) {
    const { app, reader } = createTestApp();
    const response = await app.request(`/api/v3/trace-summaries${query}`, init);
    const [asked] = reader.searches;
    return { response, asked: asked && { ...asked, q: printQuery(asked.search) } };
  }

  const expected = {
    q:
      '{ resource.service.name = "shop" && name = "get" && ' +
      '(span.a = "b" || resource.a = "b" || instrumentation.a = "b") && ' +
      'duration >= 1ms && duration <= 2s }',
    startUnixNano: 1_795_334_400_000_000_000n,
    // Inclusive.
    endUnixNano: 1_795_336_200_123_456_790n,
    limit: 7,
  };

  test.each([
    [
      'camel case',
      {
        serviceName: 'shop',
        operationName: 'get',
        attributes: '{"a":"b"}',
        startTimeMin: '2026-11-22T08:00:00Z',
        startTimeMax: '2026-11-22T09:30:00.123456789+01:00',
        durationMin: '1ms',
        durationMax: '2s',
        searchDepth: '7',
      },
    ],
    [
      'snake case',
      {
        service_name: 'shop',
        operation_name: 'get',
        attributes: '{"a":"b"}',
        start_time_min: '2026-11-22T08:00:00Z',
        start_time_max: '2026-11-22T09:30:00.123456789+01:00',
        duration_min: '1ms',
        duration_max: '2s',
        num_traces: '7',
      },
    ],
  ])('is asked in %s', async (_, fields) => {
    const parameters = Object.entries(fields).map(([name, value]) => [`query.${name}`, value]);
    const { asked } = await search(`?${new URLSearchParams(parameters).toString()}`);
    expect(asked).toMatchObject(expected);
  });

  test('is asked in JSON', async () => {
    const query = {
      serviceName: 'shop',
      operation_name: 'get',
      attributes: { a: 'b' },
      startTimeMin: '2026-11-22T08:00:00Z',
      startTimeMax: '2026-11-22T08:30:00.123456789Z',
      durationMin: '0.001s',
      durationMax: '2s',
      searchDepth: 7,
      filter: null,
    };
    const headers = { host: 'localhost' };
    const { asked } = await search('', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    expect(asked).toMatchObject(expected);
  });

  test('is for a hundred traces of any service unless something else is said', async () => {
    const { asked } = await search(`?${TIMES}&query.durationMin=0&query.durationMax=0s`);
    expect(asked).toMatchObject({ q: '{ }', limit: 100 });
  });

  test('finds summaries', async () => {
    const { app, reader } = createTestApp();
    const found = exampleFoundTrace();
    const rootless = exampleFoundTrace({
      traceId: traceId('b'),
      rootService: '',
      rootSpanName: '',
      errorCount: 0,
    });
    reader.page = { ...reader.page, traces: [found, rootless] };
    reader.spans.push(
      exampleSpan(),
      ...['1', '2'].map((id) =>
        exampleSpan({
          traceId: rootless.traceId,
          spanId: spanId(id),
          parentSpanId: spanId('9'),
        }),
      ),
    );
    const response = await app.request(`/api/v3/trace-summaries?${TIMES}`);
    const { summaries } = ANSWERS.v3Summaries.parse(await response.json());
    expect(summaries).toEqual([
      {
        traceId: TRACE_ID,
        rootServiceName: 'order-service',
        rootOperationName: 'create-order',
        minStartTimeUnixNano: '1795000000123456789',
        maxEndTimeUnixNano: '1795000000124957788',
        spanCount: 2,
        errorSpanCount: 1,
        services: [{ name: 'order-service', spanCount: 2, errorSpanCount: 1 }],
      },
      expect.objectContaining({ orphanSpanCount: 2 }),
    ]);
    expect(summaries[1]).not.toHaveProperty('rootServiceName');
    expect(summaries[1]).not.toHaveProperty('errorSpanCount');
  });

  test('that finds nothing has no summaries', async () => {
    const { response } = await search(`?${TIMES}`);
    expect(ANSWERS.v3Summaries.parse(await response.json())).toEqual({ summaries: [] });
  });

  test('finds whole traces', async () => {
    const { app, reader } = createTestApp();
    const ids = ['1', '2'].map(traceId);
    reader.page = { ...reader.page, traces: ids.map((id) => exampleFoundTrace({ traceId: id })) };
    for (const id of ids) reader.spans.push(exampleSpan({ traceId: id }));
    const spans = await spansOf(await app.request(`/api/v3/traces?${TIMES}`));
    expect(spans.map(({ traceId }) => traceId)).toEqual(ids);
  });

  test('for whole traces that finds none says so', async () => {
    const { app } = createTestApp();
    const response = await app.request(`/api/v3/traces?${TIMES}`);
    expect(await failureOf(response)).toEqual({ httpCode: 404, message: 'No traces found' });
  });

  test.each([
    ['', 'query.startTimeMin and query.startTimeMax are required'],
    ['query.startTimeMin=x&query.startTimeMax=y', 'malformed parameter query.startTimeMin'],
    [
      'query.startTimeMin=2026-11-22T08:00:00Z&query.startTimeMax=2026-11-22T07:00:00Z',
      'query.startTimeMin must be before query.startTimeMax',
    ],
    [`${TIMES}&query.durationMin=5`, 'malformed parameter query.durationMin: time: missing unit'],
    [`${TIMES}&query.search_depth=x`, 'malformed parameter query.search_depth: strconv.ParseInt'],
    [`${TIMES}&query.num_traces=0`, 'search depth must be greater than 0'],
    [`${TIMES}&query.attributes={`, 'malformed parameter query.attributes'],
    [`${TIMES}&query.attributes={"a":1}`, 'malformed parameter query.attributes'],
    [`${TIMES}&query.rawTraces=2`, 'malformed parameter query.rawTraces: strconv.ParseBool'],
    [`${TIMES}&query.filter={}`, 'query.filter is not supported'],
  ])('refuses %j', async (query, message) => {
    const { response } = await search(`?${query}`);
    expect(response.status).toBe(400);
    expect((await failureOf(response)).message).toContain(message);
  });

  test.each(['{', '[]', '{"query":1}'])('refuses the content %s', async (body) => {
    const headers = { host: 'localhost' };
    const { response } = await search('', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    await failureOf(response);
  });

  test('tells of a failing store', async () => {
    const { app, reader } = createTestApp();
    reader.failure = new StorageError('the engine is broken');
    const response = await app.request(`/api/v3/traces?${TIMES}`);
    expect(await failureOf(response)).toEqual({ httpCode: 500, message: 'the engine is broken' });
  });
});

test('an unknown path is answered as Go’s router does', async () => {
  const { app } = createTestApp();
  const response = await app.request('/api/v3/nothing');
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('404 page not found\n');
});
