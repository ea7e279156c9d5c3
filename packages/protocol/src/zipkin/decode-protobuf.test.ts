import { LimitError } from '@clew/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import { NO_REJECTIONS, decodeBroken } from '../testing/requests.ts';
import { writeZipkinProtobuf } from '../testing/zipkin-oracle.ts';
import type { ProtobufSpan } from '../testing/zipkin-oracle.ts';
import { decodeWith, plain, sanitizedOf } from '../testing/zipkin-requests.ts';
import { decodeZipkinProtobuf } from './decode-protobuf.ts';

const hex = (digits: string): Uint8Array => Buffer.from(digits, 'hex');

const span = (changes: ProtobufSpan = {}): ProtobufSpan => ({
  traceId: hex('5b8efff798038103d269b633813fc60c'),
  id: hex('eee19b7ec3c1b174'),
  name: 'get',
  timestamp: 1_795_000_000_000_000n,
  duration: 1500n,
  localEndpoint: { serviceName: 'order-service' },
  ...changes,
});

const full = span({
  parentId: hex('00f067aa0ba902b7'),
  kind: 1,
  localEndpoint: { serviceName: 'order-service', ipv4: hex('0a000001'), port: 8080 },
  remoteEndpoint: {
    serviceName: 'user-service',
    ipv6: hex('20010db8000000000000000000000001'),
    port: 443,
  },
  annotations: [{ timestamp: 1_795_000_000_000_500n, value: 'retry' }],
  tags: { 'http.path': '/users', error: 'true' },
  debug: true,
  shared: true,
});

const decode = (...spans: readonly ProtobufSpan[]) =>
  decodeWith(decodeZipkinProtobuf, writeZipkinProtobuf(spans));

describe('zipkin v2 protobuf', () => {
  test('is read as another implementation writes it', () => {
    const { spans, rejected } = decode(full);
    expect(rejected).toEqual(NO_REJECTIONS);
    expect(spans).toMatchObject([
      {
        traceId: '5b8efff798038103d269b633813fc60c',
        spanId: 'eee19b7ec3c1b174',
        parentSpanId: '00f067aa0ba902b7',
        name: 'get',
        kind: 'client',
        startUnixNano: 1_795_000_000_000_000_000n,
        durationNano: 1_500_000n,
        status: 'error',
        events: [{ timeUnixNano: 1_795_000_000_000_500_000n, name: 'retry' }],
        resource: { service: 'order-service' },
      },
    ]);
    expect(plain(spans[0]?.attributes ?? [])).toEqual({
      'http.path': '/users',
      'peer.service': 'user-service',
      'net.peer.ip': '2001:db8::1',
      'net.peer.port': 443n,
      'zipkin.debug': true,
      'zipkin.shared': true,
    });
    expect(plain(spans[0]?.resource.attributes ?? [])).toMatchObject({
      'net.host.ip': '10.0.0.1',
      'net.host.port': 8080n,
    });
  });

  test('may have trace ids of 8 bytes', () => {
    const { spans } = decode(span({ traceId: hex('d269b633813fc60c') }));
    expect(spans[0]?.traceId).toBe('0000000000000000d269b633813fc60c');
  });

  test('of nothing is no spans', () => {
    expect(decode()).toMatchObject({ spans: [], rejected: NO_REJECTIONS });
  });

  test.each<[string, ProtobufSpan]>([
    ['trace id is missing', { traceId: hex('') }],
    ['trace id has 2 bytes instead of 8 or 16: "0102"', { traceId: hex('0102') }],
    ['trace id is zero', { traceId: new Uint8Array(16) }],
    ['span id has 3 bytes instead of 8: "010203"', { id: hex('010203') }],
    ['span id is zero', { id: new Uint8Array(8) }],
    ['parent span id has 1 bytes instead of 0 or 8: "01"', { parentId: hex('01') }],
  ])('refuses a span alone: %s', (reason, changes) => {
    const { spans, rejected } = decode(span(), span(changes), span());
    expect(spans).toHaveLength(2);
    expect(rejected).toEqual({ count: 1, reasons: [reason] });
  });

  test.each<[string, ProtobufSpan]>([
    ['kind is not known: left out', { kind: 9 }],
    ['no duration: set to 0', { duration: 0n }],
    ['no timestamp: start set to 0', { timestamp: 0n }],
    ['ip address of 2 bytes: left out', { remoteEndpoint: { ipv4: hex('0102') } }],
    ['port -1 does not exist: left out', { remoteEndpoint: { port: -1 } }],
    ['timestamp is past the year 2554', { timestamp: 2n ** 64n - 1n }],
  ])('mends a span and says so: %s', (note, changes) => {
    expect(sanitizedOf(decode(span(changes)).spans[0])).toContain(note);
  });

  test.each([
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000100010001000100010001', '2001:db8:1:1:1:1:1:1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['fe800000000000000000000000000000', 'fe80::'],
  ])('writes the address %s as %s', (digits, text) => {
    const { spans } = decode(span({ remoteEndpoint: { ipv6: hex(digits) } }));
    expect(plain(spans[0]?.attributes ?? [])).toEqual({ 'net.peer.ip': text });
  });

  test('keeps a span whose name is not UTF-8', () => {
    expect(decode(span({ name: Uint8Array.of(0x61, 0xff, 0x62) })).spans).toHaveLength(1);
  });

  test('refuses more spans than are allowed', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 2 };
    const bytes = writeZipkinProtobuf([span(), span(), span()]);
    expect(() => decodeWith(decodeZipkinProtobuf, bytes, limits)).toThrow(LimitError);
  });

  test('says where it is damaged', () => {
    const bytes = writeZipkinProtobuf([span(), span()]);
    expect(() => decodeWith(decodeZipkinProtobuf, bytes.subarray(0, -3))).toThrow(
      /^zipkin v2 protobuf: length runs past the end by 3 bytes in spans\[1\] at byte \d+$/,
    );
  });

  test('cut anywhere, is read as far as it goes or refused', () => {
    const bytes = writeZipkinProtobuf([full, span()]);
    for (let length = 0; length < bytes.length; length++) {
      decodeBroken((block) => decodeZipkinProtobuf(bytes.subarray(0, length), block));
    }
  });

  test('with any bytes damaged, is read or refused', () => {
    const bytes = writeZipkinProtobuf([full, span()]);
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const { at, to } of changes) damaged[at] = to;
        decodeBroken((block) => decodeZipkinProtobuf(damaged, block));
      }),
      { numRuns: 2000 },
    );
  });
});
