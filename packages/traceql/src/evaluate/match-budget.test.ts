import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { MatchBudget } from './match-budget.ts';

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

  test('does not begin with a text so long that it might take all of it', () => {
    const budget = new MatchBudget();
    expect(budget.matches(RE2JS.compile('.*x'), 'a'.repeat(65_536))).toBe(false);
    expect(() => budget.matches(pattern, 'ab'.repeat(50_000))).toThrow('would take longer');
  });
});
