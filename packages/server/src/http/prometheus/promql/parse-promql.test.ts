import { InvalidQueryError } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { findSelections } from './find-selections.ts';
import { parsePromql, parseSelector } from './parse-promql.ts';

describe('a query', () => {
  test('has its selectors with matchers, windows and offsets', () => {
    const query =
      String.raw`sum by (le) (rate(x_bucket{a="b\"c",d!='e',f=~"g|h",i!~` +
      '`j\\d`' +
      `}[1h30m] offset 5m))`;
    expect(findSelections(parsePromql(query), [0])).toMatchObject([
      {
        selector: {
          matchers: [
            { label: '__name__', operator: '=', value: 'x_bucket' },
            { label: 'a', operator: '=', value: 'b"c' },
            { label: 'd', operator: '!=', value: 'e' },
            { label: 'f', operator: '=~', value: 'g|h' },
            { label: 'i', operator: '!~', value: String.raw`j\d` },
          ],
          offsetMs: 300_000,
        },
        window: { name: 'rate', rangeMs: 5_400_000 },
        labels: new Set(['le']),
      },
    ]);
  });

  test.each([
    ['x - y offset 5m', [0, 300_000]],
    ['-x offset 5m', [300_000]],
    ['x offset 1m and y offset 5m > 3', [60_000, 300_000]],
    ['rate(x[5m] offset -1h) / on(a) group_left rate(y[5m])', [-3_600_000, 0]],
    ['sum(x offset 1d)\n/ y', [86_400_000, 0]],
  ])('%s has its offsets where they stand', (query, offsetsMs) => {
    const uses = findSelections(parsePromql(query), [0]);
    expect(uses.map(({ selector }) => selector.offsetMs)).toEqual(offsetsMs);
  });

  test.each(['{__name__!=""}', '{a=~".+"}', '{a!~"|b"}', '{a="",b="c"}'])(
    '%s asks for series by what they have',
    (selector) => {
      expect(parseSelector(selector).kind).toBe('selector');
    },
  );

  test('compares what an offset stands in before it combines it', () => {
    expect(parsePromql('x and y offset 5m > 3')).toMatchObject({
      operator: 'and',
      right: { operator: '>', left: { kind: 'selector', offsetMs: 300_000 } },
    });
  });

  test.each([
    ['x @ 60', [60_000, 60_000]],
    ['-x @ start()', [100_000, 100_000]],
    ['rate(x[5m] @ end() offset 1m)', [200_000, 200_000]],
    ['rate(x[5m] offset 1m @ 60.5)', [60_500, 60_500]],
    ['max_over_time(x[2m:1m])', [0, 60_000, 120_000, 180_000]],
    ['max_over_time(x[1m:30s] offset 10s)', [60_000, 90_000, 150_000, 180_000]],
    ['max_over_time(x[1m:30s] @ 0)', [-30_000, 0]],
    ['max_over_time(x[1m])', [60_000, 180_000]],
    ['max_over_time(max_over_time(x[1m:1m])[1m:1m])', [60_000, 180_000]],
  ])('%s looks at its moments', (query, timesMs) => {
    const [use] = findSelections(parsePromql(query), [100_000, 200_000]);
    expect(use?.timesMs).toEqual(timesMs);
  });

  test('may not look at very many moments', () => {
    const query = parsePromql('max_over_time(x[1d:1s])');
    expect(() => findSelections(query, [0])).toThrow('a subquery has more than 11000 moments');
  });

  test('may name its metric in braces', () => {
    expect(parseSelector('{"a.b", c="d"}').matchers).toEqual([
      { label: '__name__', operator: '=', value: 'a.b' },
      { label: 'c', operator: '=', value: 'd' },
    ]);
  });

  test.each([
    ['rate(x[1800s])', 1_800_000],
    ['rate(x[300])', 300_000],
    ['increase(x[6m0s])', 360_000],
    ['rate(x[500ms])', 500],
    ['rate(x[1d])', 86_400_000],
  ])('%s looks at so many milliseconds', (query, rangeMs) => {
    expect(findSelections(parsePromql(query), [0])[0]?.window?.rangeMs).toBe(rangeMs);
  });

  test('needs only the labels that are left when series are added up', () => {
    const labels = (query: string) =>
      findSelections(parsePromql(query), [0]).map((use) => use.labels);
    expect(labels('sum(rate(a[1m])) by (x) / sum(b)')).toEqual([new Set('x'), new Set()]);
    expect(labels('sum without (x) (a)')).toEqual([undefined]);
    expect(labels('avg by (x) (a)')).toEqual([undefined]);
    expect(labels('sum by (x) (a > 1)')).toEqual([undefined]);
    expect(labels('topk(5, sum by (x) (a))')).toEqual([new Set('x')]);
  });

  test('may have comments, parentheses and lines', () => {
    expect(parsePromql('# what it is\n(\n  (sum(a))\n) # so')).toMatchObject({
      kind: 'aggregation',
      name: 'sum',
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['', '1:1: parse error: no expression found in input'],
    ['rate(x[5m', '1:10: parse error: unexpected end of input'],
    ['sum(\n  x{a=}\n)', '2:7: parse error: unexpected "}"'],
    ['rate(x[$__range])', '1:8: parse error: unexpected "$"'],
    ['deriv(x[5m])', 'function "deriv" is not supported here; functions: rate, increase, irate'],
    [
      'count_values("a", x)',
      'aggregation "count_values" is not supported here; aggregations: sum, avg',
    ],
    ['x[5m]', 'a window is not supported here without one of rate, increase, irate'],
    ['sum(x) offset 5m', '1:8: parse error: an offset of what is no selector is not supported'],
    ['x offset 5m offset 6m', '1:13: parse error: an offset of what is no selector'],
    ['rate(x[5m:1m])', 'rate of a subquery is not supported here; it takes a selector'],
    ['x[5m:1m]', 'a window is not supported here without one of rate, increase, irate'],
    ['max_over_time(1[5m:1m])', 'expected type instant vector in subquery, got scalar'],
    ['max_over_time(x[5m:0s])', 'step 0s is not supported here'],
    ['sum(x) @ 5', '1:8: parse error: the modifier @ of what is no selector'],
    ['x @ NaN', 'the moment NaN is not supported here'],
    ['label_replace(x, "a", "b", "c")', 'expected 5 argument(s) in call to "label_replace", got 4'],
    ['label_join(x, "a", y)', 'expected type string in call to function "label_join"'],
    ['1 atan2 2', 'operator "atan2" is not supported here'],
    ['rate(x)', 'expected type range vector in call to function "rate", got instant vector'],
    ['sum(x[5m])', 'got range vector; windows are for rate, increase, irate'],
    ['histogram_quantile(x, x)', 'expected type scalar in call to function "histogram_quantile"'],
    ['sum(1)', 'expected type instant vector in aggregation expression "sum", got scalar'],
    ['topk(x)', 'wrong number of arguments for aggregate expression'],
    ['1 > 2', 'comparisons between scalars must use BOOL modifier'],
    ['1 and x', 'set operator "and" not allowed in binary scalar expression'],
    ['{}', 'vector selector must contain at least one non-empty matcher'],
    ['{a=~".*",b!="c"}', 'vector selector must contain at least one non-empty matcher'],
    ['rate(x[0s])', 'window 0s is not supported here'],
    ['x offset 1y_', 'parse error'],
  ])('%s', (query, message) => {
    expect(() => parsePromql(query)).toThrow(InvalidQueryError);
    expect(() => parsePromql(query)).toThrow(message);
  });

  test('what is too deep or too long', () => {
    expect(() => parsePromql(`${'('.repeat(200)}x${')'.repeat(200)}`)).toThrow('levels');
    expect(() => parsePromql('x'.repeat(70_000))).toThrow('exceeds');
  });
});
