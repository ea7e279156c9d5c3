import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { pipelinesOf } from '../metrics/combine-series.ts';
import { compileCount } from '../metrics/count-trace.ts';
import { MetricsTable } from '../metrics/metrics-table.ts';
import { parseQuery } from '../parse-query.ts';
import { traceOf } from '../testing/shop-trace.ts';
import { MatchBudget } from './match-budget.ts';
import { runWithoutPause } from './pausable.ts';

/** Each match takes so long. */
function budgetWhereAMatchTakes(ms: number): MatchBudget {
  let nowMs = 0;
  let callCount = 0;
  return new MatchBudget(() => {
    if (callCount++ % 2 === 1) nowMs += ms;
    return nowMs;
  });
}

describe('the time that a query has for regular expressions', () => {
  const pattern = RE2JS.compile('(?:a|b)*a(?:a|b){900}');
  const text = 'ab'.repeat(500);

  test('ends with the matches that take long', () => {
    const budget = budgetWhereAMatchTakes(150);
    for (let i = 0; i < 14; i++) budget.matches(pattern, text);
    expect(() => budget.matches(pattern, text)).toThrow(
      'regular expressions would take longer than the 2 s that a query has for them: "(?:a|b)*a(?:a|b){900}"',
    );
  });

  test('is not spent by matches that are quick, however many', () => {
    const budget = budgetWhereAMatchTakes(0.005);
    for (let i = 0; i < 100_000; i++) budget.matches(pattern, 'ab');
    expect(budget.matches(pattern, text)).toBe(false);
  });

  test('is hardly spent by a pause during a match of a short text', () => {
    const budget = budgetWhereAMatchTakes(1000);
    const short = RE2JS.compile('GET .*');
    for (let i = 0; i < 50; i++) expect(budget.matches(short, 'GET /cart')).toBe(true);
  });

  test('is one for all pipelines of a metrics query', () => {
    const matchBudget = budgetWhereAMatchTakes(1950);
    const pipelineText = `({ .t =~ "${pattern.pattern()}" } | rate())`;
    const query = parseQuery(`${pipelineText} / ${pipelineText}`);
    if (query.kind !== 'metrics') throw new Error('no metrics');
    const range = { startUnixNano: 0n, stepNano: 1n << 62n, binCount: 1 };
    const trace = traceOf([1, 2].map((id) => ({ id, attributes: { t: text } })));
    const [first, second] = pipelinesOf(query.expression).map((pipeline) => () => {
      const options = { range, isWeighted: false, buckets: undefined, matchBudget };
      runWithoutPause(compileCount(pipeline, options)(trace, new MetricsTable(1)));
    });
    expect(first).not.toThrow();
    expect(second).toThrow('would take longer than the 2 s');
  });

  test('does not begin with a text so long that it might take all of it', () => {
    const budget = new MatchBudget();
    expect(budget.matches(RE2JS.compile('.*x'), 'a'.repeat(65_536))).toBe(false);
    expect(() => budget.matches(pattern, 'ab'.repeat(50_000))).toThrow('would take longer');
  });
});
