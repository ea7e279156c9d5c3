import { LimitError } from '@clew/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import { NO_REJECTIONS, decodeBroken } from '../testing/requests.ts';
import { writeZipkinThrift } from '../testing/zipkin-oracle.ts';
import type { ThriftSpan } from '../testing/zipkin-oracle.ts';
import { decodeWith, plain, sanitizedOf } from '../testing/zipkin-requests.ts';
import { decodeZipkinV1Thrift } from './decode-v1-thrift.ts';

const hex = (digits: string): Uint8Array => Buffer.from(digits, 'hex');
const text = (value: string): Uint8Array => Buffer.from(value);

const START = 1_795_000_000_000_000n;
const endpoint = { serviceName: 'order-service', ipv4: 0x0a000001, port: 60_000 };
const TYPE = { bool: 0, bytes: 1, i16: 2, i32: 3, i64: 4, double: 5, string: 6 };

const span = (changes: ThriftSpan = {}): ThriftSpan => ({
  traceId: 0x5b8efff798038103n,
  id: -2n,
  name: 'get',
  timestamp: START,
  duration: 1500n,
  annotations: [
    { timestamp: START, value: 'cs', endpoint },
    { timestamp: START + 1500n, value: 'cr', endpoint },
  ],
  ...changes,
});

const full = span({
  traceIdHigh: -1n,
  parentId: 7n,
  debug: true,
  binaryAnnotations: [
    { key: 'http.path', value: text('/users'), type: TYPE.string, endpoint },
    { key: 'cached', value: hex('01'), type: TYPE.bool, endpoint },
    { key: 'raw', value: hex('01ff'), type: TYPE.bytes, endpoint },
    { key: 'short', value: hex('fffe'), type: TYPE.i16, endpoint },
    { key: 'int', value: hex('fffffffd'), type: TYPE.i32, endpoint },
    { key: 'long', value: hex('7fffffffffffffff'), type: TYPE.i64, endpoint },
    { key: 'double', value: hex('3ff8000000000000'), type: TYPE.double, endpoint },
    { key: 'cut', value: hex('01'), type: TYPE.i64, endpoint },
    { key: 'unknown', value: hex('01'), type: 42, endpoint },
    {
      key: 'sa',
      value: hex('01'),
      type: TYPE.bool,
      endpoint: { serviceName: 'user-service', ipv6: hex('20010db8000000000000000000000001') },
    },
  ],
});

const decode = (...spans: readonly ThriftSpan[]) =>
  decodeWith(decodeZipkinV1Thrift, writeZipkinThrift(spans));

describe('zipkin v1 thrift', () => {
  test('is read as another implementation writes it, with the types of its values', () => {
    const { spans, rejected } = decode(full);
    expect(rejected).toEqual(NO_REJECTIONS);
    expect(spans).toMatchObject([
      {
        traceId: 'ffffffffffffffff5b8efff798038103',
        spanId: 'fffffffffffffffe',
        parentSpanId: '0000000000000007',
        name: 'get',
        kind: 'client',
        startUnixNano: START * 1000n,
        durationNano: 1_500_000n,
      },
    ]);
    expect(plain(spans[0]?.attributes ?? [])).toEqual({
      'http.path': '/users',
      cached: true,
      raw: 'Af8=',
      short: -2n,
      int: -3n,
      long: 2n ** 63n - 1n,
      double: 1.5,
      cut: 'AQ==',
      unknown: 'AQ==',
      'peer.service': 'user-service',
      'net.peer.ip': '2001:db8::1',
      'zipkin.debug': true,
    });
    expect(plain(spans[0]?.resource.attributes ?? [])).toEqual({
      'service.name': 'order-service',
      'net.host.ip': '10.0.0.1',
      'net.host.port': 60_000n,
    });
  });

  test('may have trace ids of 64 bits', () => {
    expect(decode(span()).spans[0]?.traceId).toBe('00000000000000005b8efff798038103');
  });

  test('of nothing is no spans', () => {
    expect(decode()).toMatchObject({ spans: [], rejected: NO_REJECTIONS });
  });

  test('refuses a span without ids alone', () => {
    const { traceId: _, ...nameless } = span();
    const { spans, rejected } = decode(span(), nameless, span({ id: 0n }), span({ traceId: 0n }));
    expect(spans).toHaveLength(1);
    expect(rejected).toEqual({
      count: 3,
      reasons: ['trace id is missing', 'span id is zero', 'trace id is zero'],
    });
  });

  test('says what it left out', () => {
    const host = { ...endpoint, ipv6: hex('0102') };
    const odd = span({ annotations: [{ timestamp: START, value: 'x', endpoint: host }] });
    expect(sanitizedOf(decode(odd).spans[0])).toBe('ip address of 2 bytes: left out');
  });

  test('with negative times is mended', () => {
    const [negative] = decode(span({ timestamp: -5n, duration: -7n, annotations: [] })).spans;
    expect(negative).toMatchObject({ startUnixNano: 0n, durationNano: 0n });
    expect(sanitizedOf(negative)).toContain('timestamp -5 is negative: set to 0');
  });

  test('refuses more spans than are allowed, before it reads them', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 2 };
    const bytes = writeZipkinThrift([span(), span(), span()]);
    expect(() => decodeWith(decodeZipkinV1Thrift, bytes, limits)).toThrow(LimitError);
  });

  test.each([
    ['', 'truncated'],
    ['0b00000001000000016a', 'expected a list of structs, got elements of type 11'],
    ['0c7fffffff00', 'collection of 2147483647 elements in 1 bytes'],
    ['0cffffffff00', 'collection size -1 is negative'],
    ['0c000000010a0001', 'truncated'],
    [`0c00000001${'0c0001'.repeat(100)}`, 'structs and collections inside each other'],
  ])('refuses %s', (digits, message) => {
    expect(() => decodeWith(decodeZipkinV1Thrift, hex(digits))).toThrow(
      new RegExp(`^zipkin v1 thrift: .*${message}`),
    );
  });

  test('cut anywhere, is refused', () => {
    const bytes = writeZipkinThrift([full, span()]);
    for (let length = 0; length < bytes.length; length++) {
      decodeBroken((block) => decodeZipkinV1Thrift(bytes.subarray(0, length), block));
    }
  });

  test('with any bytes damaged, is read or refused', () => {
    const bytes = writeZipkinThrift([full, span()]);
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const { at, to } of changes) damaged[at] = to;
        decodeBroken((block) => decodeZipkinV1Thrift(damaged, block));
      }),
      { numRuns: 2000 },
    );
  });
});
