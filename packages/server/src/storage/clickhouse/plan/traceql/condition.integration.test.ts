import { join } from 'node:path';
import { assembleTrace } from '@clew/model';
import {
  checkQuery,
  compileSearch,
  parseQuery,
  printExpression,
  runWithoutPause,
} from '@clew/traceql';
import type { Expression, SearchQuery } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arbitraryCondition, arbitrarySpans } from '../../../testing/arbitrary-spans.ts';
import { makeDirectory, removeDirectory } from '../../../testing/directories.ts';
import { TENANT, blockOf, traceId } from '../../../testing/spans.ts';
import { openTestStore } from '../../../testing/stores.ts';
import { openEmbeddedEngine } from '../../engine/embedded-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { sql, textLiteral } from '../../engine/sql.ts';
import { ANY_KEY_TYPES, AttributeKeys } from '../../attribute-keys.ts';
import { planCondition } from './condition.ts';
import { planWithSideTables } from './side-tables.ts';
import { possible } from './truth.ts';
import type { Truth } from './truth.ts';
import { PLANNER_SEED, plannerRuns } from '../../../testing/planner-runs.ts';

const RUNS = plannerRuns(500);

describe('a condition in SQL', () => {
  const [spans = []] = fc.sample(arbitrarySpans(7, 40), { numRuns: 1, seed: PLANNER_SEED });
  const trace = assembleTrace(traceId(7), spans);
  let directory: string;
  let engine: Engine;
  let attributeKeys: AttributeKeys;
  let isKnowing = false;

  beforeAll(async () => {
    directory = await makeDirectory();
    {
      await using store = await openTestStore(directory);
      await store.write(blockOf(spans));
      await store.flush();
    }
    engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 30_000,
      queryMemoryBytes: 1024 ** 3,
      queryMaxRows: 0,
    });
    attributeKeys = new AttributeKeys(engine);
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  test(`is true of the spans of which the evaluator says so, or leaves them to it (PLANNER_SEED=${PLANNER_SEED})`, async () => {
    let rowCount = 0;
    let undecidedCount = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCondition, async (text) => {
        const query = read(text);
        fc.pre(query !== undefined);
        const expected = new Set<string | undefined>(
          runWithoutPause(compileSearch(query.search)(trace))
            .flatMap(({ spans: found }) => found)
            .map((index) => trace.spans[index]?.spanId),
        );
        const rows = await evaluate(await plan(query.condition));
        for (const { id, isPossible, isCertain } of rows) {
          const holds = expected.has(id);
          const said = `${printExpression(query.condition)} of ${id}`;
          if (isCertain) expect(holds, said).toBe(true);
          if (!isPossible) expect(holds, said).toBe(false);
        }
        rowCount += rows.length;
        undecidedCount += rows.filter((row) => row.isPossible && !row.isCertain).length;
      }),
      { numRuns: RUNS },
    );
    // What only the evaluator can tell is loaded, so it has to be the smaller part even of odd conditions.
    expect(undecidedCount).toBeLessThan(rowCount / 2);
  }, 120_000);

  function read(
    text: string,
  ): { readonly search: SearchQuery; readonly condition: Expression } | undefined {
    const search = parseQuery(`{ ${text} }`);
    try {
      checkQuery(search, text);
    } catch {
      return undefined;
    }
    if (search.kind !== 'search') return undefined;
    const [first] = search.pipeline.stages;
    if (first.kind !== 'filter' || first.condition === undefined) return undefined;
    return { search, condition: first.condition };
  }

  /** Knowing the keys, or not. */
  async function plan(condition: Expression): Promise<Truth> {
    isKnowing = !isKnowing;
    const keys = isKnowing ? await attributeKeys.read(TENANT, undefined) : ANY_KEY_TYPES;
    return planWithSideTables((idsWhere) => planCondition(condition, { keys, idsWhere }), {
      tenant: TENANT,
      ask: async (statement) => new RowBinaryReader(await engine.read(statement)),
    });
  }

  async function evaluate(
    truth: Truth,
  ): Promise<
    readonly { readonly id: string; readonly isPossible: boolean; readonly isCertain: boolean }[]
  > {
    const answer = await engine.read(sql`
SELECT span_id, toUInt8(${possible(truth)}), toUInt8(${truth.certain}) FROM spans WHERE tenant = ${textLiteral(TENANT)}`);
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => ({
      id: reader.hex(8),
      isPossible: reader.uint8() === 1,
      isCertain: reader.uint8() === 1,
    }));
  }
});
