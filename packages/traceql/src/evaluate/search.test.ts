import type { Trace } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { checkQuery } from '../check-query.ts';
import { parseQuery } from '../parse-query.ts';
import { SHOP_TRACE, traceOf } from '../testing/shop-trace.ts';
import { runWithoutPause } from './pausable.ts';
import { compileSearch } from './search.ts';
import type { Spanset } from './search.ts';

/** Spans of `SHOP_TRACE` by the numbers they are drawn with there. */
const FILTERS: readonly (readonly [condition: string, spans: readonly number[]])[] = [
  ['', [1, 2, 3, 4, 5, 6]],
  ['false', []],
  ['name = "render"', [2]],
  ['name != "render"', [1, 3, 4, 5, 6]],
  ['name =~ "GET"', []],
  ['name =~ "GET.*"', [1, 4]],
  ['name !~ "GET.*"', [2, 3, 5, 6]],
  ['name > "render"', [5]],
  ['duration >= 40ms', [1, 2, 4]],
  ['duration > 0.04s && duration < 100000000', [2]],
  ['kind = server && status != error', [1]],
  ['kind = "server"', []],
  ['status = error || kind = client', [3, 4]],
  ['statusMessage = "out of stock"', [4]],
  ['.db.rows > 3', [4]],
  ['.db.rows >= 3.0', [3, 4]],
  ['.db.rows * 2 = 15', [4]],
  ['-.db.rows < -5', [4]],
  ['.db.rows % 2 = 1', [3]],
  ['.db.rows ^ 2 = 9', [3]],
  ['.db.rows / 2 = 1.5', [3]],
  ['.code = 500', [4]],
  ['.code = "500"', [3]],
  ['.code != 500', []],
  ['.code != 400', [4]],
  ['!(.code = 500)', [1, 2, 3, 5, 6]],
  ['.code = nil', [1, 2, 5, 6]],
  ['.code != nil', [3, 4]],
  ['nil = .code', [1, 2, 5, 6]],
  ['nil = nil', []],
  ['.ok', [1]],
  ['!.ok', []],
  ['.ok = true', [1]],
  ['.tags = "a"', [5]],
  ['.tags != "a"', []],
  ['.tags != "c"', [5]],
  ['"b" = .tags', [5]],
  ['.tags =~ "[ab]"', [5]],
  ['.tags !~ "c"', [5]],
  ['.shared = "span"', [1]],
  ['span.shared = "span"', [1]],
  ['.shared = "resource"', [2, 3, 4, 5, 6]],
  ['resource.shared = "resource"', [1, 2, 3, 4, 5, 6]],
  ['resource.service.name = "mail"', [5, 6]],
  ['.service.name =~ "s.*"', [1, 2, 3, 4]],
  ['span.service.name != nil', []],
  ['instrumentation:name = "http" && instrumentation:version = "1.2"', [1, 2, 3, 4, 5, 6]],
  ['parent.kind = nil', [1, 2, 3, 4, 5, 6]],
  ['parent.http.response.status_code = 200', [2, 5]],
  ['parent.resource.service.name != resource.service.name', [4, 5]],
  ['parent.resource.service.name = "shop"', [2, 3, 4, 5]],
  ['parent = nil', [1, 6]],
  ['nestedSetParent = -1', [1]],
  ['nestedSetLeft > 0 && nestedSetRight - nestedSetLeft = 1', [3, 4, 5]],
  ['childCount = 2', [1, 2]],
  ['trace:duration = 120ms', [1, 2, 3, 4, 5, 6]],
  ['rootName = "GET /cart" && rootServiceName = "shop" && duration < 10ms', [5]],
  ['trace:id = "0af7651916cd43dd8448eb211c80319c" && span:id =~ ".*4"', [4]],
  ['span:parentID = nil', [1]],
  ['event:name = "retry"', [1]],
  ['event:timeSinceStart > 40ms', [1]],
  ['event:timeSinceStart > 60ms', []],
  ['event.key = "cart" && event.try = 2', [1]],
  ['event.try = nil', [2, 3, 4, 5, 6]],
  ['link:traceID != nil', []],
];

const STRUCTURES: readonly (readonly [query: string, spans: readonly number[]])[] = [
  ['{ name = "render" } > { }', [3, 4]],
  ['{ name = "render" } !> { }', [1, 2, 5, 6]],
  ['{ name = "render" } &> { kind = server }', [2, 4]],
  ['{ kind = server } >> { }', [2, 3, 4, 5]],
  ['{ kind = server } !>> { }', [1, 6]],
  ['{ kind = client } < { }', [2]],
  ['{ kind = client } << { }', [1, 2]],
  ['{ kind = client } &<< { kind = server }', [1, 3]],
  ['{ kind = client } ~ { }', [4]],
  ['{ kind = client } !~ { }', [1, 2, 3, 5, 6]],
  ['{ } ~ { }', [2, 3, 4, 5]],
  ['{ kind = client } &~ { }', [3, 4]],
  ['{ kind = client } && { status = error }', [3, 4]],
  ['{ kind = client } && { kind = consumer }', []],
  ['{ kind = client } || { kind = consumer }', [3]],
  ['{ kind = server } > { } > { }', [3, 4]],
  ['{ name = "lost" } > { } || { name = "send" }', [5]],
];

