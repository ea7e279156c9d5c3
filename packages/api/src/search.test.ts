import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from './parameters.ts';
import { searchQuery, traceStreamQuery } from './search.ts';

describe('parseDuration', () => {
  test.each([
    ['250ms', 250_000_000n],
    ['1.5s', 1_500_000_000n],
    ['0s', 0n],
    ['7ns', 7n],
    ['3us', 3_000n],
    ['3µs', 3_000n],
    ['3μs', 3_000n],
    ['2m', 120_000_000_000n],
    ['1h', 3_600_000_000_000n],
    [' 10ms ', 10_000_000n],
    ['0.1ms', 100_000n],
    ['1.1s', 1_100_000_000n],
  ])('reads %j', (text, nanos) => {
    expect(parseDuration(text)).toBe(nanos);
  });

  test.each([
    '',
    '250',
    'ms',
    '-1ms',
    '1,5s',
    '1.s',
    '.5s',
    '1e3ms',
    '5 ms',
    '5d',
    '1s500ms',
    'NaNs',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('refuses what nanoseconds in 63 bits cannot hold', () => {
    expect(parseDuration('2562047h')).toBe(9_223_369_200_000_000_000n);
    expect(parseDuration('2562048h')).toBeUndefined();
    expect(parseDuration(`${'9'.repeat(400)}h`)).toBeUndefined();
  });

  test('reads every whole number of nanoseconds a double can name', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (nanos) => {
        expect(parseDuration(`${nanos}ns`)).toBe(BigInt(nanos));
      }),
    );
  });
});

describe('searchQuery', () => {
  test('an empty query asks for the newest 20', () => {
    expect(searchQuery.parse({})).toEqual({ attribute: [], traceService: [], limit: 20 });
  });

  test('reads every parameter', () => {
    expect(
      searchQuery.parse({
        service: 'order-service',
        spanName: 'create-order',
        attribute: 'http.response.status_code=500',
        status: 'error',
        minDuration: '100ms',
        maxDuration: '2s',
        traceMinDuration: '1s',
        traceMaxDuration: '1m',
        traceMinSpans: '2',
        traceMaxSpans: '300',
        traceService: ['a', 'b'],
        traceHasError: 'false',
        order: 'slowest',
        start: '1700000000000000000',
        end: '1700000001000000000',
        limit: '1000',
        cursor: 'abc',
      }),
    ).toEqual({
      service: 'order-service',
      spanName: 'create-order',
      attribute: [{ key: 'http.response.status_code', value: '500' }],
      status: 'error',
      minDuration: 100_000_000n,
      maxDuration: 2_000_000_000n,
      traceMinDuration: 1_000_000_000n,
      traceMaxDuration: 60_000_000_000n,
      traceMinSpans: 2,
      traceMaxSpans: 300,
      traceService: ['a', 'b'],
      traceHasError: false,
      order: 'slowest',
      start: 1_700_000_000_000_000_000n,
      end: 1_700_000_001_000_000_000n,
      limit: 1000,
      cursor: 'abc',
    });
  });

  test('an attribute condition is split at its first =', () => {
    const { attribute } = searchQuery.parse({ attribute: ['url.query=a=b', 'empty='] });
    expect(attribute).toEqual([
      { key: 'url.query', value: 'a=b' },
      { key: 'empty', value: '' },
    ]);
  });

  test.each([
    ['service', { service: '' }],
    ['service', { service: ['a', 'b'] }],
    ['spanName', { spanName: '' }],
    ['attribute', { attribute: 'user.id' }],
    ['attribute', { attribute: '=7' }],
    ['attribute', { attribute: ['a=1', 'b'] }],
    ['status', { status: 'failed' }],
    ['minDuration', { minDuration: '100' }],
    ['maxDuration', { maxDuration: 'soon' }],
    ['maxDuration', { minDuration: '2s', maxDuration: '1s' }],
    ['traceMaxDuration', { traceMinDuration: '2s', traceMaxDuration: '1s' }],
    ['traceMaxSpans', { traceMinSpans: '3', traceMaxSpans: '2' }],
    ['traceService', { traceService: '' }],
    ['traceService', { traceService: ['a', ''] }],
    ['start', { start: 'yesterday' }],
    ['start', { start: '18446744073709551616' }],
    ['end', { end: '-1' }],
    ['end', { start: '2', end: '2' }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '1001' }],
    ['limit', { limit: '10000' }],
    ['limit', { limit: '1.5' }],
    ['cursor', { cursor: '' }],
  ])('an error names the parameter %s: %j', (parameter, query) => {
    expect(refusalOf(query)?.path[0]).toBe(parameter);
  });

  test('an unknown parameter is refused by its name', () => {
    expect(refusalOf({ servcie: 'order-service' })).toMatchObject({
      code: 'unrecognized_keys',
      keys: ['servcie'],
    });
  });

  test.each([
    [{ attribute: 'user.id' }, 'expected key=value'],
    [{ attribute: ['a=1', 'user.id'] }, 'expected key=value'],
    [
      { minDuration: '100' },
      'expected a number with a unit of ns, us, ms, s, m or h, such as 250ms',
    ],
    [{ limit: '0' }, 'expected a whole number from 1 to 1000'],
    [{ start: 'now' }, 'expected nanoseconds since 1970 in decimal digits'],
  ])('the error of %j says what is expected', (query, message) => {
    expect(refusalOf(query)?.message).toBe(message);
  });

  function refusalOf(query: unknown) {
    return searchQuery.safeParse(query).error?.issues[0];
  }
});

describe('a search whose traces come one a line', () => {
  test('has no limit, or any', () => {
    expect(traceStreamQuery.parse({}).limit).toBe(Number.POSITIVE_INFINITY);
    expect(traceStreamQuery.parse({ limit: '123456' }).limit).toBe(123_456);
    expect(traceStreamQuery.safeParse({ limit: '0' }).success).toBe(false);
    expect(traceStreamQuery.safeParse({ traceMinSpans: '3', traceMaxSpans: '2' }).success).toBe(
      false,
    );
  });
});
