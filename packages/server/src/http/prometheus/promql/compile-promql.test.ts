import { describe, expect, test } from 'vitest';
import { compilePromql } from './compile-promql.ts';
import type { PromqlValue, Selection } from './compile-promql.ts';
import { PromqlExecutionError } from './execution-error.ts';
import { METRIC_NAME } from './labels.ts';
import type { Labels, Sample } from './labels.ts';
import { parsePromql } from './parse-promql.ts';

type Series = readonly [labels: Record<string, string>, value: number];

/** What the metrics of a test are, by name; a window of one is the same numbers. */
const METRICS: Readonly<Record<string, readonly Series[]>> = {
  calls: [
    [{ service: 'shop', code: 'ok' }, 8],
    [{ service: 'shop', code: 'error' }, 2],
    [{ service: 'users', code: 'ok' }, 5],
    [{ service: 'empty', code: 'ok' }, 0],
  ],
  total: [
    [{ service: 'shop' }, 10],
    [{ service: 'users' }, 5],
  ],
  owner: [
    [{ service: 'shop', team: 'a' }, 1],
    [{ service: 'users', team: 'b' }, 1],
  ],
  odd: [
    [{ n: '1' }, NaN],
    [{ n: '2' }, 3],
    [{ n: '3' }, 1],
  ],
  latency_bucket: [
    [{ le: '0.1', service: 'shop' }, 10],
    [{ le: '0.2', service: 'shop' }, 30],
    [{ le: '0.5', service: 'shop' }, 40],
    [{ le: '+Inf', service: 'shop' }, 50],
    [{ le: '0.1', service: 'users' }, 0],
    [{ le: '+Inf', service: 'users' }, 0],
  ],
};

const NOW_MS = 1_795_000_000_000;

function evaluate(query: string): PromqlValue {
  const read = (selection: Selection) => {
    const selector = selection.kind === 'selector' ? selection : windowOf(selection);
    const name = selector.matchers[0]?.value ?? '';
    const isWindow = selection.kind === 'call';
    const samples = (METRICS[name] ?? []).map(([labels, value]): Sample => {
      const named = isWindow ? labels : { [METRIC_NAME]: name, ...labels };
      return { labels: new Map(Object.entries(named)), value };
    });
    return () => samples;
  };
  const timesMs = [NOW_MS];
  const range = { startMs: NOW_MS, endMs: NOW_MS };
  return compilePromql(parsePromql(query), { read, timesMs, range })(0);
}

function windowOf({ arguments: [argument] }: Extract<Selection, { kind: 'call' }>) {
  if (argument?.kind !== 'window') throw new Error('no window');
  return argument.selector;
}

const show = (labels: Labels): string =>
  [...labels].map(([name, value]) => `${name}=${value}`).join(',');

/** Numbers by their labels. */
function numbers(query: string): Record<string, number> {
  const value = evaluate(query);
  if (typeof value !== 'object') throw new Error(`not samples: ${value}`);
  return Object.fromEntries(value.map((sample) => [show(sample.labels), sample.value]));
}

describe('numbers', () => {
  test.each([
    ['1+1', 2],
    ['2 + 3 * 4 ^ 2 % 7', 8],
    ['10 / 4', 2.5],
    ['-2 ^ 2', -4],
    ['3 * -2 ^ 2', -12],
    ['1 > bool 2', 0],
    ['5m', 300],
    ['Inf', Infinity],
    ['0x1f', 31],
    ['time()', 1_795_000_000],
    ['scalar(total)', NaN],
    ['scalar(vector(7))', 7],
  ])('%s is %d', (query, expected) => {
    expect(evaluate(query)).toBe(expected);
  });

  test('a text is itself', () => {
    expect(evaluate(String.raw`"a\tb\x41"`)).toBe('a\tbA');
  });
});

