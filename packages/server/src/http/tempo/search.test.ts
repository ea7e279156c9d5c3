import { durationNano, unixNano } from '@clew/model';
import { printQuery } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import {
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import { createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { readJson, readProtobuf } from './testing/tempo-proto.ts';

const SCANNED = { traceCount: 7, spanCount: 9 };

/** An app whose store finds the trace of the given spans. */
function appWith(...spans: ReturnType<typeof exampleSpan>[]): TestApp {
  const test = createTestApp();
  test.reader.spans.push(...spans);
  test.reader.page = { traces: [exampleFoundTrace()], scanned: SCANNED };
  return test;
}

async function search({ app }: TestApp, parameters: Record<string, string>): Promise<unknown> {
  const response = await app.request(`/tempo/api/search?${new URLSearchParams(parameters)}`);
  expect(response.status).toBe(200);
  return readJson('SearchResponse', await response.json());
}

async function refusal(parameters: Record<string, string>): Promise<string> {
  const { app } = createTestApp();
  const response = await app.request(`/tempo/api/search?${new URLSearchParams(parameters)}`);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  return response.text();
}

describe('a search', () => {
  test('answers with traces, and with the spans of each that match', async () => {
    const child = exampleSpan({
      spanId: spanId('2'),
      parentSpanId: exampleSpan().spanId,
      name: 'charge',
      status: 'error',
      startUnixNano: unixNano(1_795_000_000_200_000_000n),
      attributes: [{ key: 'http.response.status_code', value: { type: 'int', value: 500n } }],
    });
    const given = appWith(exampleSpan(), child);
    const q = '{ status = error && .http.response.status_code >= 500 }';
    const spanSet = {
      spans: [
        {
          spanID: '0000000000000002',
          name: 'charge',
          startTimeUnixNano: '1795000000200000000',
          durationNanos: '1500999',
          attributes: [
            { key: 'status', value: { stringValue: 'error' } },
            { key: 'http.response.status_code', value: { intValue: '500' } },
          ],
        },
      ],
      matched: 1,
    };
    expect(await search(given, { q })).toEqual({
      traces: [
        {
          traceID: TRACE_ID.replace(/^0+/, ''),
          rootServiceName: 'order-service',
          rootTraceName: 'create-order',
          startTimeUnixNano: '1795000000123456789',
          durationMs: 1,
          spanSet,
          spanSets: [spanSet],
          serviceStats: { 'order-service': { spanCount: 2, errorCount: 1 } },
        },
      ],
      metrics: { inspectedTraces: 7, completedJobs: 1, totalJobs: 1 },
    });
  });

  test('shows as many spans as are asked for, and says how many match', async () => {
    const spans = Array.from({ length: 7 }, (_, i) => exampleSpan({ spanId: spanId(`${i + 1}`) }));
    const given = appWith(...spans);
    const shown = async (parameters: Record<string, string>): Promise<unknown> =>
      await search(given, { q: '{ kind = server }', ...parameters });
    expect(await shown({})).toMatchObject({
      traces: [{ spanSets: [{ matched: 7, spans: { length: 3 } }] }],
    });
    expect(await shown({ spss: '5' })).toMatchObject({
      traces: [{ spanSets: [{ matched: 7, spans: { length: 5 } }] }],
    });
    expect(await shown({ spss: '0' })).toMatchObject({
      traces: [{ spanSets: [{ matched: 7, spans: { length: 7 } }] }],
    });
  });

  test('groups spans, and shows what they have in common', async () => {
    const given = appWith(
      exampleSpan({ spanId: spanId('1') }),
      exampleSpan({ spanId: spanId('2'), kind: 'client' }),
      exampleSpan({ spanId: spanId('3'), kind: 'client' }),
    );
    const answer = await search(given, { q: '{ } | by(kind) | count() > 1' });
    expect(answer).toMatchObject({
      traces: [
        {
          spanSets: [
            {
              matched: 2,
              attributes: [
                { key: 'by(kind)', value: { stringValue: 'client' } },
                { key: 'count()', value: { intValue: '2' } },
              ],
            },
          ],
        },
      ],
    });
  });

  test('shows what is selected, and what the tree of the trace tells', async () => {
    const given = appWith(
      exampleSpan({ spanId: spanId('1') }),
      exampleSpan({
        spanId: spanId('2'),
        parentSpanId: spanId('1'),
        startUnixNano: unixNano(1_795_000_000_200_000_000n),
      }),
    );
    const q = '{ } | select(nestedSetParent, resource.service.name, duration, .absent)';
    expect(await search(given, { q })).toMatchObject({
      traces: [
        {
          spanSets: [
            {
              spans: [
                {
                  attributes: [
                    { key: 'nestedSetParent', value: { intValue: '-1' } },
                    { key: 'service.name', value: { stringValue: 'order-service' } },
                  ],
                },
                { attributes: [{ value: { intValue: '1' } }, {}] },
              ],
            },
          ],
        },
      ],
    });
  });

  test('says so where the root has not arrived, and gives long durations as far as they go', async () => {
    const given = appWith(exampleSpan());
    const found = exampleFoundTrace({
      traceId: traceId('ab'),
      rootService: '',
      rootSpanName: '',
      durationNano: durationNano(2n ** 63n),
    });
    given.reader.page = { traces: [found], scanned: SCANNED };
    const span = { spanID: found.matchedSpanId, startTimeUnixNano: '1795000000123456789' };
    expect(await search(given, {})).toMatchObject({
      traces: [
        {
          traceID: 'ab',
          rootServiceName: '<root span not yet received>',
          durationMs: 2 ** 31 - 1,
          spanSets: [{ spans: [span], matched: 1 }],
        },
      ],
    });
  });

  test('looks for the spans of a large trace instead of reading it', async () => {
    const given = appWith(exampleSpan());
    given.reader.page = { traces: [exampleFoundTrace({ spanCount: 5_000_000 })], scanned: SCANNED };
    given.reader.series = [{ labels: [], values: Float64Array.of(123_456) }];
    expect(await search(given, { q: '{ kind = server }' })).toMatchObject({
      traces: [{ spanSets: [{ spans: [{ name: 'create-order' }], matched: 123_456 }] }],
    });
    const [asked] = given.reader.spanSearches;
    expect(asked?.limit).toBe(3);
    expect(asked && printQuery(asked.search)).toBe(
      `{ trace:id = "${TRACE_ID}" } | { kind = server }`,
    );
  });

  test('of nothing answers with an empty list', async () => {
    const { app } = createTestApp();
    const response = await app.request('/tempo/api/search');
    expect(await response.json()).toEqual({
      traces: [],
      metrics: { inspectedTraces: 0, completedJobs: 1, totalJobs: 1 },
    });
  });

  test('can be answered in protobuf', async () => {
    const { app } = appWith(exampleSpan());
    const [inJson, inProtobuf] = [
      await app.request('/tempo/api/search'),
      await app.request('/tempo/api/search', { headers: { accept: 'application/protobuf' } }),
    ];
    expect(inProtobuf.headers.get('content-type')).toBe('application/protobuf');
    const bytes = new Uint8Array(await inProtobuf.arrayBuffer());
    expect(readProtobuf('SearchResponse', bytes)).toEqual(
      readJson('SearchResponse', await inJson.json()),
    );
  });
});

describe('what a search asks for', () => {
  async function asked(parameters: Record<string, string>) {
    const given = createTestApp();
    await search(given, parameters);
    const [query] = given.reader.searches;
    if (query === undefined) throw new Error('nothing was asked');
    return query;
  }

  test('is TraceQL, twenty traces, newest first, whenever they began', async () => {
    const { search, limit, order, startUnixNano, endUnixNano } = await asked({
      q: '{ .a = 1 } with(most_recent=true)',
    });
    expect(printQuery(search)).toBe('{ .a = 1 } with(most_recent=true)');
    expect({ limit, order, startUnixNano, endUnixNano }).toEqual({
      limit: 20,
      order: undefined,
      startUnixNano: undefined,
      endUnixNano: undefined,
    });
  });

  test('has a time in seconds, a limit and durations of traces', async () => {
    const query = await asked({
      start: '1795000000',
      end: '1795003600',
      limit: '50000',
      minDuration: '100ms',
      maxDuration: '1.5s',
    });
    expect(query).toMatchObject({
      startUnixNano: 1_795_000_000_000_000_000n,
      endUnixNano: 1_795_003_600_000_000_000n,
      limit: 10_000,
      traces: { minDurationNano: 100_000_000n, maxDurationNano: 1_500_000_000n },
    });
  });

  test.each([
    ['service.name=cart', '{ resource.service.name =~ "(?is).*cart.*" }'],
    ['name="GET /a" error=true', '{ name =~ "(?is).*GET /a.*" && status = error }'],
    ['http.status_code=500', '{ .http.status_code =~ "(?is).*500.*" || .http.status_code = 500 }'],
    ['id=-9223372036854775808', '{ .id =~ "(?is).*-9223372036854775808.*" || .id = minInt }'],
    ['id=9223372036854775808', '{ .id =~ "(?is).*9223372036854775808.*" }'],
    ['a=true b=x.y', '{ .a =~ "(?is).*true.*" || .a = true && .b =~ "(?is).*x\\\\.y.*" }'],
    ['root.name="a \\"b\\""', '{ trace:rootName =~ "(?is).*a \\"b\\".*" }'],
    ['status.code=ok', '{ status = ok }'],
    ['', '{ }'],
  ])('may be tags: %s', async (tags, query) => {
    expect(printQuery((await asked({ tags })).search)).toBe(query);
  });
});

describe('a search is refused, as plain text,', () => {
  test.each([
    [{ q: '{ .a = }' }, /^invalid TraceQL query: expected .* at 7\n$/],
    [{ q: '{ foo = 1 }' }, /^invalid TraceQL query: .* at 2; perhaps { \.foo = 1 } is meant\n$/],
    [{ q: '{ } | rate()' }, /^invalid TraceQL query: expected a search/],
    [{ q: '{ }', tags: 'a=b' }, /can't specify tags and q in the same query/],
    [{ tags: 'a=b a=c' }, /^invalid tags: tag a has been set twice/],
    [{ tags: 'a="b' }, /^invalid tags: expected key=value at pos 1/],
    [{ minDuration: 'long' }, /^invalid minDuration/],
    [{ minDuration: '2s', maxDuration: '1s' }, /must be greater than minDuration/],
    [{ limit: '0' }, /^invalid limit: must be a positive number/],
    [{ limit: 'x' }, /^invalid limit/],
    [{ limit: '262145' }, /^limit 262145 exceeds max limit 262144/],
    [{ spss: '101' }, /^spans per span set exceeds 100. received 101/],
    [{ start: 'noon' }, /^invalid start/],
    [{ start: '2', end: '2' }, /^http parameter start must be before end. received start=2 end=2/],
    [{ start: '2' }, /start=2 end=0/],
  ] as const)('for %j', async (parameters, message) => {
    expect(await refusal(parameters)).toMatch(message);
  });
});
