import { expect, test } from 'vitest';
import { pick } from './pick.ts';
import { Store } from './store.ts';

test('a part of a store tells of its own changes alone, until it is no longer listened to', () => {
  const store = new Store({ at: 1, row: 1 });
  const row = pick(store, (value) => value.row);
  const seen: number[] = [];
  const stop = row.subscribe(() => seen.push(row.get()));
  store.set({ at: 2, row: 1 });
  store.set({ at: 2, row: 2 });
  store.set({ at: 3, row: 2 });
  store.set({ at: 3, row: 1 });
  expect(seen).toEqual([2, 1]);
  stop();
  store.set({ at: 3, row: 5 });
  expect(seen).toEqual([2, 1]);
  expect(row.get()).toBe(5);
});
