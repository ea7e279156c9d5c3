import { join } from 'node:path';
import { assembleTrace, durationNano } from '@clew/model';
import type { Attribute, AttributeValue, Resource, Scope, Span } from '@clew/model';
import { checkQuery, compileSearch, parseQuery, printExpression } from '@clew/traceql';
import type { Expression, SearchQuery } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDirectory, removeDirectory } from '../../../testing/directories.ts';
import {
  MS,
  SCOPE,
  TENANT,
  at,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../../../testing/spans.ts';
import { openTestStore } from '../../../testing/stores.ts';
import { openEmbeddedEngine } from '../../engine/embedded-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { RowBinaryReader } from '../../engine/row-binary-reader.ts';
import { sql, textLiteral } from '../../engine/sql.ts';
import { planCondition } from './condition.ts';

/** Few keys and few values, so that conditions are met now and then. */
const KEYS = ['a', 'b', 'service.name'];
const TEXTS = ['', 'x', 'xy', 'é', '1', 'shop', '\n'];
const INTS = [0n, 1n, -1n, 500n, (1n << 53n) + 1n, -(1n << 63n)];
const DOUBLES = [0, 1, -1, 0.5, 500, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN];

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom(...TEXTS).map((value) => ({ type: 'string' as const, value })),
  fc.constantFrom(...INTS).map((value) => ({ type: 'int' as const, value })),
  fc.constantFrom(...DOUBLES).map((value) => ({ type: 'double' as const, value })),
  fc.boolean().map((value) => ({ type: 'bool' as const, value })),
);

const attributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  {
    weight: 1,
    arbitrary: fc
      .array(scalar, { maxLength: 2 })
      .map((value) => ({ type: 'array' as const, value })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'empty' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'bytes' as const, value: Uint8Array.of(1) }) },
);

const attributes: fc.Arbitrary<readonly Attribute[]> = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('a', 'b'), value: attributeValue }),
  { selector: ({ key }) => key, maxLength: 2 },
);

const someResource: fc.Arbitrary<Resource> = fc
  .tuple(fc.constantFrom('shop', 'x'), attributes)
  .map(([service, more]) => resource(service, more));

const someScope: fc.Arbitrary<Scope> = fc
  .tuple(fc.constantFrom(...TEXTS), attributes)
  .map(([version, more]) => ({ ...SCOPE, version, attributes: more }));

/** Spans of one trace, each the child of one before it or of none. */
const someSpans: fc.Arbitrary<readonly Span[]> = fc
  .tuple(
    fc.array(someResource, { minLength: 3, maxLength: 3 }),
    fc.array(someScope, { minLength: 2, maxLength: 2 }),
    fc.array(
      fc.record({
        attributes,
        eventAttributes: fc.option(attributes, { nil: undefined, freq: 3 }),
        // Spans without a name are given one when they are stored.
        name: fc.constantFrom(...TEXTS.slice(1)),
        kind: fc.constantFrom('internal', 'server', 'client'),
        status: fc.constantFrom('unset', 'ok', 'error'),
        statusMessage: fc.constantFrom(...TEXTS),
        durationMs: fc.constantFrom(0, 1, 500),
        parent: fc.nat(40),
        resource: fc.nat(2),
        scope: fc.nat(1),
      }),
      { minLength: 40, maxLength: 40 },
    ),
  )
  .map(([resources, scopes, drafts]) =>
    drafts.map(({ eventAttributes, durationMs, parent, resource: r, scope: s, ...draft }, index) =>
      span({
        ...draft,
        traceId: traceId(7),
        spanId: spanId(1000 + index),
        parentSpanId: parent < index ? spanId(1000 + parent) : undefined,
        startUnixNano: at(index),
        durationNano: durationNano(BigInt(durationMs) * MS),
        events:
          eventAttributes === undefined
            ? []
            : [
                {
                  timeUnixNano: at(index + 1),
                  name: 'x',
                  attributes: eventAttributes,
                  droppedAttributesCount: 0,
                },
              ],
        resource: resources[r] ?? resource('shop'),
        scope: scopes[s] ?? SCOPE,
      }),
    ),
  );

