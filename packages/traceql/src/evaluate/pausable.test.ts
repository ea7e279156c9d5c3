import type { Trace } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { checkQuery } from '../check-query.ts';
import { parseQuery } from '../parse-query.ts';
import { traceOf } from '../testing/shop-trace.ts';
import { runWithoutPause } from './pausable.ts';
import type { Pausable } from './pausable.ts';
import { compileSearch } from './search.ts';
import type { TraceMatcher } from './search.ts';

const SPAN_COUNT = 12_000;
/** Each span has `width` children, as far as there are spans. */
const treeOf = (width: number): Trace =>
  traceOf(
    Array.from({ length: SPAN_COUNT }, (_, i) => ({
      id: i + 1,
      ...(i === 0 ? {} : { parent: Math.floor((i - 1) / width) + 1 }),
      name: `name ${i % 7}`,
    })),
  );
const WIDE = treeOf(100);
const NARROW = treeOf(2);

const QUERIES: readonly string[] = [
  '{ name =~ "name [12]" }',
  '{ name = "name 3" } >> { name = "name 4" }',
  '{ name = "name 3" } !~ { }',
  '{ span:childCount > 1 }',
  '{ nestedSetLeft % 5 = 1 } || { parent.x = nil }',
  '{ } | by(name) | avg(duration) >= 1ms',
  '{ } | by(span:id) | count() = 1 | coalesce()',
  '({ name = "name 1" } | max(span:childCount)) < ({ } | sum(span:childCount))',
];

describe('a question about a large trace', () => {
  test.each(QUERIES)('lets others have their turns: %s', (text) => {
    const steps = matcherOf(text)(WIDE);
    let pauseCount = 0;
    while (steps.next().done !== true) pauseCount++;
    expect(pauseCount).toBeGreaterThanOrEqual(Math.floor(SPAN_COUNT / 1024));
  });

  test.each(QUERIES)(
    'has the same answer where another trace is looked at in between: %s',
    (text) => {
      const match = matcherOf(text);
      const alone = [WIDE, NARROW].map((trace) => runWithoutPause(match(trace)));
      expect(runInTurns([match(WIDE), match(NARROW)])).toEqual(alone);
      expect(alone.flat()).not.toEqual([]);
    },
  );

  test('finds the spans that have children, as a small one does', () => {
    const parents = new Set(NARROW.spans.map((span) => span.parentSpanId));
    const found = runWithoutPause(matcherOf('{ span:childCount > 0 }')(NARROW));
    expect(found.flatMap(({ spans }) => spans)).toEqual(
      [...NARROW.spans.keys()].filter((index) => parents.has(NARROW.spans[index]?.spanId)),
    );
  });
});

test('each span of a trace that has no root is looked at once for the name of the root', () => {
  const withoutRoot = { ...WIDE, spans: WIDE.spans.slice(1) };
  let lookCount = 0;
  const spans = new Proxy(withoutRoot.spans, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string' && /^\d+$/.test(key)) lookCount++;
      return Reflect.get(target, key, receiver);
    },
  });
  const found = runWithoutPause(matcherOf('{ trace:rootName = nil }')({ ...withoutRoot, spans }));
  expect(found[0]?.spans).toHaveLength(SPAN_COUNT - 1);
  expect(lookCount).toBeLessThan(10 * SPAN_COUNT);
});

function matcherOf(text: string): TraceMatcher {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind !== 'search') throw new Error(`no search: ${text}`);
  return compileSearch(query);
}

/** One step of each at a time. */
function runInTurns<Result>(all: readonly Pausable<Result>[]): readonly (Result | undefined)[] {
  const results = new Map<Pausable<Result>, Result>();
  while (results.size < all.length) {
    for (const steps of all.filter((each) => !results.has(each))) {
      const step = steps.next();
      if (step.done === true) results.set(steps, step.value);
    }
  }
  return all.map((steps) => results.get(steps));
}
