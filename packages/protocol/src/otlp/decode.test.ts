import { DecodeError, LimitError, SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { writeOtlp } from '../testing/otlp-oracle.ts';
import {
  NO_REJECTIONS,
  decode,
  decodeBroken,
  encodeRequest,
  spanMessage,
} from '../testing/requests.ts';
import type { Message } from '../testing/requests.ts';
import { WireWriter } from '../wire/writer.ts';
import { decodeTracesProtobuf } from './decode.ts';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';

const text = (value: string): Message => ({ stringValue: value });

/** A length-delimited field of fewer than 128 bytes. */
function field(tag: number, ...content: (readonly number[] | Uint8Array)[]): number[] {
  const bytes = content.flatMap((part) => Array.from(part));
  return [tag, bytes.length, ...bytes];
}

/** Messages in each other, given their tags from the inside out. */
function wrap(tags: readonly number[], content: Uint8Array): Uint8Array {
  let bytes = content;
  for (const tag of tags) bytes = protobuf.Writer.create().uint32(tag).bytes(bytes).finish();
  return bytes;
}

const TRACE_ID = field(0x0a, Array(16).fill(1));
const SPAN_ID = field(0x12, Array(8).fill(2));

/** A request with one span, given the bytes of its message. */
function requestOf(...span: (readonly number[] | Uint8Array)[]): Uint8Array {
  return wrap([0x12, 0x12, 0x0a], Uint8Array.from(span.flatMap((part) => Array.from(part))));
}

/** Decodes one good span with changes. */
function decodeSpan(changes: Message) {
  const { spans, rejected } = decode(encodeRequest([spanMessage(changes)]));
  expect(rejected).toEqual(NO_REJECTIONS);
  return spans[0];
}

function catchError(bytes: Uint8Array): unknown {
  try {
    decode(bytes);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('decodeTracesProtobuf', () => {
  test('decodes an empty request into nothing', () => {
    expect(decode(new Uint8Array(0))).toMatchObject({ spans: [], rejected: NO_REJECTIONS });
  });

  test('reads a request that lies in the middle of a larger buffer', () => {
    const request = encodeRequest([spanMessage()]);
    const buffer = Buffer.concat([Buffer.from('before'), request, Buffer.from('after')]);
    expect(decode(buffer.subarray(6, 6 + request.length)).spans).toEqual(decode(request).spans);
  });

  test('decodes several requests into one block and keeps each resource and scope once', () => {
    const block = new SpanBlock('default');
    const resource = { attributes: [{ key: 'service.name', value: text('shop') }] };
    decodeTracesProtobuf(encodeRequest([spanMessage()], resource), block);
    decodeTracesProtobuf(encodeRequest([spanMessage()], resource), block);
    decodeTracesProtobuf(encodeRequest([spanMessage()]), block);
    expect(block.spanCount).toBe(3);
    expect(block.resources.count).toBe(2);
    expect(block.scopes.count).toBe(1);
    expect([0, 1, 2].map((row) => block.service.text(row))).toEqual([
      'shop',
      'shop',
      'missing-service-name',
    ]);
  });

  test('tells resources apart by their schema url', () => {
    const resourceSpans = ['', 'https://opentelemetry.io/schemas/1.37.0'].map((schemaUrl) => ({
      schemaUrl,
      scopeSpans: [{ spans: [spanMessage()] }],
    }));
    const { block, spans } = decode(writeOtlp('ExportTraceServiceRequest', { resourceSpans }));
    expect(block.resources.count).toBe(2);
    expect(spans.map(({ resource }) => resource.schemaUrl)).toEqual([
      '',
      'https://opentelemetry.io/schemas/1.37.0',
    ]);
  });

  test('finds the resource and the scope wherever they stand among the spans', () => {
    const attribute = field(
      0x0a,
      field(0x0a, Buffer.from('service.name')),
      field(0x12, field(0x0a, Buffer.from('shop'))),
    );
    const span = field(0x12, TRACE_ID, SPAN_ID);
    const scope = field(0x0a, field(0x0a, Buffer.from('pg')));
    const bytes = field(0x0a, field(0x12, span, scope), field(0x0a, attribute));
    const [decoded] = decode(Uint8Array.from(bytes)).spans;
    expect(decoded?.resource.service).toBe('shop');
    expect(decoded?.scope.name).toBe('pg');
  });

  test('merges a resource that comes in two parts', () => {
    const part = (key: string) => field(0x0a, field(0x0a, field(0x0a, Buffer.from(key))));
    const spans = field(0x12, field(0x12, TRACE_ID, SPAN_ID));
    const bytes = field(0x0a, part('a'), spans, part('b'));
    const [decoded] = decode(Uint8Array.from(bytes)).spans;
    expect(decoded?.resource.attributes.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('gives spans without a resource and a scope empty ones', () => {
    const [span] = decode(requestOf(TRACE_ID, SPAN_ID)).spans;
    expect(span?.resource).toEqual({
      service: 'missing-service-name',
      attributes: [],
      droppedAttributesCount: 0,
      schemaUrl: '',
    });
    expect(span?.scope.name).toBe('');
  });

  test('ignores fields it does not know', () => {
    const unknown = [0xa8, 0x01, 0x05, 0xb2, 0x01, 0x02, 0x61, 0x62, 0xbd, 0x01, 1, 2, 3, 4];
    const { spans, rejected } = decode(requestOf(unknown, TRACE_ID, unknown, SPAN_ID, unknown));
    expect(spans).toHaveLength(1);
    expect(rejected).toEqual(NO_REJECTIONS);
  });

  test('takes the last of a field that comes twice', () => {
    const name = (value: string) => field(0x2a, Buffer.from(value));
    const [span] = decode(requestOf(name('first'), TRACE_ID, SPAN_ID, name('last'))).spans;
    expect(span?.name).toBe('last');
  });

  test('counts how many spans a sampled one stands for', () => {
    const traceStates = ['ot=th:8', 'ot=th:8', '', 'congo=1', 'ot=th:c'];
    const { block } = decode(
      encodeRequest(traceStates.map((traceState) => spanMessage({ traceState }))),
    );
    expect([...block.weights.values]).toEqual([2, 2, 1, 1, 4]);
  });
});

describe('names that are not there', () => {
  test.each([
    ['missing', [], 'missing-service-name'],
    ['empty', [{ key: 'service.name', value: text('') }], 'empty-service-name'],
    ['a number', [{ key: 'service.name', value: { intValue: 7 } }], 'service-name-wrong-type'],
    ['without a value', [{ key: 'service.name' }], 'service-name-wrong-type'],
    [
      'given twice',
      [
        { key: 'service.name', value: text('first') },
        { key: 'service.name', value: text('last') },
      ],
      'last',
    ],
  ])('a service name that is %s', (_, attributes, service) => {
    const { spans, block } = decode(encodeRequest([spanMessage()], { attributes }));
    expect(spans[0]?.resource.service).toBe(service);
    expect(block.service.text(0)).toBe(service);
  });

  test('a span without a name is called so', () => {
    expect(decodeSpan({ name: '' })?.name).toBe('empty-span-name');
  });
});

describe('spans that are refused', () => {
  const good = spanMessage({ name: 'good' });

  test.each([
    ['no trace id', { traceId: [] }, 'trace id has 0 bytes instead of 16: ""'],
    ['a short trace id', { traceId: [0xab, 1] }, 'trace id has 2 bytes instead of 16: "ab01"'],
    ['a zero trace id', { traceId: Array(16).fill(0) }, 'trace id is zero: span "get-user"'],
    ['no span id', { spanId: [] }, 'span id has 0 bytes instead of 8: ""'],
    ['a zero span id', { spanId: Array(8).fill(0) }, 'span id is zero: span "get-user"'],
    [
      'a long parent id',
      { parentSpanId: Array(9).fill(7) },
      'parent span id has 9 bytes instead of 8: "070707070707070707"',
    ],
  ])('a span with %s, and it alone', (_, changes, reason) => {
    const bad = spanMessage({
      ...changes,
      attributes: [{ key: 'of.the.bad', value: text('one') }],
      events: [{ name: 'gone' }],
      links: [{ flags: 1 }],
    });
    const attributes = [{ key: 'of.the.good', value: text('one') }];
    const { spans, rejected } = decode(encodeRequest([good, bad, { ...good, attributes }]));
    expect(rejected.count).toBe(1);
    expect(rejected.reasons).toEqual([reason]);
    expect(spans.map(({ name }) => name)).toEqual(['good', 'good']);
    expect(spans[1]?.attributes.map(({ key }) => key)).toEqual(['of.the.good']);
    expect(spans[1]?.events).toEqual([]);
    expect(spans[1]?.links).toEqual([]);
  });

  test('are counted all, with at most 10 distinct reasons', () => {
    const bad = Array.from({ length: 30 }, (_, i) =>
      spanMessage({ traceId: Array(i % 15).fill(1) }),
    );
    const { rejected } = decode(encodeRequest(bad));
    expect(rejected.count).toBe(30);
    expect(rejected.reasons).toHaveLength(10);
    expect(new Set(rejected.reasons).size).toBe(10);
  });

  test('do not include one with a zero parent, which is a root', () => {
    expect(decodeSpan({ parentSpanId: Array(8).fill(0) })?.parentSpanId).toBeUndefined();
  });
});

describe('spans that are put right', () => {
  const noteOf = (changes: Message) => {
    const span = decodeSpan(changes);
    return { durationNano: span?.durationNano, note: span?.attributes.at(-1) };
  };

  test('a span that ends before it starts lasts 0 and says so', () => {
    expect(noteOf({ startTimeUnixNano: '5000000000', endTimeUnixNano: '4999999999' })).toEqual({
      durationNano: 0n,
      note: {
        key: 'clew.sanitized',
        value: {
          type: 'string',
          value: 'end time 4999999999 is before the start: duration set to 0',
        },
      },
    });
  });

  test('a span without an end lasts 0 and says so', () => {
    expect(noteOf({ endTimeUnixNano: '0' })).toEqual({
      durationNano: 0n,
      note: {
        key: 'clew.sanitized',
        value: { type: 'string', value: 'no end time: duration set to 0' },
      },
    });
  });

  test('a span that ends when it starts is right as it is', () => {
    const time = '1700000000000000000';
    expect(noteOf({ startTimeUnixNano: time, endTimeUnixNano: time })).toEqual({
      durationNano: 0n,
      note: undefined,
    });
  });

  test.each([
    ['1970', 1n],
    ['2500', 16_725_225_600_000_000_000n],
    ['the end of time', 2n ** 64n - 1n],
  ])('a start in %s is kept', (_, start) => {
    const times = { startTimeUnixNano: String(start), endTimeUnixNano: String(2n ** 64n - 1n) };
    const span = decodeSpan(times);
    expect(span?.startUnixNano).toBe(start);
    expect(span?.durationNano).toBe(2n ** 64n - 1n - start);
    expect(span?.attributes).toEqual([]);
  });

  test('durations are exact over the whole range', () => {
    const time = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        const span = decodeSpan({ startTimeUnixNano: `${start}`, endTimeUnixNano: `${end}` });
        expect(span?.durationNano).toBe(end - start);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['one past the last', 6, 'unspecified', 'unknown kind 6: set to unspecified'],
    ['negative', -1, 'unspecified', 'unknown kind -1: set to unspecified'],
    ['the last', 5, 'consumer', undefined],
  ])('a kind that is %s', (_, kind, expected, change) => {
    const span = decodeSpan({ kind });
    expect(span?.kind).toBe(expected);
    expect(sanitizedOf(span)).toBe(change);
  });

  test('an unknown status is unset and its message kept', () => {
    const span = decodeSpan({ status: { code: 3, message: 'teapot' } });
    expect(span?.status).toBe('unset');
    expect(span?.statusMessage).toBe('teapot');
    expect(sanitizedOf(span)).toBe('unknown status 3: set to unset');
  });

  test('a link without valid ids is left out and counted, the others are kept', () => {
    const link = { traceId: Array(16).fill(3), spanId: Array(8).fill(4) };
    const links = [{ ...link, traceId: [1] }, link, { ...link, spanId: Array(8).fill(0) }];
    const span = decodeSpan({ links });
    expect(span?.links).toHaveLength(1);
    expect(span?.droppedLinksCount).toBe(2);
    expect(sanitizedOf(span)).toBe('a link without valid ids: left out');
  });
});

function sanitizedOf(span: Span | undefined): string | undefined {
  const found = span?.attributes.find(({ key }) => key === 'clew.sanitized')?.value;
  return found?.type === 'string' ? found.value : undefined;
}

describe('limits', () => {
  const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 3, maxAttributes: 2, maxNameBytes: 8 };
  const keys = (...names: string[]) => names.map((key) => ({ key, value: text(key) }));

  test('one span too many refuses the request', () => {
    const spans = Array.from({ length: 3 }, () => spanMessage());
    expect(decode(encodeRequest(spans), limits).spans).toHaveLength(3);
    const error = new LimitError('more than 3 spans in a request', { limit: 3, actual: 4 });
    expect(() => decode(encodeRequest([...spans, spanMessage()]), limits)).toThrow(error);
  });

  test('refused spans count', () => {
    const bad = Array.from({ length: 4 }, () => spanMessage({ traceId: [] }));
    expect(() => decode(encodeRequest(bad), limits)).toThrow(LimitError);
  });

  test('more resources or scopes than spans may be refuse the request', () => {
    const resourceSpans = (length: number) =>
      Array.from({ length }, (_, i) => ({
        resource: { droppedAttributesCount: i },
        scopeSpans: [{}],
      }));
    const scopeSpans = (length: number) =>
      Array.from({ length }, (_, i) => ({
        scope: { name: String(i) },
        spans: [spanMessage({ spanId: [] })],
      }));
    const request = (resources: Message[]) =>
      writeOtlp('ExportTraceServiceRequest', { resourceSpans: resources });
    expect(decode(request(resourceSpans(3)), limits).spans).toEqual([]);
    expect(() => decode(request(resourceSpans(4)), limits)).toThrow('more than 3 resources');
    expect(() =>
      decode(request([{ scopeSpans: scopeSpans(4) }]), { ...limits, maxSpans: 3 }),
    ).toThrow('more than 3');
  });

  test('attributes over the limit and under keys that are too long are left out and counted', () => {
    const attributes = keys('much.too.long', 'a', 'b', 'c');
    const drop = { attributes, droppedAttributesCount: 5 };
    const [span] = decode(
      writeOtlp('ExportTraceServiceRequest', {
        resourceSpans: [
          { resource: drop, scopeSpans: [{ scope: drop, spans: [spanMessage(drop)] }] },
        ],
      }),
      limits,
    ).spans;
    for (const owner of [span, span?.resource, span?.scope]) {
      expect(owner?.attributes.map(({ key }) => key)).toEqual(['a', 'b']);
      expect(owner?.droppedAttributesCount).toBe(7);
    }
  });

  test.each([
    ['arrays', (value: Uint8Array) => wrap([0x0a, 0x2a], value)],
    ['maps', (value: Uint8Array) => wrap([0x12, 0x0a, 0x32], value)],
  ])('values may be nested in 32 %s; a value in more is left out and counted', (_, nest) => {
    let value: Uint8Array = Uint8Array.from(field(0x0a, Buffer.from('core')));
    for (let i = 0; i < 32; i++) value = nest(value);
    const deeper = nest(value);
    const asAttribute = (message: Uint8Array) => wrap([0x12, 0x4a], message);
    const asEvent = (message: Uint8Array) => wrap([0x12, 0x1a, 0x5a], message);
    const [kept] = decode(requestOf(TRACE_ID, SPAN_ID, asAttribute(value), asEvent(value))).spans;
    expect(kept).toMatchObject({ attributes: [{}, {}], droppedAttributesCount: 0 });
    expect(kept?.events[0]).toMatchObject({ attributes: [{}], droppedAttributesCount: 0 });
    const [cut] = decode(requestOf(TRACE_ID, SPAN_ID, asAttribute(deeper), asEvent(deeper))).spans;
    expect(cut?.attributes.map(({ key }) => key)).toEqual(['clew.sanitized']);
    expect(cut?.droppedAttributesCount).toBe(1);
    expect(cut?.events[0]).toMatchObject({ attributes: [], droppedAttributesCount: 1 });
  });

  test('a value nested in a hundred thousand others is refused like any other', () => {
    const writer = new WireWriter();
    const starts: number[] = [];
    for (const tag of [0x0a, 0x12, 0x12, 0x4a, 0x12]) {
      writer.writeVarint(tag);
      starts.push(writer.begin());
    }
    // Lengths that promise more than there is are refused as well: what counts is that nothing else happens.
    for (let i = 0; i < 100_000; i++)
      for (const byte of [0x2a, 0x7f, 0x0a, 0x7d]) writer.writeVarint(byte);
    for (const start of starts.toReversed()) writer.end(start);
    expect(catchError(Uint8Array.from(writer.bytes))).toBeInstanceOf(DecodeError);
  });
});

describe('malformed requests', () => {
  const format = 'otlp protobuf';

  test('say which span is broken and at which byte', () => {
    const good = field(0x12, TRACE_ID, SPAN_ID);
    const bad = field(0x12, TRACE_ID, [0x12, 0x70, 1]);
    const bytes = field(0x0a, field(0x12, good, bad));
    expect(catchError(Uint8Array.from(bytes))).toMatchObject({
      format,
      path: 'resourceSpans[0].scopeSpans[0].spans[1]',
      offset: bytes.length - 2,
    });
  });

  test.each([
    ['the request', [0x08, 1], ''],
    [
      'the resource',
      field(0x0a, field(0x0a, [0x0a, 9]), field(0x12, field(0x12))),
      'resourceSpans[0]',
    ],
    [
      'the scope',
      field(0x0a, field(0x12, field(0x0a, [0x0a, 9]), field(0x12))),
      'resourceSpans[0].scopeSpans[0]',
    ],
  ])('say that %s is broken', (_, bytes, path) => {
    expect(catchError(Uint8Array.from(bytes))).toMatchObject({ format, path });
  });

  test('are refused where a value is broken that another follows', () => {
    const twice = [...field(0x0a, [0x61]), ...field(0x12, [0x0c]), ...field(0x12, [0x18, 1])];
    for (const bytes of [field(0x4a, twice), field(0x5a, field(0x1a, twice))]) {
      expect(catchError(requestOf(TRACE_ID, SPAN_ID, bytes))).toBeInstanceOf(DecodeError);
    }
  });

  test('are not what has its parts in another order', () => {
    const key = 'k'.repeat(200);
    const keyField = wrap([0x0a], Buffer.from(key));
    const attribute = wrap([0x4a], Uint8Array.of(...field(0x12, [0x18, 5]), ...keyField));
    const [span] = decode(requestOf(TRACE_ID, SPAN_ID, attribute)).spans;
    expect(span?.attributes.at(-1)).toEqual({ key, value: { type: 'int', value: 5n } });
  });

  test.each([
    ['a trace id as a number', [0x08, 1]],
    ['a kind as text', [0x32, 1, 0x61]],
    ['a start as a varint', [0x38, 1]],
    ['flags as a varint', [0x80, 0x01, 1]],
    ['a group that ends', [0x0c]],
    ['an attribute cut short', field(0x4a, [0x0a, 5, 0x61])],
    ['an attribute whose value is a number', field(0x4a, [0x10, 1])],
    ['an integer as 8 bytes', field(0x4a, field(0x12, [0x19, 1, 2, 3, 4, 5, 6, 7, 8]))],
    ['an array of numbers', field(0x4a, field(0x12, field(0x2a, [0x08, 1])))],
    [
      'an array with a broken text inside',
      field(0x4a, field(0x12, field(0x2a, field(0x0a, [0x0a, 9])))),
    ],
    ['a map of numbers', field(0x4a, field(0x12, field(0x32, [0x08, 1])))],
    ['an event with a time as text', field(0x5a, [0x0a, 1, 0x61])],
    ['an event with a broken attribute', field(0x5a, field(0x1a, [0x0a, 9]))],
    ['a link with an id as a number', field(0x6a, [0x08, 1])],
    ['a link with a broken attribute', field(0x6a, field(0x22, field(0x12, [0x0a, 9])))],
    ['a status that is a number', [0x78, 2]],
    ['a status with its code as text', field(0x7a, [0x1a, 1, 0x61])],
    ['a number that is too long', [0x30, ...Array<number>(10).fill(0xff), 1]],
  ])('are refused for %s', (_, bytes) => {
    expect(catchError(requestOf(TRACE_ID, SPAN_ID, bytes))).toBeInstanceOf(DecodeError);
  });

  test('of random bytes are refused or read, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeBroken((block) => decodeTracesProtobuf(bytes, block));
        decodeBroken((block) =>
          decodeTracesProtobuf(requestOf(TRACE_ID, [...bytes].slice(0, 80)), block),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('of megabytes that say nothing take no time and no memory', () => {
    const nothing = new Uint8Array(4 * 2 ** 20);
    for (let i = 0; i < nothing.length; i += 4) nothing.set([0x0a, 0x02, 0x12, 0x00], i);
    expect(decode(nothing).block.resources.count).toBe(1);
    expect(DEFAULT_DECODE_LIMITS.maxSpans).toBe(250_000);
  });
});
