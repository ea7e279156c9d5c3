import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SPAN_KINDS, SPAN_STATUSES, durationNano, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedEngine } from '../clickhouse/engine/embedded-engine.ts';
import type { Engine } from '../clickhouse/engine/engine.ts';
import { RowBinaryReader } from '../clickhouse/engine/row-binary-reader.ts';
import { Sql, sql, structureLiteral, textLiteral } from '../clickhouse/engine/sql.ts';
import { ROLLUPS } from '../clickhouse/recompute-rollup.ts';
import type { RecomputedTable } from '../clickhouse/recompute-rollup.ts';
import { encodeSpans } from '../native/encode-spans.ts';
import { NativeWriter } from '../native/native-writer.ts';
import { dayOfPartition, keptPartitions } from '../native/partition-time.ts';
import { SPAN_STRUCTURE } from '../native/structures.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { placeBlock } from '../testing/place-block.ts';
import {
  NOW_MS,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { AttributeCatalogs, SegmentRollup } from './segment-rollup.ts';

/** How a table's rows are put together again: rows of one key may come from many blocks. */
const MERGED: Readonly<Record<RecomputedTable, string>> = {
  traces: `
    SELECT tenant, partition_date, hex(trace_id) AS id, min(first_start_unix_nano), max(last_end_unix_nano),
      sumMap(services), min(root)
    FROM {rows} GROUP BY tenant, partition_date, id ORDER BY ALL`,
  red_1m: `
    SELECT tenant, partition_date, minute, toString(service) AS service, toString(name) AS name, kind, status,
      sum(span_count), sum(weight), sum(duration_nano), sumMap(latency)
    FROM {rows} GROUP BY tenant, partition_date, minute, service, name, kind, status ORDER BY ALL`,
  attribute_values: `
    SELECT DISTINCT tenant, toString(owner), toString(key), toString(type), value
    FROM {rows} WHERE owner = 'span' ORDER BY ALL`,
};

describe('the rollup of a segment', () => {
  let directory: string;
  let engine: Engine;

  beforeAll(async () => {
    directory = await makeDirectory();
    engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 60_000,
      queryMemoryBytes: 1024 ** 3,
      queryMaxRows: 0,
    });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  /** The rows of a table as text: computed beside the spans, and computed of them in SQL. */
  async function compute(
    batches: readonly (readonly Span[])[],
    table: RecomputedTable,
  ): Promise<[string, string]> {
    const kept = keptPartitions(NOW_MS, 7 * 86_400_000);
    const writer = new NativeWriter();
    const rollup = new SegmentRollup(new AttributeCatalogs());
    const spans: Uint8Array[] = [];
    for (const batch of batches) {
      const block = blockOf(batch);
      const placement = placeBlock(block, kept);
      encodeSpans(writer, block, placement);
      spans.push(writer.seal(0));
      rollup.add(block, placement, dayOfPartition(kept.last));
    }
    const spansPath = join(directory, 'spans.native');
    const rowsPath = join(directory, 'rows.native');
    await writeFile(spansPath, spans);
    await writeFile(rowsPath, rollup.encode(writer, table));
    const { structure, select } = ROLLUPS[table];
    const stored = sql`file(${textLiteral(spansPath)}, Native, ${structureLiteral(SPAN_STRUCTURE)})`;
    const rows = sql`file(${textLiteral(rowsPath)}, Native, ${structureLiteral(structure)})`;
    return [await read(MERGED[table], rows), await read(MERGED[table], sql`(${select(stored)})`)];
  }

  async function read(query: string, rows: Sql): Promise<string> {
    const text = query.replace('{rows}', rows.text);
    const answer = await engine.read(new Sql(`SELECT formatRow('JSONEachRow', *) FROM (${text})`));
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => reader.text()).join('');
  }

  test.each(Object.keys(ROLLUPS) as RecomputedTable[])(
    'has the rows of %s that SQL makes of the same spans',
    async (table) => {
      const batches = fc.sample(fc.array(anySpan(), { minLength: 1, maxLength: 60 }), {
        numRuns: 20,
        seed: 7,
      });
      const [computed, recomputed] = await compute(batches, table);
      expect(computed).toBe(recomputed);
      expect(computed.length).toBeGreaterThan(1000);
    },
  );

  test('counts durations of every length in one bucket', async () => {
    const lengths = Array.from({ length: 64 }, (_, power) => 1n << BigInt(power));
    const spans = lengths
      .flatMap((length) => [length - 1n, length, length + 1n, length + length / 3n])
      .map((length) => span({ startUnixNano: unixNano(1n), durationNano: durationNano(length) }));
    const [computed, recomputed] = await compute([spans], 'red_1m');
    expect(computed).toBe(recomputed);
  });

  test('summarises a trace of as many services as spans', async () => {
    const spans = Array.from({ length: 3000 }, (_, i) =>
      span({ traceId: traceId(1), resource: resource(`service-${i}`) }),
    );
    const [computed, recomputed] = await compute([spans], 'traces');
    expect(computed).toBe(recomputed);
  });

  test('lists no more than the first values of a key, and the key whatever they are', async () => {
    const spans = Array.from({ length: 500 }, (_, i) =>
      span({ attributes: [attribute('order.id', `order-${i}`), attribute('took', i / 7)] }),
    );
    const [computed] = await compute([spans], 'attribute_values');
    const rows = computed.trim().split('\n');
    expect(rows.filter((row) => row.includes('order.id'))).toHaveLength(201);
    expect(rows.filter((row) => row.includes('took'))).toHaveLength(1);
  });
});

function anySpan(): fc.Arbitrary<Span> {
  return fc
    .record({
      trace: fc.integer({ min: 1, max: 12 }),
      isRoot: fc.boolean(),
      service: fc.constantFrom('shop', 'users', 'ödland', ''),
      name: fc.constantFrom('GET /', 'POST /', 'query'),
      kind: fc.constantFrom(...SPAN_KINDS),
      status: fc.constantFrom(...SPAN_STATUSES),
      // Around midnight, around a minute's end, long ago, far away.
      start: fc.oneof(
        fc.integer({ min: -90_000_000, max: 90_000_000 }).map((ms) => at(ms)),
        fc.constantFrom(
          at(43_200_000),
          at(43_199_999),
          at(60_000),
          unixNano(0n),
          unixNano((1n << 64n) - 5n),
        ),
      ),
      duration: fc.oneof(fc.nat(40), fc.nat(1e9)),
      traceState: fc.constantFrom('', 'ot=th:8', 'ot=th:c'),
      count: fc.integer({ min: -2, max: 3 }),
      word: fc.constantFrom('', 'a', 'ß', 'x'.repeat(128), 'x'.repeat(129)),
    })
    .map(({ trace, isRoot, service, start, duration, count, word, ...fields }) =>
      span({
        ...fields,
        traceId: traceId(trace),
        parentSpanId: isRoot ? undefined : spanId(1),
        startUnixNano: start,
        durationNano: durationNano(BigInt(duration)),
        resource: resource(service),
        attributes: [
          attribute('count', BigInt(count)),
          attribute('word', word),
          attribute('odd', count % 2 !== 0),
        ],
      }),
    );
}
