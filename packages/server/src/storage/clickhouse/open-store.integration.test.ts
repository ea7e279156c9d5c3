import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OverloadedError } from '@clew/model';
import type { TraceId } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import {
  EVERYTHING,
  TENANT,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { ManualClock, RecordedLog, openTestStore } from '../testing/stores.ts';
import { openEmbeddedEngine } from './engine/embedded-engine.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, sql } from './engine/sql.ts';
import { MIGRATIONS } from './schema/migrations.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

describe('the store', () => {
  let directory: string;
  let segments: string;

  beforeEach(async () => {
    directory = await makeDirectory();
    segments = join(directory, 'segments');
  });

  afterEach(() => removeDirectory(directory));

  async function withStore<T>(
    use: (store: SpanStore) => Promise<T>,
    options: Parameters<typeof openTestStore>[1] = {},
  ): Promise<T> {
    const store = await openTestStore(directory, options);
    try {
      return await use(store);
    } finally {
      await store[Symbol.asyncDispose]();
    }
  }

  async function withEngine<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
    const engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 10_000,
      queryMemoryBytes: 1e9,
      queryMaxRows: 0,
    });
    try {
      return await use(engine);
    } finally {
      await engine[Symbol.asyncDispose]();
    }
  }

  /** What the spans table and each of its rollups say, and how many distinct spans there are. */
  async function countSpans(): Promise<Record<string, number>> {
    return withEngine(async (engine) => {
      const counts: Record<string, number> = {};
      for (const [name, statement] of Object.entries(COUNTS)) {
        counts[name] = Number(new RowBinaryReader(await engine.read(new Sql(statement))).uint64());
      }
      return counts;
    });
  }

  const COUNTS = {
    spans: 'SELECT count() FROM spans',
    distinct: 'SELECT uniqExact(trace_id, span_id) FROM spans',
    traces: 'SELECT sum(arraySum(services.2)) FROM traces',
    operations: 'SELECT sum(span_count) FROM operations',
  };

  function allCounts(count: number): Record<string, number> {
    return { spans: count, distinct: count, traces: count, operations: count };
  }

  /** Writes spans of five days, and gives back a copy of their segment from before it was inserted. */
  async function writeAndCopySegment(options: { keepInStore: boolean }): Promise<string> {
    const copy = join(directory, 'copy');
    await withStore(
      async (store) => {
        const spans = Array.from({ length: 10 }, (_, i) =>
          span({
            startUnixNano: at(-(i % 5) * DAY_MS),
            resource: resource(`service-${i % 3}`),
            attributes: [attribute('http.route', `service-${i % 3}`), attribute('n', BigInt(i))],
          }),
        );
        await store.write(blockOf(spans.slice(0, 4)));
        await store.write(blockOf(spans.slice(4)));
        await cp(segments, copy, { recursive: true });
        if (options.keepInStore) await store.flush();
      },
      { maxSegmentAgeMs: HOUR_MS },
    );
    return copy;
  }

  test('deletes a segment once its spans are in the engine', async () => {
    await withStore(
      async (store) => {
        const block = blockOf([span(), span()]);
        const written = store.write(block);
        // Whoever wrote it may use it again at once.
        block.clear();
        await written;
        expect(store.stats()).toMatchObject({ acceptedSpans: 2, storedSpans: 0 });
        expect(await readdir(segments)).toHaveLength(3);
        await store.flush();
        expect(store.stats()).toMatchObject({
          acceptedSpans: 2,
          storedSpans: 2,
          backlogSegments: 0,
          backlogBytes: 0,
        });
        expect(await readdir(segments)).toEqual([]);
      },
      { maxSegmentAgeMs: HOUR_MS },
    );
  });

  test('shows an acknowledged span within two seconds, with nobody asking for it', async () => {
    await withStore(async (store) => {
      const written = span();
      await store.write(blockOf([written]));
      const start = performance.now();
      let found;
      while (found === undefined && performance.now() - start < 10_000) {
        found = await store.readSpans({ tenant: TENANT, traceId: written.traceId });
      }
      expect(found).toEqual([written]);
      expect(performance.now() - start).toBeLessThan(2000);
    });
  });

  test('stores what was accepted before it closes', async () => {
    await withStore((store) => store.write(blockOf([span(), span(), span()])), {
      maxSegmentAgeMs: HOUR_MS,
    });
    expect(await readdir(segments)).toEqual([]);
    expect(await countSpans()).toEqual(allCounts(3));
  });

  test('takes nothing any more when it is closed', async () => {
    const store = await openTestStore(directory);
    await store[Symbol.asyncDispose]();
    await expect(store.write(blockOf([span()]))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('takes a block without spans for nothing', async () => {
    await withStore(async (store) => {
      await store.write(blockOf([]));
      expect(await readdir(segments)).toEqual([]);
    });
  });

  test('refuses spans when too many wait for the engine, and tells when to try again', async () => {
    await withStore(
      async (store) => {
        await store.write(blockOf([span()]));
        const error: unknown = await store
          .write(blockOf([span()]))
          .catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(OverloadedError);
        expect(error).toMatchObject({ code: 'unavailable', retryAfterMs: 1000 });
        await store.flush();
        await store.write(blockOf([span()]));
      },
      { maxBacklogBytes: 1, maxSegmentAgeMs: HOUR_MS },
    );
  });

  test('stores a segment once that is inserted twice', async () => {
    const copy = await writeAndCopySegment({ keepInStore: true });
    expect(await countSpans()).toEqual(allCounts(10));
    for (let i = 0; i < 2; i++) {
      await cp(copy, segments, { recursive: true });
      await withStore(async () => {
        expect(await readdir(segments)).toEqual([]);
      });
      expect(await countSpans()).toEqual(allCounts(10));
    }
  });

  test('inserts at its start what an earlier process left, with its resources', async () => {
    const left = await writeAndCopySegment({ keepInStore: true });
    const files = await readdir(left);
    await removeDirectory(join(directory, 'engine'));
    await cp(left, segments, { recursive: true });
    await withStore(async (store) => {
      expect(files).toHaveLength(4);
      expect(await store.listServices({ tenant: TENANT })).toEqual([
        'service-0',
        'service-1',
        'service-2',
      ]);
      const page = await store.searchTraces({ tenant: TENANT, search: EVERYTHING, limit: 100 });
      expect(page.traces).toHaveLength(10);
      const [first] = page.traces;
      const id = first?.traceId ?? traceId(0);
      const spans = await store.readSpans({ tenant: TENANT, traceId: id });
      expect(spans?.[0]?.resource).toEqual(resource(first?.rootService ?? ''));
      expect(spans?.[0]?.attributes[0]).toEqual(attribute('http.route', first?.rootService ?? ''));
    });
    expect(await countSpans()).toEqual(allCounts(10));
  });

  test('does not write again what it found in a segment when its sender repeats it', async () => {
    const block = blockOf([span(), span()]);
    const options = { maxSegmentAgeMs: HOUR_MS };
    const copy = join(directory, 'copy');
    await withStore(async (store) => {
      await store.write(block);
      await cp(segments, copy, { recursive: true });
    }, options);
    await removeDirectory(join(directory, 'engine'));
    await cp(copy, segments, { recursive: true });
    await withStore(async (store) => {
      await store.write(block);
      expect(store.stats()).toMatchObject({ acceptedSpans: 0, repeatedSpans: 2 });
    }, options);
    expect(await countSpans()).toEqual(allCounts(2));
  });

  test.each([1, 40, 500])('replays all but a last block that lacks %i bytes', async (missing) => {
    const copy = await writeAndCopySegment({ keepInStore: true });
    await removeDirectory(join(directory, 'engine'));
    await cp(copy, segments, { recursive: true });
    const path = join(segments, (await readdir(segments)).find(isSpans) ?? '');
    await truncate(path, (await readFile(path)).length - missing);
    const log = new RecordedLog();
    await withStore(() => Promise.resolve(), { log });
    expect(await countSpans()).toEqual(allCounts(4));
    expect(log.lines).toEqual([]);
  });

  test('sets a damaged segment aside, says so, and starts with what is whole', async () => {
    const copy = await writeAndCopySegment({ keepInStore: true });
    await removeDirectory(join(directory, 'engine'));
    await cp(copy, segments, { recursive: true });
    const name = (await readdir(segments)).find(isSpans) ?? '';
    const bytes = await readFile(join(segments, name));
    bytes[600] = (bytes[600] ?? 0) ^ 1;
    await writeFile(join(segments, name), bytes);
    const log = new RecordedLog();
    await withStore(() => Promise.resolve(), { log });
    expect(await countSpans()).toEqual(allCounts(6));
    const quarantined = join(directory, 'quarantine', name);
    expect(await readFile(quarantined)).toEqual(bytes);
    expect(log.lines).toEqual([
      expect.stringMatching(/^set aside a damaged segment file .* belong to no whole block/),
    ]);
  });

  test('starts whatever lies among its segments, and says what it found', async () => {
    const copy = await writeAndCopySegment({ keepInStore: false });
    await removeDirectory(join(directory, 'engine'));
    await cp(copy, segments, { recursive: true });
    const run = '0123456789abcdef';
    await mkdir(join(segments, `000000000007-${run}.spans.native`));
    await writeFile(join(segments, `000000000008-${run}.spans.native`), '');
    await writeFile(join(segments, `000000000009-${run}.scopes.native`), 'no block at all');
    await writeFile(join(segments, 'notes.txt'), 'of somebody');
    const log = new RecordedLog();
    const stats = await withStore(
      async (store) => {
        await store.write(blockOf([span()]));
        await store.flush();
        return store.stats();
      },
      { log },
    );
    expect(await countSpans()).toEqual(allCounts(11));
    expect(await readdir(segments)).toEqual(['notes.txt']);
    expect(stats).toMatchObject({ quarantinedFiles: 1, storedSpans: 1 });
    expect(log.lines).toEqual([
      'a file among the segments is none of them name=notes.txt',
      expect.stringMatching(/^set aside a damaged segment file .*000000000007.* cannot be read/),
    ]);
  });

  test('sets a segment aside that is whole and that the engine cannot read', async () => {
    await withStore(() => Promise.resolve());
    await mkdir(segments, { recursive: true });
    const { NativeWriter } = await import('../native/native-writer.ts');
    const writer = new NativeWriter();
    writer.begin(1, 1);
    writer.plain('kind', 'Nonsense', Uint8Array.of(1));
    const name = '000000000001-0123456789abcdef.spans.native';
    await writeFile(join(segments, name), writer.seal(0x0123_4567));
    const log = new RecordedLog();
    await withStore(
      async (store) => {
        await store.write(blockOf([span()]));
        await store.flush();
      },
      { log },
    );
    expect(await countSpans()).toEqual(allCounts(1));
    expect(await readdir(join(directory, 'quarantine'))).toEqual([name, `${name}.reason.txt`]);
    expect(log.lines.join('\n')).toContain('set aside a segment that the engine cannot read');
  });

  test.each([
    ['always', 3],
    // What was written is the system's, which outlives the process, whether it was synced or not.
    ['interval', 1],
    ['off', 1],
  ] as const)(
    'loses and doubles nothing when it is killed, syncing %s',
    async (fsync, rounds) => {
      const acknowledged = new Set<number>();
      for (let round = 0; round < rounds; round++) {
        for (const block of await writeUntilKilled(directory, round, fsync))
          acknowledged.add(block);
      }
      expect(acknowledged.size).toBeGreaterThan(100);
      await withStore(() => Promise.resolve(), { clock: new SystemNow() });
      const counts = await countSpans();
      expect(counts).toEqual(allCounts(counts['distinct'] ?? 0));
      expect(counts['spans']).toBeGreaterThanOrEqual(acknowledged.size * 5);
      const stored = await readTraceNumbers();
      const missing = [...acknowledged].flatMap((block) =>
        [1, 2, 3, 4, 5].map((i) => block * 5 + i).filter((number) => !stored.has(number)),
      );
      expect(missing).toEqual([]);
    },
    120_000,
  );

  async function readTraceNumbers(): Promise<ReadonlySet<number>> {
    return withEngine(async (engine) => {
      const reader = new RowBinaryReader(await engine.read(sql`SELECT trace_id FROM spans`));
      return new Set(reader.rows(() => Number.parseInt(reader.hex(16), 16)));
    });
  }

  test('drops the days that are older than the retention, of spans and of all that tells of them', async () => {
    const clock = new ManualClock();
    const old = span({ startUnixNano: at(-6 * DAY_MS), resource: resource('old') });
    const recent = span({ startUnixNano: at(-2 * DAY_MS) });
    await withStore(
      async (store) => {
        await store.write(blockOf([old, recent]));
        await store.flush();
        expect(await store.listServices({ tenant: TENANT })).toEqual(['old', 'shop']);
      },
      { clock },
    );
    clock.ms += 3 * DAY_MS;
    await withStore(
      async (store) => {
        expect(await store.listServices({ tenant: TENANT })).toEqual(['shop']);
        expect(await store.readSpans({ tenant: TENANT, traceId: old.traceId })).toBeUndefined();
        expect(await store.readSpans({ tenant: TENANT, traceId: recent.traceId })).toEqual([
          recent,
        ]);
      },
      { clock },
    );
    clock.ms += 10 * DAY_MS;
    await withStore(
      async (store) => {
        const page = await store.searchTraces({ tenant: TENANT, search: EVERYTHING, limit: 10 });
        expect(page.traces).toEqual([]);
      },
      { clock },
    );
    const rows = await withEngine(async (engine) =>
      new RowBinaryReader(
        await engine.read(
          sql`SELECT sum(rows) FROM system.parts WHERE active AND database = 'clew' AND table != 'schema_migrations'`,
        ),
      ).uint64(),
    );
    expect(rows).toBe(0n);
  });

  test('keeps a resource as long as its spans, however late they arrive', async () => {
    const clock = new ManualClock();
    const pod = resource('shop', [attribute('k8s.pod.name', 'pod-1')]);
    const attributes = [attribute('http.route', '/cart')];
    const first = span({ resource: pod, attributes });
    const second = span({ resource: pod, attributes, startUnixNano: at(7 * DAY_MS) });
    await withStore(
      async (store) => {
        await store.write(blockOf([first]));
        await store.flush();
        // The store runs on; it has the resource already, filed under a day that will expire first.
        clock.ms += 7 * DAY_MS;
        await store.write(blockOf([second]));
        await store.flush();
      },
      { clock },
    );
    clock.ms += 5 * DAY_MS;
    await withStore(
      async (store) => {
        expect(await store.readSpans({ tenant: TENANT, traceId: first.traceId })).toBeUndefined();
        expect(await store.readSpans({ tenant: TENANT, traceId: second.traceId })).toEqual([
          second,
        ]);
      },
      { clock },
    );
  });

  test('refuses the store of a newer version, and says both', async () => {
    await withStore(() => Promise.resolve());
    await withEngine((engine) =>
      engine.execute(
        sql`INSERT INTO schema_migrations (version, description) VALUES (99, 'later')`,
      ),
    );
    await expect(openTestStore(directory)).rejects.toMatchObject({
      code: 'failed_precondition',
      message: expect.stringContaining(
        `its schema has version 99, this program knows version ${MIGRATIONS.at(-1)?.version} `,
      ),
    });
    // The refusal left nothing behind that would refuse the next.
    await withEngine((engine) =>
      engine.execute(sql`ALTER TABLE schema_migrations DROP PARTITION ID 'all'`),
    );
    await withStore(() => Promise.resolve());
  });

  test('refuses a directory that is in use', async () => {
    await withStore(async () => {
      await expect(openTestStore(directory)).rejects.toThrow(/is in use by this process already/);
    });
  });

  test('shares the objects of resources and scopes among spans', async () => {
    const id: TraceId = traceId(0xeeee);
    await withStore(async (store) => {
      await store.write(
        blockOf([span({ traceId: id }), span({ traceId: id, spanId: spanId(77) })]),
      );
      await store.flush();
      const spans = (await store.readSpans({ tenant: TENANT, traceId: id })) ?? [];
      expect(spans).toHaveLength(2);
      expect(spans[0]?.resource).toBe(spans[1]?.resource);
      expect(spans[0]?.scope).toBe(spans[1]?.scope);
    });
  });
});

/** Time as the killed processes had it. */
class SystemNow extends ManualClock {
  override nowMs(): number {
    return Date.now();
  }
}

function isSpans(name: string): boolean {
  return name.endsWith('.spans.native');
}

/** Gives the numbers of the blocks that were acknowledged before the process was killed. */
async function writeUntilKilled(
  directory: string,
  round: number,
  fsync: string,
): Promise<readonly number[]> {
  const script = fileURLToPath(new URL('../testing/crash-writer.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--conditions=@clew/source',
      '--import',
      'tsx',
      script,
      directory,
      String(round * 1_000_000),
      fsync,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => (output += text));
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  // Time for some segments to be inserted, and as many blocks as are asked for, however slow the machine is.
  await new Promise((resolve) => setTimeout(resolve, 300 + round * 170));
  while (output.split('\n').length < 150) await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await exited;
  // The last line may be cut; its block counts as not acknowledged.
  return output.split('\n').slice(0, -1).map(Number);
}
