import { SPAN_KINDS, SPAN_STATUSES, durationNano, unixNano } from '@clew/model';
import type { Attribute, AttributeValue, Span, TraceId } from '@clew/model';
import { readSpans } from '@clew/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import {
  TENANT,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { openTestStore } from '../testing/stores.ts';

describe('reading a trace', () => {
  let directory: string;
  let store: SpanStore;

  beforeAll(async () => {
    directory = await makeDirectory();
    store = await openTestStore(directory);
  });

  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  async function storeSpans(spans: readonly Span[]): Promise<void> {
    await store.write(blockOf(spans));
    await store.flush();
  }

  test('gives back every field of a span as it was written', async () => {
    const full = span({
      traceId: traceId(0xabc),
      parentSpanId: spanId(7),
      traceState: 'ot=th:8,vendor=x',
      flags: 0x301,
      name: 'SELECT café "quoted" \\ \u0000',
      kind: 'client',
      startUnixNano: unixNano(at(0) + 123_456_789n),
      durationNano: durationNano(987_654_321n),
      status: 'error',
      statusMessage: 'connection refused',
      attributes: [
        attribute('db.statement', "SELECT '1'\n\t\u0000"),
        attribute('', 'empty key'),
        attribute('empty', ''),
        attribute('min', -(2n ** 63n)),
        attribute('max', 2n ** 63n - 1n),
        attribute('precise', 9_007_199_254_740_993n),
        attribute('ratio', 0.1),
        attribute('negative zero', -0),
        attribute('infinite', Infinity),
        attribute('not a number', Number.NaN),
        attribute('yes', true),
        attribute('no', false),
        { key: 'bytes', value: { type: 'bytes', value: Uint8Array.of(0, 255, 128) } },
        { key: 'nothing', value: { type: 'empty' } },
        {
          key: 'list',
          value: {
            type: 'array',
            value: [
              { type: 'string', value: 'a' },
              { type: 'int', value: -1n },
              { type: 'map', value: [attribute('deep', 1.5)] },
            ],
          },
        },
      ],
      droppedAttributesCount: 3,
      events: [
        {
          timeUnixNano: at(1),
          name: 'exception',
          attributes: [attribute('exception.message', 'boom'), attribute('attempt', 2n)],
          droppedAttributesCount: 1,
        },
        { timeUnixNano: at(2), name: '', attributes: [], droppedAttributesCount: 0 },
      ],
      droppedEventsCount: 4,
      links: [
        {
          traceId: traceId(0xdef),
          spanId: spanId(9),
          traceState: 'a=b',
          flags: 1,
          attributes: [attribute('why', 'batch')],
          droppedAttributesCount: 2,
        },
      ],
      droppedLinksCount: 5,
      resource: {
        service: 'shop',
        attributes: [attribute('service.name', 'shop'), attribute('pid', 42n)],
        droppedAttributesCount: 6,
        schemaUrl: 'https://opentelemetry.io/schemas/1.30.0',
      },
      scope: {
        name: 'http',
        version: '2',
        attributes: [attribute('stable', true)],
        droppedAttributesCount: 7,
        schemaUrl: 'https://opentelemetry.io/schemas/1.31.0',
      },
    });
    await storeSpans([full]);
    const found = await store.readSpans({ tenant: TENANT, traceId: full.traceId });
    expect(found).toEqual([full]);
  });

  test('gives back spans of every shape', async () => {
    const id = traceId(0xf00d);
    const written = fc.sample(anySpan(id), { numRuns: 500, seed: 20_261_122 });
    await storeSpans(written);
    const found = await store.readSpans({ tenant: TENANT, traceId: id });
    // What the decoder had to change in such spans is its own tests' business.
    expect(found?.toSorted(bySpanId)).toEqual(readSpans(blockOf(written)));
  });

  test('finds all spans of a trace, on whatever days and of whatever services', async () => {
    const id = traceId(0xfeed);
    const spans = [0, 1, 2, 3, 6].flatMap((daysAgo) =>
      ['a', 'b', 'c'].map((service) =>
        span({
          traceId: id,
          startUnixNano: at(-daysAgo * 86_400_000),
          resource: resource(service),
        }),
      ),
    );
    for (const part of [spans.slice(0, 4), spans.slice(4, 5), spans.slice(5)]) {
      await storeSpans(part);
    }
    const found = await store.readSpans({ tenant: TENANT, traceId: id });
    expect(new Set(found)).toEqual(new Set(spans));
  });

  test('knows nothing of a trace that is not there, or another tenant’s', async () => {
    const written = span();
    await storeSpans([written]);
    const { traceId: id } = written;
    expect(await store.readSpans({ tenant: 'other', traceId: id })).toBeUndefined();
    expect(await store.readSpans({ tenant: TENANT, traceId: traceId(0xdead) })).toBeUndefined();
  });

  test('counts the spans whose parent is missing, each once', async () => {
    const root = span();
    const child = span({ traceId: root.traceId, parentSpanId: root.spanId });
    const orphans = [0xaaaa, 0xaaaa, 0xbbbb].map((id) =>
      span({ traceId: root.traceId, parentSpanId: spanId(id) }),
    );
    const whole = span();
    const rootless = span({ parentSpanId: root.spanId });
    await storeSpans([root, child, ...orphans, whole, rootless]);
    await storeSpans(orphans.slice(1));
    const traceIds = [whole.traceId, root.traceId, traceId(0xdead), rootless.traceId];
    expect(await store.countOrphans({ tenant: TENANT, traceIds })).toEqual(
      new Map([
        [root.traceId, 3],
        [rootless.traceId, 1],
      ]),
    );
    expect(await store.countOrphans({ tenant: 'other', traceIds })).toEqual(new Map());
  });

  test('gives a span twice that was sent twice', async () => {
    const written = span();
    // In the very same request it would not be written twice.
    await storeSpans([written]);
    await storeSpans([written, span()]);
    const found = await store.readSpans({ tenant: TENANT, traceId: written.traceId });
    expect(found).toEqual([written, written]);
  });
});