/** Texts of conditions, from the words of the spans above. */
const field: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...KEYS.map((key) => `.${key}`)) },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS.map((key) => `span.${key}`)) },
  { weight: 2, arbitrary: fc.constantFrom(...KEYS.map((key) => `resource.${key}`)) },
  fc.constantFrom('instrumentation.a', 'event.a', 'parent.a', 'parent.resource.b', 'link.a'),
  fc.constantFrom(
    'name',
    'duration',
    'status',
    'statusMessage',
    'kind',
    'span:id',
    'span:parentID',
  ),
  fc.constantFrom(
    'childCount',
    'nestedSetParent',
    'traceDuration',
    'rootName',
    'trace:id',
    'parent',
  ),
  fc.constantFrom(
    'instrumentation:name',
    'instrumentation:version',
    'event:name',
    'event:timeSinceStart',
  ),
);
const literal: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('""', '"x"', '"xy"', '"é"', '"1"', '"shop"', '"test"', '"\\n"'),
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '500',
    '9007199254740993',
    'minInt',
    '0.5',
    '1.0',
    '500.0',
    '9007199254740992.0',
  ),
  fc.constantFrom('true', 'false', 'nil', 'ok', 'error', 'server', 'client', '1ms', '500ms'),
);
const pattern = fc.constantFrom(
  '"x.*"',
  '"."',
  '".*"',
  '"[0-9]"',
  '"X|é"',
  '"(?i)X"',
  '"^x$"',
  '"(?s)."',
);

const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string; value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    field,
    literal,
    fc
      .tuple(tie('value'), fc.constantFrom('+', '-', '*', '/', '%', '^'), tie('value'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('value').map((value) => `(-(${value}))`),
    tie('condition').map((inner) => `(${inner})`),
  ),
  condition: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(field, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), literal)
      .map((parts) => parts.join(' ')),
    fc
      .tuple(tie('value'), fc.constantFrom('=', '!=', '<', '>='), tie('value'))
      .map((parts) => parts.join(' ')),
    fc.tuple(field, fc.constantFrom('=~', '!~'), pattern).map((parts) => parts.join(' ')),
    field,
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
  ),
})).condition;

const RUNS = Number(process.env['PLANNER_RUNS'] ?? 300);

describe('a condition in SQL', () => {
  const [spans = []] = fc.sample(someSpans, { numRuns: 1, seed: 42 });
  const trace = assembleTrace(traceId(7), spans);
  let directory: string;
  let engine: Engine;

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
    });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  test('is true of the spans of which the evaluator says so, or leaves them to it', async () => {
    let rowCount = 0;
    let undecidedCount = 0;
    await fc.assert(
      fc.asyncProperty(condition, async (text) => {
        const query = read(text);
        fc.pre(query !== undefined);
        const expected = new Set<string | undefined>(
          compileSearch(query.search)(trace)
            .flatMap(({ spans: found }) => found)
            .map((index) => trace.spans[index]?.spanId),
        );
        const truth = planCondition(query.condition, TENANT);
        const rows = await evaluate(truth);
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

  async function evaluate({
    possible,
    certain,
  }: ReturnType<typeof planCondition>): Promise<
    readonly { readonly id: string; readonly isPossible: boolean; readonly isCertain: boolean }[]
  > {
    const answer = await engine.read(sql`
SELECT span_id, toUInt8(${possible}), toUInt8(${certain}) FROM spans WHERE tenant = ${textLiteral(TENANT)}`);
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => ({
      id: reader.hex(8),
      isPossible: reader.uint8() === 1,
      isCertain: reader.uint8() === 1,
    }));
  }
});
