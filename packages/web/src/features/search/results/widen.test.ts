import { expect, test } from 'vitest';
import { parseQueryString } from '../../../state/query-string.ts';
import { parseSearchState, resolveSearchState } from '../../../state/search-state.ts';
import { widen } from './widen.ts';

const stateOf = (text: string) =>
  resolveSearchState(parseSearchState(parseQueryString(text)), Date.UTC(2026, 10, 22));
const labels = (text: string, services?: readonly string[]) =>
  widen(stateOf(text), services).map(({ label }) => label);

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

test('of a service that nobody knows, offers the names that are near and any, and no other times', () => {
  const services = ['cart', 'order-service', 'user-service'];
  expect(labels('?lookback=15m&service=Order-servce&status=error', services)).toEqual([
    'Service order-service',
    'Service user-service',
    'Any service',
  ]);
  expect(labels('?lookback=15m&service=nope', services)).toEqual(['Any service']);
  expect(labels('?lookback=1d&service=cart', services)).toEqual(['Last 7 days', 'Any service']);
  const [first] = widen(stateOf('?service=Order-servce&status=error'), services);
  expect(first?.state).toMatchObject({ service: 'order-service', status: 'error' });
});
