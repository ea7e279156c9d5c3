import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQueryString, parseQueryString } from './query-string.ts';
import {
  LOOKBACKS,
  asksForSpans,
  formatSearchState,
  isResolved,
  msFromNanos,
  parseSearchState,
  renewSearchState,
  resolveSearchState,
  toSearchRequest,
} from './search-state.ts';
import type { SearchState } from './search-state.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 19, 15, 3, 123);
const NOW = '1795374903123000000';

const fromAddress = (text: string) => parseSearchState(parseQueryString(text));
const throughAddress = (state: SearchState) =>
  fromAddress(formatQueryString(formatSearchState(state)));

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });

const anyState: fc.Arbitrary<SearchState> = fc
  .record({
    service: optional(text),
    spanName: optional(text),
    attribute: fc.array(
      fc
        .tuple(fc.stringMatching(/^[a-z.]+$/), fc.string())
        .map(([key, value]) => `${key}=${value}`),
    ),
    status: optional(fc.constantFrom('unset' as const, 'ok' as const, 'error' as const)),
    minDuration: optional(text),
    maxDuration: optional(text),
    lookback: optional(fc.constantFrom(...LOOKBACKS)),
    limit: fc.integer({ min: 1, max: 1000 }),
    start: fc.bigInt(0n, 1n << 60n),
    length: fc.bigInt(1n, 1n << 60n),
    isAbsolute: fc.boolean(),
  })
  .map(({ start, length, isAbsolute, ...rest }) =>
    Object.assign(rest, {
      start: isAbsolute ? String(start) : undefined,
      end: isAbsolute ? String(start + length) : undefined,
    }),
  );

describe('the address', () => {
  test('gives back every search, to the nanosecond', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(throughAddress(state)).toEqual(state);
      }),
    );
  });

  test('leaves out what is as by default', () => {
    expect(formatSearchState(fromAddress(''))).toEqual({});
  });

  test('drops what cannot be read and keeps the rest', () => {
    const state = fromAddress(
      '?service=cart&status=broken&limit=9999&lookback=1y&start=5&end=now&attribute=noequals&attribute=a%3D1',
    );
    expect(state).toMatchObject({ service: 'cart', limit: 50, start: '5', attribute: ['a=1'] });
    expect(state.status).toBeUndefined();
    expect(state.lookback).toBeUndefined();
    expect(state.end).toBeUndefined();
  });

  test('drops a range that ends before it starts', () => {
    expect(isResolved(fromAddress('?start=9&end=3'))).toBe(false);
  });
});

test.each([
  ['service=shop&status=error&minDuration=1s&order=slowest', false],
  ['spanName=GET', true],
  ['attribute=user.id%3D7', true],
  ['q=%7B%20name%20%3D%20%22GET%22%20%7D', true],
])('a search of %s asks for spans: %s', (address, asks) => {
  expect(asksForSpans(fromAddress(address))).toBe(asks);
});

describe('the time range', () => {
  test('is the last hour when nothing is said', () => {
    const state = resolveSearchState(fromAddress(''), NOW_MS);
    expect(state).toMatchObject({ lookback: '1h', end: NOW, start: '1795371303123000000' });
  });

  test('stays as it is when it is absolute, so that a link shows what its sender saw', () => {
    const state = fromAddress('?lookback=1h&start=100&end=200');
    expect(resolveSearchState(state, NOW_MS)).toEqual(state);
  });

  test('moves to now when the search is renewed, unless it was set by hand', () => {
    expect(renewSearchState(fromAddress('?lookback=5m&start=100&end=200'), NOW_MS).end).toBe(NOW);
    expect(renewSearchState(fromAddress('?start=100&end=200'), NOW_MS).end).toBe('200');
  });

  test('is completed from whichever end is known', () => {
    expect(resolveSearchState(fromAddress('?start=100'), NOW_MS)).toMatchObject({ end: NOW });
    expect(resolveSearchState(fromAddress('?end=3600000000007'), NOW_MS).start).toBe('7');
    expect(resolveSearchState(fromAddress('?end=7'), NOW_MS).start).toBe('0');
  });
});

test('a search for traces asks for conditions, order and limit, and not for what is the page’s own', () => {
  const state = resolveSearchState(
    fromAddress(
      '?service=cart&attribute=a%3D1&attribute=b%3D2&lookback=5m&order=slowest&show=spans&picture=table',
    ),
    NOW_MS,
  );
  expect(toSearchRequest(state)).toEqual({
    order: 'slowest',
    service: 'cart',
    attribute: ['a=1', 'b=2'],
    start: '1795374603123000000',
    end: NOW,
    limit: '50',
  });
});

test('spans are asked for in the orders that spans have, and newest first in others', () => {
  const ofSpans = (order: string) =>
    toSearchRequest(resolveSearchState(fromAddress(`?show=spans&order=${order}`), NOW_MS));
  expect(ofSpans('slowest')).toMatchObject({ order: 'slowest' });
  expect(ofSpans('mostErrors')['order']).toBeUndefined();
  expect(
    toSearchRequest(resolveSearchState(fromAddress('?order=mostErrors'), NOW_MS)),
  ).toMatchObject({ order: 'mostErrors' });
});

test('what is listed and how the picture is shown survive a query, and nonsense does not', () => {
  const address = '?q=%7B%7D&show=spans&picture=table';
  expect(formatSearchState(fromAddress(address))).toMatchObject({
    show: 'spans',
    picture: 'table',
  });
  expect(fromAddress('?show=graph&picture=none')).toMatchObject({
    show: undefined,
    picture: undefined,
  });
});

test('nanoseconds become milliseconds with their fraction', () => {
  expect(msFromNanos('1795374903123456789')).toBeCloseTo(1795374903123.4568, 3);
});