const PIPELINES: readonly (readonly [query: string, spansets: readonly (readonly number[])[]])[] = [
  ['{ } | { kind = server } | { status = error }', [[4]]],
  ['{ } | count() = 6', [[1, 2, 3, 4, 5, 6]]],
  ['{ kind = server } | count() > 2', []],
  ['{ } | avg(duration) > 40.8ms', [[1, 2, 3, 4, 5, 6]]],
  ['{ } | max(.db.rows) = 7.5', [[1, 2, 3, 4, 5, 6]]],
  ['{ kind = producer } | sum(.db.rows) >= 0', []],
  ['{ } | min(.db.rows) + count() * 2 = 15', [[1, 2, 3, 4, 5, 6]]],
  ['{ } | by(resource.service.name)', [[1, 2, 3], [4], [5, 6]]],
  [
    '{ } | by(resource.service.name) | count() > 1',
    [
      [1, 2, 3],
      [5, 6],
    ],
  ],
  ['{ } | by(.db.rows) | { name != "lost" }', [[1, 2, 5], [3], [4]]],
  ['{ } | by(status) | coalesce() | count() = 6', [[1, 2, 3, 4, 5, 6]]],
  ['({ kind = server } | count() = 2) && { kind = client }', [[1, 3, 4]]],
  ['({ kind = server } | count() = 3) && { kind = client }', []],
  ['({ kind = server } | count()) > ({ kind = client } | count())', [[1, 3, 4]]],
  ['({ kind = server } | count()) < ({ kind = client } | count())', []],
  ['({ true } | count()) = 6', [[1, 2, 3, 4, 5, 6]]],
  ['({ true } | count()) = 3', []],
  ['({ kind = server } | count()) > ({ kind = consumer } | count())', [[1, 4]]],
  ['({ kind = consumer } | count()) = 0', []],
  ['({ kind = consumer } | sum(.db.rows)) < ({ kind = client } | count())', []],
  ['({ .db.rows != nil } | max(.db.rows) * 2) - ({ kind = producer } | count()) = 14', [[3, 4, 5]]],
  ['({ status = error } | count()) / ({ } | count()) < 0.2 | { kind = client }', [[3]]],
  ['({ } | by(status) | coalesce() | count()) = 6 | by(status) | count() = 1', [[4]]],
  ['(({ kind = server } | count()) = 2) >> { kind = client }', [[3]]],
  ['{ } | select(name, .x)', [[1, 2, 3, 4, 5, 6]]],
];

describe('of the shop’s trace', () => {
  test.each(FILTERS)('{ %s } finds the spans %j', (condition, spans) => {
    expect(numbersOf(search(`{ ${condition} }`))).toEqual(spans.length === 0 ? [] : [spans]);
  });

  test.each(STRUCTURES)('%s finds the spans %j', (query, spans) => {
    expect(numbersOf(search(query))).toEqual(spans.length === 0 ? [] : [spans]);
  });

  test.each(PIPELINES)('%s finds the spansets %j', (query, spansets) => {
    expect(numbersOf(search(query))).toEqual(spansets);
  });

  test('spansets say what they have in common and what was computed of them', () => {
    const spansets = search('{ } | by(resource.service.name) | max(duration) > 50ms');
    expect(spansets.map(({ values }) => values)).toEqual([
      [
        { name: 'by(resource.service.name)', value: { type: 'string', value: 'shop' } },
        { name: 'max(duration)', value: { type: 'float', value: 100_000_000 } },
      ],
    ]);
  });

  test('a number that is none does not count for what spans add up to', () => {
    const sizes = [Number.NaN, 1.5, 2.5, Number.NaN];
    const trace = traceOf(sizes.map((size, id) => ({ id: id + 1, attributes: { size } })));
    for (const scalar of [
      'max(.size) = 2.5',
      'min(.size) = 1.5',
      'sum(.size) = 4',
      'avg(.size) = 2',
    ]) {
      expect(search(`{ } | ${scalar}`, trace), scalar).toHaveLength(1);
    }
    expect(search('{ .size != 1.5 && .size != 2.5 } | min(.size) < 5', trace)).toEqual([]);
  });

  test('answers to numbers of pipelines say what these came to', () => {
    const [spanset] = search('({ kind = server } | count()) > ({ kind = client } | count()) * 1.5');
    expect(spanset?.values).toEqual([
      { name: '({ kind = server } | count())', value: { type: 'int', value: 2n } },
      { name: '({ kind = client } | count())', value: { type: 'int', value: 1n } },
    ]);
  });

  test('relations between several spansets are refused with a way out', () => {
    expect(() => search('({ } | by(status)) > { }')).toThrow('put coalesce() behind by()');
  });
});

function search(text: string, trace: Trace = SHOP_TRACE): readonly Spanset[] {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind !== 'search') throw new Error(`${text} is not a search`);
  return runWithoutPause(compileSearch(query)(trace));
}

function numbersOf(spansets: readonly Spanset[]): readonly (readonly number[])[] {
  return spansets.map(({ spans }) =>
    spans.map((index) => Number(`0x${SHOP_TRACE.spans[index]?.spanId}`)),
  );
}

test('a server’s span that shares its id with a client’s, and names no parent, is a root', () => {
  const shared = { id: 1, name: 'GET', startMs: 0, durationMs: 10 };
  const trace = traceOf([
    { ...shared, kind: 'client' },
    { ...shared, kind: 'server', startMs: 1 },
  ]);
  for (const condition of [
    'nestedSetParent < 0',
    'nestedSetParent < 0.0',
    'nestedSetParent = -1',
  ]) {
    const query = parseQuery(`{ ${condition} }`);
    if (query.kind !== 'search') throw new Error('no search');
    expect(runWithoutPause(compileSearch(query)(trace)).flatMap(({ spans }) => spans)).toEqual([
      0, 1,
    ]);
  }
});
