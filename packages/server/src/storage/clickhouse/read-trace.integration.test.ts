import { durationNano, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import { TENANT, at, attribute, blockOf, span, spanId, traceId } from '../testing/spans.ts';
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
});
