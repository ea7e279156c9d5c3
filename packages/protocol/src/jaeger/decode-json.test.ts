import { DecodeError, LimitError } from '@clew/model';
import type { Span } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import { decodeJaegerJson } from './decode-json.ts';

type Json = Record<string, unknown>;

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function spanJson(changes: Json = {}): Json {
  return {
    traceID: 'd269b633813fc60c',
    spanID: 'eee19b7ec3c1b174',
    operationName: 'get-user',
    references: [],
    startTime: 1_700_000_000_123_456,
    duration: 5000,
    tags: [],
    logs: [],
    processID: 'p1',
    warnings: null,
    ...changes,
  };
}

function fileJson(...spans: readonly Json[]): Json {
  return {
    data: [
      {
        traceID: 'd269b633813fc60c',
        spans,
        processes: {
          p1: {
            serviceName: 'user-service',
            tags: [{ key: 'hostname', type: 'string', value: 'a' }],
          },
        },
        warnings: null,
      },
    ],
    total: 0,
    limit: 0,
    offset: 0,
    errors: null,
  };
}

function decodeSpan(changes: Json): Span | undefined {
  return decodeJaegerJson(encode(fileJson(spanJson(changes))))[0];
}

describe('Jaeger’s JSON', () => {
  test('is read as spans of the model', () => {
    const spans = decodeJaegerJson(
      encode(
        fileJson(
          spanJson({ flags: 1, tags: [{ key: 'span.kind', type: 'string', value: 'server' }] }),
          spanJson({
            spanID: '2',
            references: [
              { refType: 'CHILD_OF', traceID: 'd269b633813fc60c', spanID: 'eee19b7ec3c1b174' },
              { refType: 'FOLLOWS_FROM', traceID: '7', spanID: '8' },
            ],
            logs: [
              {
                timestamp: 1_700_000_000_123_457,
                fields: [{ key: 'event', type: 'string', value: 'found' }],
              },
            ],
          }),
        ),
      ),
    );
    expect(spans).toMatchObject([
      {
        traceId: '0000000000000000d269b633813fc60c',
        spanId: 'eee19b7ec3c1b174',
        parentSpanId: undefined,
        kind: 'server',
        flags: 1,
        startUnixNano: 1_700_000_000_123_456_000n,
        durationNano: 5_000_000n,
        resource: {
          service: 'user-service',
          attributes: [
            { key: 'service.name', value: { type: 'string', value: 'user-service' } },
            { key: 'host.name', value: { type: 'string', value: 'a' } },
          ],
        },
      },
      {
        spanId: '0000000000000002',
        parentSpanId: 'eee19b7ec3c1b174',
        links: [{ traceId: '00000000000000000000000000000007', spanId: '0000000000000008' }],
        events: [{ name: 'found', timeUnixNano: 1_700_000_000_123_457_000n, attributes: [] }],
      },
    ]);
    expect(spans[1]?.resource).toBe(spans[0]?.resource);
  });

  test.each<[string, unknown, unknown]>([
    ['string', 'a', { type: 'string', value: 'a' }],
    ['string', { a: 1 }, { type: 'string', value: '{"a":1}' }],
    ['bool', true, { type: 'bool', value: true }],
    ['bool', 'false', { type: 'bool', value: false }],
    ['int64', 7, { type: 'int', value: 7n }],
    ['int64', '9223372036854775807', { type: 'int', value: 9223372036854775807n }],
    ['int64', '9223372036854775808', { type: 'string', value: '9223372036854775808' }],
    ['float64', 7, { type: 'double', value: 7 }],
    ['float64', 'NaN', { type: 'double', value: Number.NaN }],
    ['float64', '+Inf', { type: 'double', value: Number.POSITIVE_INFINITY }],
    ['binary', 'AP8=', { type: 'bytes', value: Uint8Array.of(0, 255) }],
    ['binary', '%', { type: 'string', value: '%' }],
    [undefined as unknown as string, 1.5, { type: 'double', value: 1.5 }],
    ['other', null, { type: 'empty' }],
  ])('reads a tag of type %s with the value %j', (type, value, expected) => {
    const span = decodeSpan({ tags: [{ key: 'k', type, value }] });
    expect(span?.attributes).toEqual([{ key: 'k', value: expected }]);
  });

  test('is read when it is one trace alone, with processes inside the spans', () => {
    const span = spanJson({ process: { serviceName: 'inner', tags: [] }, parentSpanID: '5' });
    const spans = decodeJaegerJson(encode({ traceID: 'd269b633813fc60c', spans: [span] }));
    expect(spans).toMatchObject([
      { parentSpanId: '0000000000000005', resource: { service: 'inner' } },
    ]);
  });

  test('keeps a fraction of a microsecond', () => {
    expect(decodeSpan({ startTime: 1000.25 })?.startUnixNano).toBe(1_000_250n);
  });

  test.each<[string, unknown, string]>([
    ['neither a trace nor an answer', { resourceSpans: [] }, 'neither "data" nor "spans"'],
    ['an id that is no id', fileJson(spanJson({ spanID: 'xyz' })), 'data[0].spans[0].spanID'],
    ['an id that is too long', fileJson(spanJson({ traceID: 'a'.repeat(33) })), 'spans[0].traceID'],
    ['spans that are no list', { data: [{ spans: {} }] }, 'expected a list, got an object'],
    ['a time that is none', fileJson(spanJson({ startTime: 'now' })), 'spans[0].startTime'],
    ['a tag that is none', fileJson(spanJson({ tags: ['a'] })), 'data[0].spans[0].tags[0]'],
    ['a list', [], 'expected an object, got a list'],
  ])('with %s is refused, with the place', (_, json, message) => {
    expect(() => decodeJaegerJson(encode(json))).toThrow(DecodeError);
    expect(() => decodeJaegerJson(encode(json))).toThrow(message);
  });

  test('cut anywhere is refused', () => {
    const bytes = encode(fileJson(spanJson()));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeJaegerJson(bytes.subarray(0, length))).toThrow(DecodeError);
    }
  });

  test('with too many spans is refused', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 1 };
    const bytes = encode(fileJson(spanJson(), spanJson()));
    expect(() => decodeJaegerJson(bytes, limits)).toThrow(LimitError);
  });
});
