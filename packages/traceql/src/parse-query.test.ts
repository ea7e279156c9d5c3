import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QuerySyntaxError } from '@clew/model';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { metricsQuery, searchQuery } from './testing/arbitrary-query.ts';

/** A query, and how it is printed where that differs. */
const QUERIES: readonly (readonly [text: string, printed?: string])[] = [
  ['{}', '{ }'],
  ['{ true }'],
  ['{.a="b"}', '{ .a = "b" }'],
  [
    '{ span.http.status_code >= 500 && resource.service.name = `shop` }',
    '{ span.http.status_code >= 500 && resource.service.name = "shop" }',
  ],
  ['{ .a-b/c = 1 }'],
  ['{ span."a b".c = 1.5 }', '{ span."a b.c" = 1.5 }'],
  ['{ parent.resource.service.name != parent.x }'],
  ['{ parent.span.x = event.y || link.z = instrumentation.w }'],
  ['{ duration > 1h30m && span:name =~ "GET .*" }', '{ duration > 1h30m && name =~ "GET .*" }'],
  ['{ traceDuration<1.5s }', '{ trace:duration < 1s500ms }'],
  [
    '{ trace:id = "ABC1" || "1f" != span:parentID || link:traceID =~ "1" || .id = "1" }',
    '{ trace:id = "0000000000000000000000000000abc1" || "000000000000001f" != span:parentID || link:traceID =~ "1" || .id = "1" }',
  ],
  ['{ trace:id = "none" || span:id = "" }'],
  ['{ status = error && kind != server && .x = nil }'],
  ['{ -.a * 2 + 3 ^ 2 ^ -.b > -5 }'],
  ['{ (.a + .b) * 2 = (2 ^ 3) ^ 4 }'],
  ['{ !.a && !(.b || .c) }'],
  ['{ .a || .b && .c }'],
  ['{ .a || (.b && .c) }'],
  ['{ .a } && { .b } || { .c }'],
  ['{ .a } && ({ .b } || { .c })'],
  ['{ .a } >> { .b } && { .c } !~ { .d }'],
  ['({ .a } && { .b }) &>> { .c }'],
  ['{ .a } | { .b } > { .c } | count() > 2'],
  ['({ .a } | count() > 2) && { .b }'],
  ['{ } | avg(duration) > 100ms | by(resource.service.name) | coalesce() | select(name, .x)'],
  ['{ } | 2 * (count() - 1) >= max(.a) % 3 ^ 2'],
  ['({ .a } | count()) > ({ .b } | count())'],
  ['({ true } | count()) = 3'],
  ['(({ true } | count())) = (3)', '({ true } | count()) = 3'],
  ['(({ .a } && { .b }) | avg(.x) * 2) >= 1s', '({ .a } && { .b } | avg(.x) * 2) >= 1s'],
  [
    '(({ .a } | { .b } | sum(duration)) + (1 + ({ .c } | count()))) / 2 < 5 | select(name) | rate()',
    '(({ .a } | { .b } | sum(duration)) + (1 + ({ .c } | count()))) / 2 < 5 | select(name) | rate()',
  ],
  ['(({ .a } | count()) > 2) && { .b }'],
  ['(({ .a } | count()) > 2 | count()) = 1'],
  ['(({ .a } | count()) > 2 | rate()) / 2'],
  ['{ } | order by duration', '{ } | order by duration desc'],
  ['{ } | select(status) | order by start asc with(most_recent=true)'],
  ['{ } | rate()'],
  [
    '{ .a } > { .b } | rate() by (resource.service.name, status) | topk(5)',
    '{ .a } > { .b } | rate() by(resource.service.name, status) | topk(5)',
  ],
  ['{ } | quantile_over_time(duration, 0.5, 0.99) > 1s'],
  [
    '{ } | quantile_over_time(duration,.5, .99) > .25s',
    '{ } | quantile_over_time(duration, 0.5, 0.99) > 250ms',
  ],
  ['{.a=.5}', '{ .a = 0.5 }'],
  ['{ ."5" = .5xx && span.5 > .1e1 }', '{ ."5" = .5xx && span.5 > 1.0 }'],
  ['{ } | histogram_over_time(duration) with(power_of_two_buckets=true, sample=0.1)'],
  ['{ } | compare({ status = error }, 10, 1700000000000000000, 1700000001000000000)'],
  ['({ .a } | rate()) / ({ .b } | rate() by(name)) * 100'],
  ['(({ .a } | rate()) + 1) / 2'],
];

