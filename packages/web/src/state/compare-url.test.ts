import { describe, expect, test } from 'vitest';
import {
  formatCompareUrl,
  formatComparedPair,
  parseCompareShown,
  parseComparedPair,
  swapCompareUrl,
} from './compare-url.ts';
import type { QueryValues } from './query-string.ts';

const A = '4bf92f3577b34da6a3ce929d0e0e4736';
const B = '0af7651916cd43dd8448eb211c80319c';

function roundTrip(values: QueryValues): QueryValues {
  return formatCompareUrl(parseComparedPair(values), parseCompareShown(values));
}

describe('the address of a comparison', () => {
  test.each<[string, QueryValues]>([
    ['nothing', {}],
    ['one trace', { b: B }],
    ['two traces, one of a file', { a: A, b: B, bSource: 'file' }],
    ['paths by what they account for', { a: A, b: B, sort: '-share', only: 'changed' }],
    ['spans by their difference', { a: A, b: B, view: 'spans', sort: '-difference', find: 'get' }],
    ['paths that are folded', { a: A, b: B, fold: 'a.00f067aa0ba902b7,b.00f067aa0ba902b8.2' }],
    ['all paths folded', { a: A, b: B, fold: 'depth-0' }],
    ['a selected span', { a: A, b: B, span: 'b.00f067aa0ba902b7.2' }],
  ])('%s stands in it and is read back', (_, values) => {
    expect(roundTrip(values)).toEqual(values);
  });

  test('A and B change places with all that is shown of them', () => {
    const values = {
      a: A,
      b: B,
      bSource: 'file',
      only: 'onlyBase',
      span: 'b.00f067aa0ba902b7',
      fold: 'a.00f067aa0ba902b8',
    };
    expect(swapCompareUrl({ ...values, sort: '-otherTotal' })).toEqual({
      fold: 'b.00f067aa0ba902b8',
      a: B,
      b: A,
      aSource: 'file',
      only: 'onlyOther',
      span: 'a.00f067aa0ba902b7',
      sort: '-baseTotal',
    });
    const spans = { a: A, b: B, view: 'spans', sort: '-difference' };
    expect(swapCompareUrl(spans)).toEqual({ ...spans, a: B, b: A });
    expect(swapCompareUrl(swapCompareUrl(values))).toEqual(values);
  });

  test('what means nothing is left out', () => {
    const values = {
      a: A,
      b: B,
      view: 'x',
      sort: '-x',
      only: 'x',
      span: 'c.1',
      fold: 'x',
      aSource: 'x',
    };
    expect(roundTrip(values)).toEqual({ a: A, b: B });
    // An order of the other view is none of this one.
    expect(roundTrip({ a: A, b: B, sort: 'baseDuration' })).toEqual({ a: A, b: B });
  });

  test('a text that is no id stays as it was given, so that it can be named', () => {
    const pair = parseComparedPair({ a: 'nonsense', b: 'ABC' });
    expect(pair.a).toEqual({ text: 'nonsense', traceId: undefined, source: 'store' });
    expect(pair.b?.traceId).toBe('abc'.padStart(32, '0'));
    expect(formatComparedPair(pair)).toEqual({ a: 'nonsense', b: 'ABC' });
  });
});
