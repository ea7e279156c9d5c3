import { expect, test } from 'vitest';
import { parseQueryString } from '../../../state/query-string.ts';
import { parseSearchState, resolveSearchState } from '../../../state/search-state.ts';
import { widen } from './widen.ts';

const labels = (text: string) =>
  widen(resolveSearchState(parseSearchState(parseQueryString(text)), Date.UTC(2026, 10, 22))).map(
    ({ label }) => label,
  );

test('offers to look further back than was looked', () => {
  expect(labels('?lookback=15m')).toEqual(['Last hour', 'Last day', 'Last 7 days']);
  expect(labels('?lookback=1d')).toEqual(['Last 7 days']);
  expect(labels('?lookback=7d')).toEqual([]);
});

test('offers to leave out each condition', () => {
  const text =
    '?lookback=7d&service=cart&spanName=x&attribute=a%3D1&attribute=b%3D2&status=ok&minDuration=1s';
  expect(labels(text)).toEqual([
    'Any span name',
    'Without a=1',
    'Without b=2',
    'Any status',
    'Any duration',
    'Any service',
  ]);
});