describe('a query that was read', () => {
  test.each(QUERIES.map(([text, printed = text]) => [text, printed] as const))(
    '%s is printed as %s',
    (text, printed) => {
      expect(printQuery(parseQuery(text))).toBe(printed);
    },
  );

  test('is read as the same when it is printed', () => {
    fc.assert(
      fc.property(fc.oneof(searchQuery, metricsQuery), (query) => {
        const text = printQuery(query);
        const again = parseQuery(text);
        expect(withoutRanges(again)).toEqual(withoutRanges(query));
        expect(printQuery(again)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('knows where its parts stand', () => {
    const text = '{ .a = 1 } | count() > 2';
    const query = parseQuery(text);
    if (query.kind !== 'search') throw new Error('not a search');
    const parts = query.pipeline.stages.map(({ range }) => text.slice(range.start, range.end));
    expect(parts).toEqual(['{ .a = 1 }', 'count() > 2']);
  });
});

/** A text that is no query, and what is said of it. */
const FAULTS: readonly (readonly [text: string, message: string])[] = [
  ['', 'expected "{" or "(" but found the end of the query at 0'],
  ['{', 'expected a value or an attribute but found the end of the query at 1'],
  ['{ .a = }', 'expected a value or an attribute but found "}" at 7'],
  ['{ .a = 1', 'expected an operator or "}" but found the end of the query at 8'],
  ['{ .a 1 }', 'expected an operator or "}" but found "1" at 5'],
  ['{ foo = 1 }', 'expected a value or an attribute but found "foo" at 2'],
  ['{ . = 1 }', 'expected the name of an attribute at 3'],
  ['{ .a = "b }', 'the text that begins here has no closing " at 7'],
  ['{ .a = "\\q" }', 'unknown escape \\q at 8'],
  ['{ .a = `b }', 'the text that begins here has no closing ` at 7'],
  ['{ .a = 99999999999999999999 }', '99999999999999999999 is more than 64 bits hold at 7'],
  ['{ .a = 999999999y }', '999999999y is more than 64 bits hold at 7'],
  ['{ .a # 1 }', 'unexpected "#" at 5'],
  ['{ } extra', 'expected the end of the query but found "extra" at 4'],
  [
    '{ } | foo()',
    'expected a stage such as rate(), count() > 1 or select(name) but found "foo" at 6',
  ],
  ['{ } | count()', 'expected a comparison but found the end of the query at 13'],
  ['{ } | select()', 'expected an attribute but found ")" at 13'],
  ['({ } | count())', 'expected a comparison but found the end of the query at 15'],
  ['({ } | count()) && { }', 'expected a comparison but found "&&" at 16'],
  [
    '({ } | count()) > ({ })',
    'expected a number or an aggregate such as count() but found "{" at 19',
  ],
  ['{ } > ', 'expected "{" but found the end of the query at 6'],
  ['{ } | order by name', 'expected start or duration but found "name" at 15'],
  ['{ } | rate() | foo', 'expected topk or bottomk but found "foo" at 15'],
  ['{ } | quantile_over_time(duration, 2)', 'quantile 2 is more than 1 at 35'],
  ['({ } | rate()) / 1s', 'expected a number at 17'],
  ['{ } with(sample)', 'expected "=" but found ")" at 15'],
];

describe('a text that is no query', () => {
  test.each(FAULTS)('%s: %s', (text, message) => {
    expect(() => parseQuery(text)).toThrow(
      expect.objectContaining({ name: 'QuerySyntaxError', message }),
    );
  });

  test('is refused with a position within it, however it is made', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '|',
      '.a',
      '"b"',
      '1',
      '5ms',
      '&&',
      '>>',
      '!',
      '-',
      '^',
      'rate',
      'by',
      ',',
      'count',
      'nil',
      'with',
      '=',
      '"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        try {
          parseQuery(text);
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError);
          const { position } = error as QuerySyntaxError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('is refused when it is nested too deep or too long', () => {
    expect(() => parseQuery(`{ ${'('.repeat(10_000)}`)).toThrow('nested more than 200 deep');
    expect(() => parseQuery(`{ ${'!'.repeat(10_000)}true }`)).toThrow('nested more than 200 deep');
    expect(() => parseQuery('('.repeat(10_000))).toThrow('nested more than 200 deep');
    expect(() => parseQuery(`{ } | ${'('.repeat(130_000)}`)).toThrow('nested more than 200 deep');
    const chain = (operator: string, count: number) => `{ true }${operator.repeat(count)}`;
    for (const operator of [' && { true }', ' >> { true }', ' | { true }']) {
      expect(() => parseQuery(chain(operator, 2000))).not.toThrow();
      expect(() => parseQuery(chain(operator, 2001))).toThrow('more than 2000 operators at');
    }
    expect(() => parseQuery(`{ true${' || true'.repeat(2001)} }`)).toThrow('2000 operators at');
    expect(() => parseQuery(`{ .a = "${'b'.repeat(200_000)}" }`)).toThrow('longer than');
  });
});

function withoutRanges(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => {
      if (key === 'range') return undefined;
      return typeof value === 'bigint' ? `${value}n` : value;
    }),
  );
}

test('keeps the lowest integer apart from its negative, which 64 bits do not hold', () => {
  expect(printQuery(parseQuery('{ -(minInt) = -(-1) }'))).toBe('{ -(minInt) = 1 }');
});
