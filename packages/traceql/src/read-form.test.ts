import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkQuery } from './check-query.ts';
import { runWithoutPause } from './evaluate/pausable.ts';
import { compileSearch } from './evaluate/search.ts';
import { searchOfForm } from './form-search.ts';
import { parseQuery } from './parse-query.ts';
import { printExpression, printQuery } from './print-query.ts';
import { readForm } from './read-form.ts';
import { expression } from './testing/arbitrary-query.ts';
import type { SearchQuery } from './syntax-tree.ts';
import { SHOP_TRACE } from './testing/shop-trace.ts';

function read(text: string) {
  const query = parseQuery(text);
  if (query.kind !== 'search') throw new Error('not a search');
  const { form, beyond } = readForm(query);
  const conditions = form?.conditions?.map((condition) => printExpression(condition));
  return { form: form && { ...form, conditions }, beyond };
}

describe('readForm', () => {
  test('reads what a form asks, in any order', () => {
    expect(
      read('{ status = error && .a = "x" && duration <= 2s && resource.service.name = "cart" }')
        .form,
    ).toEqual({
      status: 'error',
      service: 'cart',
      maxDurationNano: 2_000_000_000n,
      attributes: [{ key: 'a', value: 'x' }],
    });
    expect(read('{ }').form).toEqual({ attributes: [] });
  });

  test('reads bounds of durations, exclusive ones and the closest of several', () => {
    const bounds = (text: string) => {
      const { minDurationNano, maxDurationNano } = read(text).form ?? {};
      return [minDurationNano, maxDurationNano];
    };
    expect(bounds('{ duration>500ms }')).toEqual([500_000_001n, undefined]);
    expect(bounds('{ 2s >= duration && span:duration > 0.5s }')).toEqual([
      500_000_001n,
      2_000_000_000n,
    ]);
    expect(bounds('{ duration > 1s && duration >= 2s && duration < 1m && duration < 2m }')).toEqual(
      [2_000_000_000n, 59_999_999_999n],
    );
    expect(bounds('{ duration = 1us }')).toEqual([1000n, 1000n]);
  });

  test('an attribute’s value is read as a form does: as text and as number', () => {
    expect(read('{ .a = "1" || .a = 1 }').form).toEqual({ attributes: [{ key: 'a', value: '1' }] });
  });

  test.each([
    '.a = 1',
    '.a = "1"',
    'span.http.route = "/orders"',
    '.a != "x"',
    'event.x >= 5',
    'parent.a = "x"',
    'kind = server',
    'name =~ "a.*"',
    'status != error',
    'duration != 1s',
    'duration > -5ms',
    '.a = nil',
    'resource.service.name != "cart"',
    'name = ""',
    'rootName = " x"',
  ])('has a place for %s among other conditions', (condition) => {
    const { form } = read(`{ ${condition} }`);
    expect(form?.conditions).toHaveLength(1);
    expect(form).toMatchObject({ attributes: [] });
  });

  test('a second name is one more condition', () => {
    expect(read('{ name = "a" && "b" = name }').form).toEqual({
      spanName: 'a',
      attributes: [],
      conditions: ['name = "b"'],
    });
  });

  test.each([
    ['{ .a = "x" || .b = "x" }', 'alternative', '||'],
    ['{ .a = 1 && !(.b = 1) }', 'negation', '!'],
    ['{ .a + 1 = 2 }', 'arithmetic', '+'],
    ['{ .a = .b }', 'comparison', '='],
    ['{ .a }', 'truth', '.a'],
    ['{ nestedSetLeft > 3 }', 'field', 'nestedSetLeft > 3'],
    ['{ .a = error }', 'field', '.a = error'],
    ['{ } >> { .a = 1 }', 'relation', '>>'],
    ['({ } > { }) | count() > 1', 'relation', '>'],
    ['{ } && { }', 'relation', '&&'],
    ['{ } | count() > 1', 'stage', '>'],
    ['{ } | by(.a)', 'stage', 'by()'],
    ['{ } | select(.a)', 'stage', 'select()'],
    ['{ name = "a" } | order by duration desc', 'order', 'order by'],
    ['{ } with (most_recent=true)', 'hint', 'with()'],
  ])('names what of %s no form asks', (text, what, sign) => {
    expect(read(text).beyond).toMatchObject({ what, sign });
  });

  test('is the way back from every form', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const name = text.map((each) => each.trim()).filter((each) => each !== '');
    const form = fc.record({
      service: fc.option(name, { nil: undefined }),
      spanName: fc.option(name, { nil: undefined }),
      status: fc.constantFrom(undefined, 'unset', 'ok', 'error'),
      minDurationNano: fc.option(fc.bigInt(0n, 10n ** 15n), { nil: undefined }),
      maxDurationNano: fc.option(fc.bigInt(0n, 10n ** 15n), { nil: undefined }),
      attributes: fc.array(
        fc.record({
          key: text,
          value: fc.oneof(text, fc.integer().map(String), fc.constantFrom('true', '1.5', '')),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(form, (asked) => {
        expect(read(printQuery(searchOfForm(asked))).form).toEqual(asked);
      }),
    );
  });

  test('a form finds the spans that its query does, and reads as itself', () => {
    const condition = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...SHOP_CONDITIONS) },
      expression.map(printExpression),
    );
    const asked = fc
      .array(condition, { minLength: 1, maxLength: 4 })
      .map((all) => all.join(' && '));
    let readCount = 0;
    fc.assert(
      fc.property(asked, (conditions) => {
        const query = parseQuery(`{ ${conditions} }`);
        if (query.kind !== 'search') return;
        const { form } = readForm(query);
        if (form === undefined || !isSound(printQuery(query))) return;
        readCount++;
        const printed = searchOfForm(form);
        expect(find(printed)).toEqual(find(query));
        expect(read(printQuery(printed)).form).toEqual(read(`{ ${conditions} }`).form);
      }),
      { numRuns: 500 },
    );
    expect(readCount).toBeGreaterThan(50);
  });
});

/** Some of what is true of spans of the shop's trace, and some that is not. */
const SHOP_CONDITIONS = [
  'duration > 40ms',
  '40ms <= duration',
  'duration < 100ms',
  'duration = 40ms',
  'duration > 39999999',
  'name = "render"',
  '"render" = name',
  'name =~ "GET.*"',
  'kind = server',
  'status = error',
  'status != error',
  '.code = 500',
  '.code = "500"',
  '(.code = "500" || .code = 500)',
  '.db.rows > 3',
  '3 < .db.rows',
  '.ok = true',
  '.code = nil',
  '.tags != "c"',
  'span.shared = "span"',
  'resource.service.name = "mail"',
  'resource.service.name != "mail"',
];

function isSound(text: string): boolean {
  try {
    checkQuery(parseQuery(text), text);
    return true;
  } catch {
    // It is none that could be asked.
    return false;
  }
}

function find(query: SearchQuery) {
  return runWithoutPause(compileSearch(query)(SHOP_TRACE)).flatMap(({ spans }) => spans);
}
