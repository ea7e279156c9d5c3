import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeQuery } from './complete-query.ts';
import { printField, printQuery } from './print-query.ts';
import { searchQuery } from './testing/arbitrary-query.ts';

/** A query up to the cursor, and words that are among those offered, in order. */
const WORDS: readonly (readonly [text: string, typed: string, words: readonly string[]])[] = [
  ['', '', ['{', '(']],
  ['{ ', '', ['.', 'span.', 'resource.', 'duration', 'status', 'true', '!']],
  ['{ sta', 'sta', ['status', 'statusMessage']],
  ['{ resource.service.name ', '', ['=', '!=', '=~', '&&', '}']],
  ['{ status = ', '', ['error', 'ok', 'unset']],
  ['{ kind = s', 's', ['server']],
  ['{ .a = ', '', ['true', 'false', 'nil']],
  ['{ .a = 1 ', '', ['&&', '||', '}']],
  ['{ .a = 1 } ', '', ['| ', '&&', '||', '>>']],
  ['{ } | ', '', ['count() ', 'by(', 'select(', 'rate()', 'order by ']],
  ['{ } | qu', 'qu', ['quantile_over_time(']],
  ['{ } | select(', '', ['.', 'duration']],
  ['{ } | rate() ', '', ['| ', 'by(', 'with(']],
  ['{ } | order ', '', ['by ']],
  ['{ } | order by ', '', ['duration ', 'start ']],
  ['{ } | order by duration ', '', ['desc', 'asc']],
  ['{ .a } >> ', '', ['{', '(']],
];

describe('what is offered', () => {
  test.each(WORDS)('behind "%s", where "%s" was typed: %j', (text, typed, words) => {
    const completion = completeQuery(text, text.length);
    expect(completion.typed).toBe(typed);
    expect(completion.range).toEqual({ start: text.length - typed.length, end: text.length });
    expect(completion.words.filter((word) => words.includes(word))).toEqual(words);
  });

  test.each([
    ['{ .', '.', 'any'],
    ['{ .serv', '.serv', 'any'],
    ['{ resource.', 'resource.', 'resource'],
    ['{ .a = 1 && span.http.me', 'span.http.me', 'span'],
    ['{ } | by(event.x', 'event.x', 'event'],
  ])('behind "%s" are names of attributes, of which "%s" was typed', (text, typed, scope) => {
    expect(completeQuery(text, text.length)).toMatchObject({ typed, attributes: scope });
  });

  test.each([
    ['{ .http.method = ', '', '.http.method'],
    ['{ .http.method = "G', '"G', '.http.method'],
    ['{ name =~ `GET', '`GET', 'name'],
    ['{ status = error && resource.service.name = "', '"', 'resource.service.name'],
  ])('behind "%s" are values, of which %s was typed', (text, typed, field) => {
    const completion = completeQuery(text, text.length);
    expect(completion.typed).toBe(typed);
    expect(completion.valuesOf && printField(completion.valuesOf)).toBe(field);
  });

  test('goes by what is in front of the cursor', () => {
    expect(completeQuery('{ sta = error }', 5)).toMatchObject({ typed: 'sta' });
  });

  test('is something at every place of every query', () => {
    fc.assert(
      fc.property(searchQuery, fc.nat(), (query, place) => {
        const text = printQuery(query);
        const cursor = place % (text.length + 1);
        const { range, typed } = completeQuery(text, cursor);
        expect(range.end).toBe(cursor);
        expect(text.slice(range.start, range.end)).toBe(typed);
      }),
      { numRuns: 1000 },
    );
  });
});
