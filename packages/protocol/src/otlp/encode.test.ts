import { durationNano, parseSpanId, parseTraceId, unixNano } from '@clew/model';
import type { Resource, Scope, Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpans } from '../testing/arbitrary-span.ts';
import { readOtlp } from '../testing/otlp-oracle.ts';
import { NO_REJECTIONS, decode } from '../testing/requests.ts';
import { encodeTracesProtobuf } from './encode.ts';

const NO_ATTRIBUTES = { attributes: [], droppedAttributesCount: 0, schemaUrl: '' };

const resource: Resource = { ...NO_ATTRIBUTES, service: 'shop' };
const scope: Scope = { ...NO_ATTRIBUTES, name: 'pg', version: '' };

function exampleSpan(changes: Partial<Span> = {}): Span {
  return {
    traceId: required(parseTraceId('5b8efff798038103d269b633813fc60c')),
    spanId: required(parseSpanId('eee19b7ec3c1b174')),
    parentSpanId: undefined,
    traceState: '',
    flags: 0,
    name: 'get-user',
    kind: 'unspecified',
    startUnixNano: unixNano(1_700_000_000_000_000_000n),
    durationNano: durationNano(5_000_000n),
    status: 'unset',
    statusMessage: '',
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource,
    scope,
    ...changes,
  };
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not an id');
  return value;
}

/** A request as another implementation reads it. */
function read(spans: readonly Span[]): unknown {
  return readOtlp('ExportTraceServiceRequest', encodeTracesProtobuf(spans));
}

describe('encodeTracesProtobuf', () => {
  test('writes a request that another implementation reads', () => {
    const span = exampleSpan({
      parentSpanId: required(parseSpanId('1')),
      traceState: 'congo=t61rcWkgMzE',
      flags: 0x80000101,
      kind: 'consumer',
      status: 'error',
      statusMessage: 'duplicate key',
      attributes: [{ key: 'db.rows', value: { type: 'int', value: -1n } }],
      droppedAttributesCount: 2 ** 32 - 1,
      events: [
        {
          timeUnixNano: unixNano(7n),
          name: 'retry',
          attributes: [{ key: 'wait', value: { type: 'double', value: 0.5 } }],
          droppedAttributesCount: 1,
        },
      ],
      droppedEventsCount: 2,
      links: [
        {
          traceId: required(parseTraceId('abc')),
          spanId: required(parseSpanId('def')),
          traceState: 'a=b',
          flags: 1,
          attributes: [{ key: 'why', value: { type: 'empty' } }],
          droppedAttributesCount: 3,
        },
      ],
      droppedLinksCount: 4,
    });
    expect(read([span])).toEqual({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              scope: { name: 'pg' },
              spans: [
                {
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'eee19b7ec3c1b174',
                  traceState: 'congo=t61rcWkgMzE',
                  parentSpanId: '0000000000000001',
                  name: 'get-user',
                  kind: 'SPAN_KIND_CONSUMER',
                  startTimeUnixNano: '1700000000000000000',
                  endTimeUnixNano: '1700000000005000000',
                  attributes: [{ key: 'db.rows', value: { intValue: '-1' } }],
                  droppedAttributesCount: 4_294_967_295,
                  events: [
                    {
                      timeUnixNano: '7',
                      name: 'retry',
                      attributes: [{ key: 'wait', value: { doubleValue: 0.5 } }],
                      droppedAttributesCount: 1,
                    },
                  ],
                  droppedEventsCount: 2,
                  links: [
                    {
                      traceId: `${'0'.repeat(29)}abc`,
                      spanId: '0000000000000def',
                      traceState: 'a=b',
                      attributes: [{ key: 'why', value: {} }],
                      droppedAttributesCount: 3,
                      flags: 1,
                    },
                  ],
                  droppedLinksCount: 4,
                  status: { code: 'STATUS_CODE_ERROR', message: 'duplicate key' },
                  flags: 0x80000101,
                },
              ],
            },
          ],
        },
      ],
    });
  });

  test('groups spans by resource and scope, which it tells apart by identity', () => {
    const other: Resource = { ...resource };
    const request = read([
      exampleSpan({ name: 'a' }),
      exampleSpan({ name: 'b', resource: other }),
      exampleSpan({ name: 'c', scope: { ...scope, name: 'http' } }),
      exampleSpan({ name: 'd' }),
    ]);
    const spans = (...names: string[]) => names.map((name) => expect.objectContaining({ name }));
    expect(request).toMatchObject({
      resourceSpans: [
        {
          scopeSpans: [
            { scope: { name: 'pg' }, spans: spans('a', 'd') },
            { scope: { name: 'http' }, spans: spans('c') },
          ],
        },
        { scopeSpans: [{ spans: spans('b') }] },
      ],
    });
  });

  test.each([
    ['says it where the attributes do not', 'shop', [], 'shop'],
    ['leaves it to the attributes where they do', 'other', ['shop'], 'shop'],
    ['makes up none', 'missing-service-name', [], undefined],
  ])('writes the service name: %s', (_, service, names, expected) => {
    const attributes = names.map((value) => ({
      key: 'service.name',
      value: { type: 'string', value } as const,
    }));
    const request = read([exampleSpan({ resource: { ...resource, service, attributes } })]);
    const written =
      expected === undefined ? [] : [{ key: 'service.name', value: { stringValue: expected } }];
    expect(request).toMatchObject({
      resourceSpans: [written.length === 0 ? {} : { resource: { attributes: written } }],
    });
  });

  test('writes nothing for no spans', () => {
    expect(encodeTracesProtobuf([])).toHaveLength(0);
  });

  test('ends a span that outlasts time with time', () => {
    const end = 2n ** 64n - 1n;
    const span = exampleSpan({ startUnixNano: unixNano(end), durationNano: durationNano(9n) });
    expect(decode(encodeTracesProtobuf([span])).spans[0]?.durationNano).toBe(0n);
  });

  test('is read back as it was', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        const { spans: decoded, rejected } = decode(encodeTracesProtobuf(spans));
        expect(rejected).toEqual(NO_REJECTIONS);
        expect(decoded).toEqual(spans);
      }),
      { numRuns: 300 },
    );
  });

  test('is read by another implementation as the same spans', () => {
    fc.assert(
      fc.property(arbitrarySpans, (spans) => {
        const bytes = encodeTracesProtobuf(spans);
        const again = encodeTracesProtobuf(decode(bytes).spans);
        expect(readOtlp('ExportTraceServiceRequest', again)).toEqual(
          readOtlp('ExportTraceServiceRequest', bytes),
        );
      }),
      { numRuns: 100 },
    );
  });
});
