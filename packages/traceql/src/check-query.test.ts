import { describe, expect, test } from 'vitest';
import { checkQuery } from './check-query.ts';
import { parseQuery } from './parse-query.ts';

/** What is wrong with a query that can be read, and where. */
const FAULTS: readonly (readonly [query: string, message: string])[] = [
  ['{ 1 }', 'expected something that is true or false at 2'],
  ['{ name }', 'expected something that is true or false at 2'],
  ['{ name && true }', 'expected something that is true or false at 2'],
  ['{ !duration }', 'expected something that is true or false at 3'],
  ['{ .a + name > 1 }', 'expected a number or a duration at 7'],
  ['{ -status = 1 }', 'expected a number or a duration at 3'],
  ['{ "a" * 2 = 4 }', 'expected a number or a duration at 2'],
  ['{ duration =~ "1.*" }', 'expected a text at 2'],
  ['{ name =~ .pattern }', 'expected a regular expression in quotes at 10'],
  [
    '{ name =~ "(" }',
    'not a regular expression: error parsing regexp: missing closing ): `(` at 10',
  ],
  [
    '{ name =~ "(?=a)" }',
    'not a regular expression: error parsing regexp: invalid or unsupported Perl syntax: `(?=` at 10',
  ],
  [
    '{ event.big =~ "(a?){1000}b" }',
    'a pattern may compile to 1000 instructions: expected fewer or smaller repetitions at 15',
  ],
  [
    '{ name =~ `(\\pL{30}){30}(ab?){200}` }',
    'a pattern may compile to 1000 instructions: expected fewer or smaller repetitions at 10',
  ],
  ['{ } | avg(name) > 1', 'expected a number or a duration at 10'],
  ['{ } | count() > "1"', 'expected a number or a duration at 16'],
  ['{ } | by(name + 1)', 'expected a number or a duration at 9'],
  ['({ 1 } | count() > 1) && { }', 'expected something that is true or false at 3'],
  ['({ } | by(name)) >> { }', '>> needs one spanset: put coalesce() behind by() at 7'],
  [
    '{ } && ({ } | coalesce() | by(name) | count() > 1)',
    '&& needs one spanset: put coalesce() behind by() at 27',
  ],
  [
    '({ } | by(name) | count()) > 2',
    'an aggregate of a pipeline needs one spanset: put coalesce() behind by() at 7',
  ],
  [
    '({ } | count()) > count()',
    'expected a number or an aggregate of a pipeline such as ({ } | count()) at 18',
  ],
  ['{ } | count() > ({ } | count())', 'expected a number or an aggregate such as count() at 16'],
  ['({ } | avg(name)) > 1', 'expected a number or a duration at 11'],
  ['({ } | count()) > "1"', 'expected a number or a duration at 18'],
  ['({ 1 } | count()) > 1', 'expected something that is true or false at 3'],
  ['{ } | sum_over_time(kind)', 'expected a number or a duration at 20'],
  ['{ } | rate() > nil', 'expected a number or a duration at 15'],
  ['{ } | rate() | topk(0)', 'expected a number of series from 1 on at 13'],
  ['{ } | compare({ }, 0)', 'expected a number of values from 1 to 1000 at 6'],
  ['{ } | compare({ }, 10, 2, 1)', "the selection's time ends before it starts at 6"],
  ['({ } | compare({ })) + 1', 'compare() cannot be part of arithmetic at 1'],
  ['({ } | compare({ })) * ({ } | rate())', 'compare() cannot be part of arithmetic at 1'],
  ['{ } | compare({ }) by(name)', 'compare() has no by() at 22'],
  ['{ } | compare({ }) | topk(3)', 'compare() is the end of a query at 19'],
  ['{ } | compare({ }) > 3', 'compare() is the end of a query at 19'],
  ['{ } | compare({ 1 })', 'expected something that is true or false at 16'],
  ['{ } | compare({ }) with(weighted=true)', 'compare() counts spans without weight at 24'],
  [
    '{ } with(sample="much")',
    'expected something that is true or false or a number or a duration at 16',
  ],
];

/** What may look odd, and has an answer: no span, or those that fit. */
const SOUND: readonly string[] = [
  '{ }',
  '{ .a }',
  '{ .a && !.b }',
  '{ name = 1 }',
  '{ status > ok }',
  '{ .a = nil && nil != .b }',
  '{ -.a + 1.5 < 2s }',
  '{ .a =~ "x" }',
  '{ .a =~ "(GET|POST) /[a-z]{1,400}.*" }',
  '{ .a =~ `\\x{10FF}\\{2000}\\Q{3000}\\E\\p{Lu}` }',
  '{ } | by(name) | { .a } >> { .b }',
  '({ } | by(name) | coalesce()) >> { }',
  '({ .a } | by(name) | coalesce() | max(duration)) / 2 > ({ } | avg(duration) + 1ms) | rate()',
  '{ } | by(1 + .a) | avg(.a * 2) > 1ms',
  '{ } | quantile_over_time(.size, 0.5) by(name) | topk(3) with(exemplars=10, weighted=true)',
  '{ } >> { } | compare({ .a = 1 && parent.b > 2 }, 1000, 1, 2)',
];

describe('a query that can never come to anything', () => {
  test.each(FAULTS)('%s: %s', (text, message) => {
    expect(() => checkQuery(parseQuery(text), text)).toThrow(
      expect.objectContaining({ name: 'QuerySyntaxError', message }),
    );
  });

  test('is told which hints there are', () => {
    const text = '{ } with(hurry=true)';
    expect(() => checkQuery(parseQuery(text), text)).toThrow(/expected a hint \(.*sample.*\) at 9/);
  });
});

test.each(SOUND)('%s is a query', (text) => {
  expect(() => checkQuery(parseQuery(text), text)).not.toThrow();
});
