import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkQuery } from './check-query.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { suggestQuery } from './suggest-query.ts';
import { searchQuery } from './testing/arbitrary-query.ts';

describe('suggestQuery', () => {
  test.each([
    ['{ foo = 1 }', '{ .foo = 1 }'],
    ['{ http.status_code >= 500 }', '{ .http.status_code >= 500 }'],
    ['{ service.name = "cart" }', '{ resource.service.name = "cart" }'],
    ['{ service = "cart" }', '{ resource.service.name = "cart" }'],
    ['{ k8s.pod.name = "a" }', '{ resource.k8s.pod.name = "a" }'],
    ['{ Duration > 1s }', '{ duration > 1s }'],
    ['{ tags.user = "a" }', '{ .user = "a" }'],
    ['{ } | rate() by(service.name)', '{ } | rate() by(resource.service.name)'],
  ])('gives a name its scope: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test.each([
    ['{ .a = foo }', '{ .a = "foo" }'],
    ['{ .http.route = /orders/{id} }', undefined],
    ['{ .http.route = /orders }', '{ .http.route = "/orders" }'],
    ['{ .http.route=/orders && .b = 1 }', '{ .http.route="/orders" && .b = 1 }'],
    ['{ .client.address = 10.0.0.1 }', '{ .client.address = "10.0.0.1" }'],
    ['{ .message = two words }', '{ .message = "two words" }'],
    [String.raw`{ .a = 'it\'s "x"' }`, String.raw`{ .a = "it's \"x\"" }`],
    ['{ .a = “x” }', '{ .a = "x" }'],
    ['{ name =~ GET.* }', '{ name =~ "GET.*" }'],
    ['{ .a = "x }', '{ .a = "x" }'],
    ['{ status = ERROR }', '{ status = error }'],
    ['{ kind = SPAN_KIND_SERVER }', '{ kind = server }'],
    ['{ status = eror }', '{ status = error }'],
    ['{ status = err }', '{ status = error }'],
    ['{ kind = sever && status = okay }', '{ kind = server && status = ok }'],
    ['{ duration > 5 ms }', '{ duration > 5ms }'],
    ['{ duration > 2sec }', '{ duration > 2s }'],
  ])('makes a value one: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test.each([
    ['{ .a = 1 AND .b = 2 }', '{ .a = 1 && .b = 2 }'],
    ['{ .a = 1 or .b = 2 }', '{ .a = 1 || .b = 2 }'],
    ['{ .a = 1 & .b = 2 }', '{ .a = 1 && .b = 2 }'],
    ['{ .a = 1 .b = 2 }', '{ .a = 1 && .b = 2 }'],
    ['{ .a = 1, .b = 2 }', '{ .a = 1 && .b = 2 }'],
    ['{ not (.a = 1) }', '{ ! (.a = 1) }'],
    ['{ .a == 1 }', '{ .a = 1 }'],
    ['{ .a <> 1 }', '{ .a != 1 }'],
    ['{ duration => 1s }', '{ duration >= 1s }'],
  ])('knows other words for an operator: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test.each([
    ['{ } | cout() > 3', '{ } | count() > 3'],
    ['{ } | COUNT() > 3', '{ } | count() > 3'],
    ['{ } | agv(duration) > 1s', '{ } | avg(duration) > 1s'],
    ['{ } | count_overtime()', '{ } | count_over_time()'],
    ['{ } | xyz() > 3', undefined],
  ])('knows the functions: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test.each([
    ['{ a = 1 && }', '{ .a = 1 }'],
    ['{ .a = 1 || ', '{ .a = 1 }'],
    ['{ && .a = 1 }', '{ .a = 1 }'],
    ['{ (.a = 1 &&) || .b = 2 }', '{ (.a = 1 ) || .b = 2 }'],
    ['{ .a = 1 } &&', '{ .a = 1 }'],
    ['{ .a = 1 } |', '{ .a = 1 }'],
  ])('leaves out an operator with nothing behind or before it: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test.each([
    ['order-service', '{ resource.service.name = "order-service" }'],
    ['hello', '{ resource.service.name = "hello" }'],
    ['http.route', '{ .http.route != nil }'],
    ['k8s.pod.name', '{ resource.k8s.pod.name != nil }'],
    ['4BF92F3577B34DA6A3CE929D0E0E4736', '{ trace:id = "4bf92f3577b34da6a3ce929d0e0e4736" }'],
    ['duration', undefined],
  ])('takes a word alone for a service, an attribute or a trace: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test.each([
    ['.a = 1', '{ .a = 1 }'],
    ['{ .a = 1', '{ .a = 1 }'],
    [
      "service.name = 'cart' and duration > 5 ms",
      '{ resource.service.name = "cart" && duration > 5ms }',
    ],
    [
      'service.name=cart http.route=/orders',
      '{ resource.service.name="cart" && .http.route="/orders" }',
    ],
    ['{ status:error }', '{ status = error }'],
  ])('mends several mistakes one after the other: %s', (text, meant) => {
    expect(suggestQuery(text)).toBe(meant);
  });

  test('has nothing to say of a query, nor of what nobody can guess', () => {
    for (const text of [
      '{ .a = 1 }',
      '{ }',
      '',
      '{ .a = }',
      'two words',
      '}{',
      '{ + }',
      '{ status = wrong }',
    ]) {
      expect(suggestQuery(text), text).toBeUndefined();
    }
    expect(suggestQuery(`{ foo = "${'x'.repeat(3000)}" }`)).toBeUndefined();
  });

  test('whatever was typed, a suggestion is a query', () => {
    const broken = fc
      .tuple(
        searchQuery.map(printQuery),
        fc.nat(),
        fc.constantFrom('', "'", ' and ', 'x', ' = ', '{'),
      )
      .map(([text, at, typed]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + typed + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.string({ maxLength: 30 })), (text) => {
        const suggested = suggestQuery(text);
        if (suggested === undefined) return;
        expect(suggested).not.toBe(text);
        checkQuery(parseQuery(suggested), suggested);
      }),
    );
  });
});
