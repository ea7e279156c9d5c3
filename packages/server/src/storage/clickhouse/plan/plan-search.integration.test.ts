import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { durationNano, identityOf, unixNanoFromMs } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchOfForm } from '@clew/traceql';
import type { SearchForm } from '@clew/traceql';
import type { TraceQuery } from '../../span-store.ts';
import { makeDirectory, removeDirectory } from '../../testing/directories.ts';
import { NOW_MS, TENANT, at, attribute, blockOf, resource, span } from '../../testing/spans.ts';
import { openTestStore } from '../../testing/stores.ts';
import { openEmbeddedEngine } from '../engine/embedded-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { sql } from '../engine/sql.ts';
import { ANY_KEY_TYPES } from '../attribute-keys.ts';
import type { Sql } from '../engine/sql.ts';
import { selectCandidates, stretchStarts } from './candidates.ts';
import { planSearch } from './plan-search.ts';
import { selectSpanKeys, selectSpansByKey } from './span-keys.ts';

const DAY_MS = 86_400_000;

describe('the plan of a search', () => {
  let directory: string;
  let engine: Engine;

  beforeAll(async () => {
    directory = await makeDirectory();
    const store = await openTestStore(directory);
    const spans = Array.from({ length: 6000 }, (_, i) =>
      span({
        startUnixNano: at(-Math.floor(i / 1000) * DAY_MS + (i % 1000)),
        durationNano: durationNano(BigInt(i)),
        resource: resource(i % 2 === 0 ? 'even' : 'odd', [
          attribute('text', 't77'),
          attribute('number', 77n),
        ]),
        attributes: [attribute('text', `t${i}`), attribute('number', BigInt(i))],
      }),
    );
    await store.write(blockOf(spans));
    await store.flush();
    await store[Symbol.asyncDispose]();
    await mkdir(join(directory, 'engine'), { recursive: true });
    engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 10_000,
      queryMemoryBytes: 1e9,
      queryMaxRows: 0,
    });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  /** How the engine would answer the first statement of a search. */
  async function explain(query: SearchForm & Partial<TraceQuery>): Promise<string> {
    const ask = async (statement: Sql) => new RowBinaryReader(await engine.read(statement));
    const whole = { tenant: TENANT, search: searchOfForm(query), limit: 20, ...query };
    const { candidates } = await planSearch(whole, { keys: ANY_KEY_TYPES, ask });
    const [from = 0n] = stretchStarts(candidates, undefined, unixNanoFromMs(NOW_MS + DAY_MS));
    return explainStatement(selectCandidates(candidates, from, { after: undefined, limit: 20 }));
  }

  async function explainStatement(statement: Sql): Promise<string> {
    const answer = await engine.read(sql`EXPLAIN indexes = 1 ${statement}`);
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => reader.text().trim()).join('\n');
  }

  test('reads a service backwards by its start', async () => {
    expect(await explain({ service: 'odd' })).toContain('Read type: InReverseOrder');
  });

  test('leaves out the days that a time leaves out', async () => {
    const plan = await explain({ startUnixNano: at(-DAY_MS), endUnixNano: at(0) });
    expect(plan).toMatch(/Partition|Min-Max/);
    expect(plan).toMatch(/Parts: [12]\/6/);
  });

  test('finds the spans of a service backwards by their start', async () => {
    const filter = { alternatives: [sql`service = 'odd'`], service: 'odd', isSelective: false };
    const order = { by: 'start', direction: 'desc' } as const;
    const query = { tenant: TENANT, filters: [filter], order };
    const statement = selectSpanKeys(query, 0n, { order, after: undefined, limit: 20 });
    expect(await explainStatement(statement)).toContain('Read type: InReverseOrder');
  });

  test('finds the oldest spans of a service in the order of their start', async () => {
    const filter = { alternatives: [sql`service = 'odd'`], service: 'odd', isSelective: false };
    const order = { by: 'start', direction: 'asc' } as const;
    const query = { tenant: TENANT, filters: [filter], order };
    const statement = selectSpanKeys(query, 0n, { order, after: undefined, limit: 20 });
    expect(await explainStatement(statement)).toContain('Read type: InOrder');
  });

  test('reads spans that were found where they lie', async () => {
    const found = identityOf(span({ startUnixNano: at(5), resource: resource('odd') }));
    const plan = await explainStatement(selectSpansByKey(TENANT, [found]));
    expect(plan).toMatch(/Parts: 1\/6/);
    expect(plan).toMatch(/start_unix_nano in 1-element set.*service in 1-element set/);
  });

  test.each([
    ['a string', { key: 'text', value: 't77' }, ['attr_string_values']],
    ['an integer', { key: 'number', value: '77' }, ['attr_int_values', 'attr_string_values']],
  ])('uses the indexes for %s, whatever resources may match', async (_, condition, names) => {
    const plan = await explain({ attributes: [condition], startUnixNano: at(-6 * DAY_MS) });
    for (const name of [...names, 'resource_ids']) expect(plan).toContain(`Name: ${name}`);
  });

  test('uses the index for a duration', async () => {
    const plan = await explain({ minDurationNano: durationNano(5990n) });
    expect(plan).toContain('Name: durations');
  });
});
