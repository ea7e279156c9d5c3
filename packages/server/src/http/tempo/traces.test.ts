import { durationNano, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { TRACE_ID, exampleSpan, spanId, traceId } from '../../query/testing/canned-trace-reader.ts';
import { createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { readJson, readProtobuf } from './testing/tempo-proto.ts';

const PROTOBUF = { headers: { accept: 'application/protobuf' } };

const LINKED: Span = exampleSpan({
  spanId: spanId('2'),
  parentSpanId: spanId('1'),
  name: 'charge',
  kind: 'client',
  status: 'error',
  statusMessage: 'declined',
  startUnixNano: unixNano(1_795_000_000_200_000_000n),
  durationNano: durationNano(5n),
  attributes: [
    { key: 'n', value: { type: 'int', value: 2n ** 60n } },
    { key: 'b', value: { type: 'bytes', value: Uint8Array.of(255) } },
  ],
  events: [{ name: 'e', timeUnixNano: unixNano(7n), attributes: [], droppedAttributesCount: 1 }],
  links: [
    {
      traceId: traceId('ff'),
      spanId: spanId('9'),
      traceState: '',
      flags: 1,
      attributes: [],
      droppedAttributesCount: 0,
    },
  ],
});

function appWith(...spans: readonly Span[]): TestApp {
  const given = createTestApp();
  given.reader.spans.push(...spans);
  return given;
}

const ROOT_SPAN = exampleSpan({ spanId: spanId('1') });

/** As protobufjs reads both forms: bytes in base64. */
const SPANS = [
  {
    traceId: Buffer.from(TRACE_ID, 'hex').toString('base64'),
    spanId: 'AAAAAAAAAAE=',
    name: 'create-order',
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: '1795000000123456789',
    endTimeUnixNano: '1795000000124957788',
    flags: 1,
  },
  {
    traceId: Buffer.from(TRACE_ID, 'hex').toString('base64'),
    spanId: 'AAAAAAAAAAI=',
    parentSpanId: 'AAAAAAAAAAE=',
    name: 'charge',
    kind: 'SPAN_KIND_CLIENT',
    startTimeUnixNano: '1795000000200000000',
    endTimeUnixNano: '1795000000200000005',
    attributes: [
      { key: 'n', value: { intValue: '1152921504606846976' } },
      { key: 'b', value: { bytesValue: '/w==' } },
    ],
    events: [{ timeUnixNano: '7', name: 'e', droppedAttributesCount: 1 }],
    links: [{ traceId: 'AAAAAAAAAAAAAAAAAAAA/w==', spanId: 'AAAAAAAAAAk=', flags: 1 }],
    status: { message: 'declined', code: 'STATUS_CODE_ERROR' },
    flags: 1,
  },
];

const RESOURCE_SPANS = [
  {
    resource: {
      attributes: [
        { key: 'service.name', value: { stringValue: 'order-service' } },
        { key: 'host.name', value: { stringValue: 'web-1' } },
      ],
    },
    scopeSpans: [{ scope: { name: 'http', version: '1.2.0' }, spans: SPANS }],
  },
];

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

describe('a trace', () => {
  test('comes as JSON, in batches', async () => {
    const { app } = appWith(ROOT_SPAN, LINKED);
    const response = await app.request(`/tempo/api/traces/${TRACE_ID}`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(readJson('OldTrace', await response.json())).toEqual({ batches: RESOURCE_SPANS });
  });

  test('comes as OTLP in protobuf where that is asked for', async () => {
    const { app } = appWith(ROOT_SPAN, LINKED);
    const response = await app.request(`/tempo/api/traces/${TRACE_ID}`, PROTOBUF);
    expect(response.headers.get('content-type')).toBe('application/protobuf');
    expect(readProtobuf('Trace', await bytesOf(response))).toEqual({
      resourceSpans: RESOURCE_SPANS,
    });
  });

  test('comes from the second version inside a response', async () => {
    const { app } = appWith(ROOT_SPAN, LINKED);
    const answer = { trace: { resourceSpans: RESOURCE_SPANS }, metrics: {} };
    const inJson = await app.request(`/tempo/api/v2/traces/${TRACE_ID}`);
    expect(readJson('TraceByIDResponse', await inJson.json())).toEqual(answer);
    const inProtobuf = await app.request(`/tempo/api/v2/traces/${TRACE_ID}`, PROTOBUF);
    expect(readProtobuf('TraceByIDResponse', await bytesOf(inProtobuf))).toEqual(answer);
  });

  test('that is read in many parts is one', async () => {
    const spans = Array.from({ length: 9 }, (_, i) => exampleSpan({ spanId: spanId(`${i + 1}`) }));
    const { app } = appWith(...spans);
    const names = (answer: unknown): unknown[] => JSON.stringify(answer).match(/"spanId"/g) ?? [];
    for (const path of [`/tempo/api/traces/${TRACE_ID}`, `/tempo/api/v2/traces/${TRACE_ID}`]) {
      expect(names(await (await app.request(path)).json())).toHaveLength(9);
    }
    const inProtobuf = await app.request(`/tempo/api/v2/traces/${TRACE_ID}`, PROTOBUF);
    const read = readProtobuf('TraceByIDResponse', await bytesOf(inProtobuf));
    expect(names(read)).toHaveLength(9);
  });

  test('is found by an id without the zeros in front', async () => {
    const { app } = appWith(exampleSpan({ traceId: traceId('ab') }));
    expect((await app.request('/tempo/api/traces/ab')).status).toBe(200);
  });

  test.each(['/tempo/api/traces/ab', '/tempo/api/v2/traces/ab'])(
    'that is not there is not found: %s',
    async (path) => {
      for (const init of [{}, PROTOBUF]) {
        const response = await createTestApp().app.request(path, init);
        expect(response.status).toBe(404);
        expect(await response.text()).toBe('trace not found\n');
      }
    },
  );

  test.each([
    ['xyz', 'trace IDs can only contain hex characters: "xyz"\n'],
    ['1'.repeat(33), "trace IDs can't be larger than 128 bits\n"],
  ])('is not asked for by the id %s', async (id, message) => {
    const response = await createTestApp().app.request(`/tempo/api/traces/${id}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toBe(message);
  });
});

describe('spans of a trace may be narrowed down', () => {
  const at = (seconds: number) =>
    unixNano(1_795_000_000_000_000_000n + BigInt(seconds) * 1_000_000_000n);
  const family = [
    exampleSpan({ spanId: spanId('1'), startUnixNano: at(1) }),
    exampleSpan({ spanId: spanId('2'), parentSpanId: spanId('1'), startUnixNano: at(2) }),
    exampleSpan({
      spanId: spanId('3'),
      parentSpanId: spanId('2'),
      startUnixNano: at(3),
      name: 'it',
    }),
    exampleSpan({ spanId: spanId('4'), parentSpanId: spanId('3'), startUnixNano: at(4) }),
    exampleSpan({ spanId: spanId('5'), parentSpanId: spanId('4'), startUnixNano: at(5) }),
    exampleSpan({ spanId: spanId('6'), parentSpanId: spanId('1'), startUnixNano: at(6) }),
  ];

  test.each([
    [{}, '3'],
    [{ keep_hierarchy: 'true' }, '123'],
    [{ keep_hierarchy: 'true', ancestor_depth: '1' }, '23'],
    [{ match_depth: '1' }, '34'],
    [{ match_depth: '-1' }, '345'],
    [{ keep_hierarchy: 'true', match_depth: '-1' }, '12345'],
  ])('to those that meet a filter and relatives of them: %j', async (parameters, ids) => {
    const { app } = appWith(...family);
    const query = new URLSearchParams({ q: '{ name = "it" }', ...parameters });
    const response = await app.request(`/tempo/api/v2/traces/${TRACE_ID}?${query}`);
    const found = (await response.text()).matchAll(/"spanId":"([^"]*)"/g);
    const last = [...found].map(([, id = '']) => Buffer.from(id, 'base64').at(-1));
    expect(last.join('')).toBe(ids);
  });

  test.each([
    '{ name = "it" } | count() > 1',
    '{ name = "it" } >> { }',
    '{ rootName = "it" }',
    '{ } | rate()',
    '{ name = }',
  ])('by one filter of single spans, and not by %s', async (q) => {
    const { app } = appWith(...family);
    const response = await app.request(
      `/tempo/api/v2/traces/${TRACE_ID}?${new URLSearchParams({ q })}`,
    );
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/^invalid TraceQL query: /);
  });
});
