import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchOfForm } from './form-search.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { readForm } from './read-form.ts';

function read(text: string) {
  const query = parseQuery(text);
  return query.kind === 'search' ? readForm(query) : undefined;
}

describe('readForm', () => {
  test('reads what a form asks, in any order', () => {
    expect(
      read('{ status = error && .a = "x" && duration <= 2s && resource.service.name = "cart" }'),
    ).toEqual({
      status: 'error',
      service: 'cart',
      maxDurationNano: 2_000_000_000n,
      attributes: [{ key: 'a', value: 'x' }],
    });
    expect(read('{ }')).toEqual({ attributes: [] });
  });

  test('an attribute’s value is read as a form does: as text and as number', () => {
    expect(read('{ .a = "1" || .a = 1 }')).toEqual({ attributes: [{ key: 'a', value: '1' }] });
    expect(read('{ .a = 1 }')).toBeUndefined();
    expect(read('{ .a = "1" }')).toBeUndefined();
  });

  test('refuses what the fields cannot say', () => {
    for (const text of [
      '{ span.a = "x" }',
      '{ .a != "x" }',
      '{ .a = "x" || .b = "x" }',
      '{ duration > 1s }',
      '{ name = "a" && name = "b" }',
      '{ name =~ "a.*" }',
      '{ parent.a = "x" }',
      '{ } >> { }',
      '{ } | count() > 1',
      '{ name = "a" } | order by duration desc',
      '{ kind = server }',
    ]) {
      expect(read(text), text).toBeUndefined();
    }
  });

  test('is the way back from every form', () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const form = fc.record({
      service: fc.option(text, { nil: undefined }),
      spanName: fc.option(text, { nil: undefined }),
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
        expect(read(printQuery(searchOfForm(asked)))).toEqual(asked);
      }),
    );
  });
});