describe('aggregations', () => {
  test.each<[string, Record<string, number>]>([
    ['sum(calls)', { '': 15 }],
    ['sum by (service) (calls)', { 'service=shop': 10, 'service=users': 5, 'service=empty': 0 }],
    ['sum(rate(calls[5m])) without (service)', { 'code=ok': 13, 'code=error': 2 }],
    ['avg(calls)', { '': 3.75 }],
    ['min by (code) (calls)', { 'code=ok': 0, 'code=error': 2 }],
    ['max(odd)', { '': 3 }],
    ['min(odd)', { '': 1 }],
    ['count(calls)', { '': 4 }],
    ['count(calls > 2) by (service)', { 'service=shop': 1, 'service=users': 1 }],
    [
      'group by (service, nothing) (calls)',
      { 'service=shop': 1, 'service=users': 1, 'service=empty': 1 },
    ],
    ['sum(nothing)', {}],
    ['topk(2, sum by (service) (calls))', { 'service=shop': 10, 'service=users': 5 }],
    [
      'topk by (service) (1, calls)',
      {
        '__name__=calls,service=shop,code=ok': 8,
        '__name__=calls,service=users,code=ok': 5,
        '__name__=calls,service=empty,code=ok': 0,
      },
    ],
    ['bottomk(1, total)', { '__name__=total,service=users': 5 }],
    ['stdvar(total)', { '': 6.25 }],
    ['stddev(total)', { '': 2.5 }],
    ['quantile(0.25, total)', { '': 6.25 }],
    [
      'quantile by (service) (1, calls)',
      { 'service=shop': 8, 'service=users': 5, 'service=empty': 0 },
    ],
    ['quantile(2, total)', { '': Infinity }],
    ['topk(0, total)', {}],
    ['topk(3, odd)', { '__name__=odd,n=2': 3, '__name__=odd,n=3': 1, '__name__=odd,n=1': NaN }],
  ])('%s', (query, expected) => {
    expect(numbers(query)).toEqual(expected);
  });
});

describe('between two sides', () => {
  test.each<[string, Record<string, number>]>([
    ['total * 2', { 'service=shop': 20, 'service=users': 10 }],
    ['100 - total', { 'service=shop': 90, 'service=users': 95 }],
    ['-total', { 'service=shop': -10, 'service=users': -5 }],
    ['total > 5', { '__name__=total,service=shop': 10 }],
    ['5 < total', { '__name__=total,service=shop': 10 }],
    ['total > bool 5', { 'service=shop': 1, 'service=users': 0 }],
    ['total == total', { '__name__=total,service=shop': 10, '__name__=total,service=users': 5 }],
    ['sum by (service) (calls) / total', { 'service=shop': 1, 'service=users': 1 }],
    [
      'sum(rate(calls[1m])) by (service) / on(service) sum(rate(total[1m])) by (service)',
      { 'service=shop': 1, 'service=users': 1 },
    ],
    [
      'calls / on(service) group_left total',
      { 'service=shop,code=ok': 0.8, 'service=shop,code=error': 0.2, 'service=users,code=ok': 1 },
    ],
    [
      'total / ignoring(code) group_right calls',
      { 'service=shop,code=ok': 1.25, 'service=shop,code=error': 5, 'service=users,code=ok': 1 },
    ],
    [
      'total * on(service) group_left(team) owner',
      { 'service=shop,team=a': 10, 'service=users,team=b': 5 },
    ],
    [
      'total and on(service) owner > 0',
      { '__name__=total,service=shop': 10, '__name__=total,service=users': 5 },
    ],
    ['sum by (service) (calls) unless total', { 'service=empty': 0 }],
    [
      'sum by (service) (total) OR sum by (service) (calls)',
      { 'service=shop': 10, 'service=users': 5, 'service=empty': 0 },
    ],
  ])('%s', (query, expected) => {
    expect(numbers(query)).toEqual(expected);
  });

  test('what is joined has to be told apart', () => {
    expect(() => evaluate('calls * on(service) group_left(code) owner')).toThrow(
      'multiple matches for labels: grouping labels must ensure unique matches',
    );
  });

  test('several for one have to be meant', () => {
    expect(() => evaluate('calls / on(service) total')).toThrow(PromqlExecutionError);
    expect(() => evaluate('total / on(service) calls')).toThrow(
      'found duplicate series for the match group {service="shop"} on the right hand-side',
    );
  });
});

describe('quantiles', () => {
  test.each([
    // 10 of 50 are below 0.1: half of the bucket that begins at 0.
    [0.1, 0.05],
    [0.2, 0.1],
    // 25 of 50: 15 of the 20 between 0.1 and 0.2.
    [0.5, 0.175],
    [0.8, 0.5],
    // What is above the last bound is not known any better.
    [0.9, 0.5],
    [1.5, Infinity],
    [-1, -Infinity],
  ])('%d of a histogram is read off its buckets', (quantile, expected) => {
    const found = numbers(`histogram_quantile(${quantile}, sum by (le, service) (latency_bucket))`);
    expect(found['service=shop']).toBeCloseTo(expected, 12);
  });

  test('of an empty histogram is no number', () => {
    const found = numbers('histogram_quantile(0.5, latency_bucket)');
    expect(found['service=users']).toBeNaN();
  });
});

