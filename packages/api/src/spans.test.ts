import { describe, expect, test } from 'vitest';
import { searchSpans, tailSpans } from './routes.ts';

describe('a search for spans', () => {
  test('takes the conditions of a search for traces', () => {
    expect(searchSpans.query.parse({})).toEqual({ attribute: [], limit: 20 });
    expect(
      searchSpans.query.parse({
        q: '{ }',
        start: '1',
        end: '2',
        limit: '1000',
        cursor: 'abc',
      }),
    ).toEqual({ q: '{ }', attribute: [], start: 1n, end: 2n, limit: 1000, cursor: 'abc' });
  });

  test('takes the orders that spans have', () => {
    const orders = ['newest', 'oldest', 'slowest', 'fastest'];
    for (const order of orders) expect(searchSpans.query.parse({ order })).toMatchObject({ order });
  });

  test.each([
    ['order', { order: 'mostSpans' }],
    ['service', { q: '{ }', service: 'a' }],
    ['end', { start: '2', end: '1' }],
    ['limit', { limit: '1001' }],
  ])('names the parameter %s that is wrong in %o', (parameter, query) => {
    expect(searchSpans.query.safeParse(query).error?.issues[0]?.path[0]).toBe(parameter);
  });
});

describe('a tail', () => {
  test('begins with the newest 20 and sends 100 a second', () => {
    expect(tailSpans.query.parse({ service: 'a' })).toEqual({
      service: 'a',
      attribute: [],
      backlog: 20,
      maxSpansPerSecond: 100,
    });
    const given = { backlog: '0', maxSpansPerSecond: '1000' };
    expect(tailSpans.query.parse(given)).toMatchObject({ backlog: 0, maxSpansPerSecond: 1000 });
  });

  test.each([
    { start: '1' },
    { end: '1' },
    { cursor: 'abc' },
    { limit: '1' },
    { backlog: '1001' },
    { backlog: '-1' },
    { maxSpansPerSecond: '0' },
    { q: '{ }', service: 'a' },
  ])('refuses %o', (query) => {
    expect(tailSpans.query.safeParse(query).success).toBe(false);
  });
});
