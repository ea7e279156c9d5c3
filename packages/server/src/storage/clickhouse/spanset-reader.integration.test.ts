import {
  attributeField,
  compileShownSpansets,
  intrinsicField,
  runWithoutPause,
} from '@clew/traceql';
import type { Field, SearchQuery, ShownSpanset } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import {
  arbitrarySearch,
  parseSearchIfRight,
  sampleTraces,
} from '../testing/arbitrary-searches.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { PLANNER_SEED, plannerRuns } from '../testing/planner-runs.ts';
import { TENANT, blockOf } from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';

const RUNS = plannerRuns(100);
const TRACES = sampleTraces(60);

/** Of each kind: an attribute, what a span without attributes has, and what the trace alone tells; together and each by itself. */
const FIELDS: readonly (readonly Field[])[] = [
  [],
  [intrinsicField('span:status')],
  [intrinsicField('span:statusMessage')],
  [intrinsicField('span:parentID'), attributeField('resource', 'service.name')],
  [intrinsicField('trace:rootName')],
  [intrinsicField('trace:rootService'), intrinsicField('span:childCount')],
  [
    intrinsicField('nestedSetParent'),
    attributeField('any', 'http.method'),
    intrinsicField('event:name'),
  ],
];

let directory: string;
let store: SpanStore;

beforeAll(async () => {
  directory = await makeDirectory();
  store = await openTestStore(directory);
  await store.write(
    blockOf(
      TRACES.flatMap(({ spans }) => spans),
      TENANT,
    ),
  );
  await store.flush();
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await removeDirectory(directory);
});

test(
  `spansets of random traces are what the evaluator says (PLANNER_SEED=${PLANNER_SEED})`,
  async () => {
    let foundCount = 0;
    const traceIds = TRACES.map(({ traceId }) => traceId);
    await fc.assert(
      fc.asyncProperty(arbitrarySearch, fc.constantFrom(...FIELDS), async (text, fields) => {
        const search = parseSearchIfRight(text);
        fc.pre(search !== undefined);
        const asked = { search, fields, shownCount: 3 };
        const expected = answersOf(search, asked);
        fc.pre(expected !== undefined);
        const found = await store.readSpansets({ tenant: TENANT, traceIds, ...asked });
        expect(Object.fromEntries(found), text).toEqual(Object.fromEntries(expected));
        foundCount += found.size;
      }),
      { numRuns: RUNS },
    );
    expect(foundCount).toBeGreaterThan(RUNS);
  },
  60_000 + RUNS * 500,
);

/** Undefined where the query cannot be answered. */
function answersOf(
  search: SearchQuery,
  asked: { readonly fields: readonly Field[]; readonly shownCount: number },
): ReadonlyMap<string, readonly ShownSpanset[]> | undefined {
  const show = compileShownSpansets({ search, ...asked });
  try {
    const answers = TRACES.map((trace) => [trace.traceId, runWithoutPause(show(trace))] as const);
    return new Map(answers.filter(([, spansets]) => spansets.length > 0));
  } catch {
    return undefined;
  }
}
