import { describe, expect, test } from 'vitest';
import { parseQueryString } from '../../../state/query-string.ts';
import { parseSearchState, resolveSearchState } from '../../../state/search-state.ts';
import { narrowSearch, zoomOut } from './narrow-search.ts';

const state = (text: string) =>
  resolveSearchState(parseSearchState(parseQueryString(text)), Date.UTC(2026, 10, 22));
const box = { startMs: 1000.25, endMs: 2000.5, minNs: 12_345_678, maxNs: 987_654_321 };

describe('a box narrows', () => {
  test('the fields: their time, and durations rounded outwards to two digits', () => {
    expect(narrowSearch(state('?service=cart&lookback=1h&show=spans'), box)).toMatchObject({
      service: 'cart',
      show: 'spans',
      lookback: undefined,
      start: '1000000000',
      end: '2001000000',
      minDuration: '12ms',
      maxDuration: '990ms',
    });
  });

  test('only the time, where it has no other bounds', () => {
    const narrowed = narrowSearch(state('?minDuration=5ms'), { startMs: 1, endMs: 2 });
    expect(narrowed).toMatchObject({ minDuration: '5ms', maxDuration: undefined });
  });

  const queryOf = (q: string) => narrowSearch(state(`?q=${encodeURIComponent(q)}`), box).q;

  test('a filter of TraceQL, whose own bounds it takes the place of', () => {
    expect(queryOf('{ name = "a" }')).toBe(
      '{ name = "a" && duration >= 12ms && duration <= 990ms }',
    );
    expect(queryOf('{ duration > 1s && name = "a" }')).toBe(
      '{ name = "a" && duration >= 12ms && duration <= 990ms }',
    );
    expect(queryOf('{ }')).toBe('{ duration >= 12ms && duration <= 990ms }');
  });

  test('what several stages yield, and that again', () => {
    const once = '{ } >> { name = "a" } | count() > 2 | { duration >= 12ms && duration <= 990ms }';
    expect(queryOf('{ } >> { name = "a" } | count() > 2')).toBe(once);
    expect(queryOf(once)).toBe(once);
    expect(queryOf('{ name = "a" || name = "b" }')).toBe(
      // Both operators bind alike, from the left.
      '{ name = "a" || name = "b" && duration >= 12ms && duration <= 990ms }',
    );
  });

  test('only the time of what cannot be read', () => {
    expect(queryOf('{ name = ')).toBe('{ name = ');
  });
});

test('zooming out looks at twice as long a time, not beyond now', () => {
  const asked = state('?start=3000000000&end=5000000000&lookback=5m');
  expect(zoomOut(asked, 60_000)).toMatchObject({
    start: '2000000000',
    end: '6000000000',
    lookback: undefined,
  });
  expect(zoomOut(asked, 5000)).toMatchObject({ start: '1000000000', end: '5000000000' });
  expect(zoomOut(asked, 0)).toMatchObject({ start: '1000000000', end: '5000000000' });
});