function bySpanId(a: Span, b: Span): number {
  return a.spanId < b.spanId ? -1 : 1;
}

/** Attributes come in the order in which they are stored: by type. */
function anyAttributes(): fc.Arbitrary<Attribute[]> {
  const key = fc.string({ unit: 'grapheme', maxLength: 10 });
  const list = (value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Attribute[]> =>
    fc.array(fc.record({ key, value }), { maxLength: 4 });
  return fc
    .tuple(
      list(fc.string({ unit: 'grapheme' }).map((value) => ({ type: 'string', value }))),
      list(
        fc
          .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
          .map((value) => ({ type: 'int', value })),
      ),
      list(fc.double().map((value) => ({ type: 'double', value }))),
      list(fc.boolean().map((value) => ({ type: 'bool', value }))),
      list(fc.uint8Array().map((value) => ({ type: 'bytes', value }))),
    )
    .map((lists) => lists.flat());
}

function anySpan(traceId: TraceId): fc.Arbitrary<Span> {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const uint32 = fc.nat({ max: 0xffff_ffff });
  return fc
    .record({
      name: text,
      traceState: text,
      statusMessage: text,
      kind: fc.constantFrom(...SPAN_KINDS),
      status: fc.constantFrom(...SPAN_STATUSES),
      flags: uint32,
      startUnixNano: uint64.map(unixNano),
      durationNano: uint64.map(durationNano),
      attributes: anyAttributes(),
      droppedAttributesCount: uint32,
      droppedEventsCount: uint32,
      droppedLinksCount: uint32,
      resource: fc.tuple(text, anyAttributes()).map(([service, more]) => ({
        service,
        attributes: [attribute('service.name', service), ...more],
        droppedAttributesCount: 0,
        schemaUrl: '',
      })),
    })
    .map((fields) => span({ ...fields, traceId }));
}
