import { describe, expect, test } from 'vitest';
import { parseQueryString } from './query-string.ts';
import { SearchHistory } from './search-history.ts';
import { parseSearchState } from './search-state.ts';

const state = (text: string) => parseSearchState(parseQueryString(text));

function fakeStorage(content = new Map<string, string>()) {
  return {
    getItem: (key: string) => content.get(key) ?? null,
    setItem: (key: string, value: string) => void content.set(key, value),
  };
}

const services = (history: SearchHistory) =>
  history.get().recent.map(({ values }) => values['service']);

describe('recent searches', () => {
  test('are kept newest first, each question once, and outlive the page', () => {
    const storage = fakeStorage();
    const history = new SearchHistory(storage);
    history.remember(state('?service=a&lookback=1h&start=1&end=2'));
    history.remember(state('?service=b&start=1&end=2'));
    history.remember(state('?service=a&lookback=5m&start=3&end=4&order=slowest'));
    expect(services(new SearchHistory(storage))).toEqual(['a', 'b']);
    expect(history.get().recent[0]?.values).toEqual({
      service: 'a',
      lookback: '5m',
      order: 'slowest',
    });
    expect(history.get().recent[1]?.values).toMatchObject({ start: '1', end: '2' });
  });

  test('leave out what asks nothing, and are bounded', () => {
    const history = new SearchHistory(fakeStorage());
    history.remember(state('?lookback=1h'));
    expect(history.get().recent).toEqual([]);
    for (let number = 0; number < 50; number++) history.remember(state(`?service=s${number}`));
    expect(services(history)).toHaveLength(20);
    expect(services(history)[0]).toBe('s49');
    history.forgetRecent();
    expect(history.get().recent).toEqual([]);
  });
});

describe('saved searches', () => {
  test('are found by name, and the same name is overwritten', () => {
    const history = new SearchHistory(fakeStorage());
    history.save('slow', state('?minDuration=1s'));
    history.save('errors', state('?status=error'));
    history.save('slow', state('?minDuration=2s'));
    expect(history.get().saved).toEqual([
      { name: 'errors', values: { status: 'error' } },
      { name: 'slow', values: { minDuration: '2s' } },
    ]);
    history.remove('errors');
    expect(history.get().saved.map(({ name }) => name)).toEqual(['slow']);
  });

  test('of another tab are not lost', () => {
    const storage = fakeStorage();
    const [one, other] = [new SearchHistory(storage), new SearchHistory(storage)];
    one.save('a', state('?service=a'));
    other.save('b', state('?service=b'));
    expect(other.get().saved.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

test('damaged or forbidden storage is an empty history that still works', () => {
  const damaged = new SearchHistory(fakeStorage(new Map([['clew.searches', '{"recent":7']])));
  damaged.remember(state('?service=a'));
  expect(services(damaged)).toEqual(['a']);
  const refuse = () => {
    throw new Error('forbidden');
  };
  const forbidden = new SearchHistory({ getItem: refuse, setItem: refuse });
  forbidden.remember(state('?service=a'));
  expect(services(forbidden)).toEqual(['a']);
});
