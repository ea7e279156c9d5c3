import { DecodeError, LimitError, SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import { readSpans } from '../otlp/to-model.ts';
import { writePostSpans } from '../testing/jaeger-oracle.ts';
import { decodeBroken } from '../testing/requests.ts';
import { decodeJaegerPostSpans } from './decode-protobuf.ts';

type Message = Record<string, unknown>;

const TRACE_ID = Buffer.from('5b8efff798038103d269b633813fc60c', 'hex');

function spanMessage(changes: Message = {}): Message {
  return {
    traceId: TRACE_ID,
    spanId: Buffer.from('eee19b7ec3c1b174', 'hex'),
    operationName: 'get-user',
    startTime: { seconds: '1700000000', nanos: 5 },
    duration: { seconds: '1', nanos: 7 },
    ...changes,
  };
}

function decode(spans: readonly Message[], process: Message = { serviceName: 'user-service' }) {
  const block = new SpanBlock('default');
  const rejected = decodeJaegerPostSpans(writePostSpans({ batch: { spans, process } }), block);
  return { spans: readSpans(block), rejected };
}

function decodeSpan(changes: Message): Span | undefined {
  return decode([spanMessage(changes)]).spans[0];
}

describe('a PostSpans request', () => {
  test('keeps nanoseconds', () => {
    expect(decodeSpan({})).toMatchObject({
      startUnixNano: 1_700_000_000_000_000_005n,
      durationNano: 1_000_000_007n,
    });
  });

  test('reads ids of 64 bits', () => {
    expect(decodeSpan({ traceId: TRACE_ID.subarray(8) })?.traceId).toBe(
      '0000000000000000d269b633813fc60c',
    );
  });

  test.each([
    ['trace id of 15 bytes', { traceId: Buffer.alloc(15, 1) }],
    ['trace id of zeros', { traceId: Buffer.alloc(16) }],
    ['no span id', { spanId: Buffer.alloc(0) }],
    ['span id of 9 bytes', { spanId: Buffer.alloc(9, 1) }],
  ])('refuses a span with %s and keeps the others', (_, changes) => {
    const { spans, rejected } = decode([spanMessage(), spanMessage(changes)]);
    expect(spans).toHaveLength(1);
    expect(rejected.count).toBe(1);
  });

  test('shares the resource of equal processes', () => {
    const process = { serviceName: 'order-service', tags: [{ key: 'zone', vStr: 'a' }] };
    const { spans } = decode([
      spanMessage({ process }),
      spanMessage({ process: structuredClone(process) }),
      spanMessage(),
    ]);
    const services = spans.map((span) => span.resource.service).sort();
    expect(services).toEqual(['order-service', 'order-service', 'user-service']);
    expect(new Set(spans.map((span) => span.resource)).size).toBe(2);
  });

  test('takes the process of a batch that comes after its spans', () => {
    const { spans } = decode([spanMessage()]);
    expect(spans[0]?.resource.service).toBe('user-service');
  });

  test('passes over warnings, process ids and fields that are not known', () => {
    expect(decodeSpan({ warnings: ['clock skew'], processId: 'p1' })?.name).toBe('get-user');
    const bytes = Buffer.concat([
      writePostSpans({ batch: { spans: [spanMessage()] } }),
      Buffer.from([0x9a, 0x06, 0x01, 0x41]),
    ]);
    const block = new SpanBlock('default');
    decodeJaegerPostSpans(bytes, block);
    expect(block.spanCount).toBe(1);
  });

  test('tells what is not UTF-8', () => {
    // protobufjs writes no such text, so a good one is damaged afterwards.
    const bytes = Buffer.from(writePostSpans({ batch: { spans: [spanMessage()] } }));
    bytes[bytes.indexOf('get-user') + 3] = 0xff;
    const block = new SpanBlock('default');
    decodeJaegerPostSpans(bytes, block);
    expect(readSpans(block)[0]).toMatchObject({
      name: 'get\ufffduser',
      attributes: expect.arrayContaining([
        {
          key: 'clew.sanitized',
          value: { type: 'string', value: 'span name is not UTF-8: replaced what is none' },
        },
      ]),
    });
  });

  test('drops logs that say nothing, and counts them', () => {
    const logs = [{}, { timestamp: { seconds: '1700000000' } }];
    expect(decodeSpan({ logs })).toMatchObject({
      events: [{ timeUnixNano: 1_700_000_000_000_000_000n }],
      droppedEventsCount: 1,
    });
  });

  test('drops and counts more tags than a span may have', () => {
    const tags = Array.from({ length: 5000 }, (_, i) => ({ key: `k${i}`, vStr: 'v' }));
    const span = decodeSpan({ tags });
    expect(span?.attributes).toHaveLength(DEFAULT_DECODE_LIMITS.maxAttributes);
    expect(span?.droppedAttributesCount).toBe(5000 - DEFAULT_DECODE_LIMITS.maxAttributes);
  });

  test('drops and counts more logs and references than a span may have', () => {
    const timestamp = { seconds: '1700000000' };
    const spanId = Buffer.alloc(8, 1);
    const reference = { traceId: Buffer.alloc(16, 1), spanId, refType: 'FOLLOWS_FROM' };
    const bytes = writePostSpans({
      batch: {
        spans: [
          spanMessage({
            logs: [{ timestamp }, { timestamp }, { timestamp }],
            references: [reference, reference],
          }),
        ],
      },
    });
    const limits = { ...DEFAULT_DECODE_LIMITS, maxEvents: 2, maxLinks: 1 };
    const block = new SpanBlock('default');
    decodeJaegerPostSpans(bytes, block, limits);
    expect(readSpans(block)[0]).toMatchObject({
      events: [{}, {}],
      droppedEventsCount: 1,
      links: [{}],
      droppedLinksCount: 1,
    });
  });

  test('refuses more spans than a request may have', () => {
    const bytes = writePostSpans({ batch: { spans: [spanMessage(), spanMessage()] } });
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 1 };
    expect(() => decodeJaegerPostSpans(bytes, new SpanBlock('default'), limits)).toThrow(
      LimitError,
    );
  });

  test('names the span whose bytes are wrong', () => {
    const bytes = Buffer.from(writePostSpans({ batch: { spans: [spanMessage(), spanMessage()] } }));
    // The length of the second trace id.
    bytes[bytes.lastIndexOf(TRACE_ID) - 1] = 0x7f;
    expect(() => decodeJaegerPostSpans(bytes, new SpanBlock('default'))).toThrow(
      expect.objectContaining({ format: 'jaeger protobuf', path: 'batch.spans[1]' }),
    );
  });

  test('reads any bytes or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeBroken((block) => decodeJaegerPostSpans(bytes, block));
      }),
      { numRuns: 3000 },
    );
    expect(() => decodeJaegerPostSpans(Uint8Array.of(0x0a, 9), new SpanBlock('default'))).toThrow(
      DecodeError,
    );
  });
});