describe('functions of numbers', () => {
  test.each<[string, Record<string, number>]>([
    ['round(total / 4)', { 'service=shop': 3, 'service=users': 1 }],
    ['round(total / 4, 0.5)', { 'service=shop': 2.5, 'service=users': 1.5 }],
    ['round(total * 0.03, 0.1)', { 'service=shop': 0.3, 'service=users': 0.2 }],
    ['abs(-total)', { 'service=shop': 10, 'service=users': 5 }],
    ['ceil(total / 4)', { 'service=shop': 3, 'service=users': 2 }],
    ['floor(total / 4)', { 'service=shop': 2, 'service=users': 1 }],
    ['clamp_max(total, 7)', { 'service=shop': 7, 'service=users': 5 }],
    ['clamp_min(total, 7)', { 'service=shop': 10, 'service=users': 7 }],
    ['clamp(total, 6, 7)', { 'service=shop': 7, 'service=users': 6 }],
    ['sgn(total - 7)', { 'service=shop': 1, 'service=users': -1 }],
    ['sqrt(total * total)', { 'service=shop': 10, 'service=users': 5 }],
    ['log10(total * 10)', { 'service=shop': 2, 'service=users': Math.log10(50) }],
    ['log2(exp(total * 0))', { 'service=shop': 0, 'service=users': 0 }],
    ['ln(total / total)', { 'service=shop': 0, 'service=users': 0 }],
    ['vector(1)', { '': 1 }],
  ])('%s', (query, expected) => {
    expect(numbers(query)).toEqual(expected);
  });

  test('sort orders samples', () => {
    const values = (query: string): number[] => Object.values(numbers(query));
    expect(values('sort(total)')).toEqual([5, 10]);
    expect(values('sort_desc(total)')).toEqual([10, 5]);
  });
});

describe('labels', () => {
  test.each<[string, Record<string, number>]>([
    [
      'label_replace(rate(owner[5m]), "who", "$1-${team}$$", "service", "(..).*")',
      { 'service=shop,team=a,who=sh-$': 1, 'service=users,team=b,who=us-$': 1 },
    ],
    [
      'label_replace(rate(owner[5m]), "who", "${x}", "team", "(?P<x>a)")',
      { 'service=shop,team=a,who=a': 1, 'service=users,team=b': 1 },
    ],
    [
      'label_replace(rate(owner[5m]), "team", "", "", "")',
      { 'service=shop': 1, 'service=users': 1 },
    ],
    ['sum by (who) (label_replace(calls, "who", "all", "code", ".*"))', { 'who=all': 15 }],
    [
      'label_join(rate(owner[5m]), "both", "/", "team", "service", "nothing")',
      { 'service=shop,team=a,both=a/shop/': 1, 'service=users,team=b,both=b/users/': 1 },
    ],
    ['absent(nothing{a="b",c=~"d",e="f",e="g"})', { 'a=b': 1 }],
    ['absent(sum(nothing))', { '': 1 }],
    ['absent(total)', {}],
  ])('%s', (query, expected) => {
    expect(numbers(query)).toEqual(expected);
  });

  test('have to be such and be made by patterns', () => {
    expect(() => evaluate('label_replace(total, "a-b", "", "c", "")')).toThrow(
      PromqlExecutionError,
    );
    expect(() => evaluate('label_replace(total, "a", "", "c", "(")')).toThrow('regexp');
  });
});

describe('windows of time', () => {
  test.each<[string, Record<string, number>]>([
    ['sum_over_time(total[3m:1m])', { 'service=shop': 30, 'service=users': 15 }],
    ['count_over_time(total[3m])', { 'service=shop': 3, 'service=users': 3 }],
    ['avg_over_time(sum(total)[1h:])', { '': 15 }],
    [
      'last_over_time(total[2m:1m])',
      { '__name__=total,service=shop': 10, '__name__=total,service=users': 5 },
    ],
    // A minute has two multiples of half a minute, and its end is one.
    ['max_over_time(vector(time())[1m:30s])', { '': 1_795_000_000 - 10 }],
    ['min_over_time(vector(time())[1m:30s])', { '': 1_795_000_000 - 40 }],
    ['quantile_over_time(0.5, vector(time())[1m:30s])', { '': 1_795_000_000 - 25 }],
    ['max_over_time(vector(time())[1m:30s] @ 60)', { '': 60 }],
    ['max_over_time(total[10ms:1h])', {}],
  ])('%s', (query, expected) => {
    expect(numbers(query)).toEqual(expected);
  });
});
