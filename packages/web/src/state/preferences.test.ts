import { describe, expect, test, vi } from 'vitest';
import { PreferenceStore } from './preferences.ts';
import type { ValueStorage } from './stored-value.ts';

const storageOf = (entry?: string): ValueStorage & { entry: string | undefined } => ({
  entry,
  getItem() {
    return this.entry ?? null;
  },
  setItem(_, value) {
    this.entry = value;
  },
});

describe('PreferenceStore', () => {
  test('keeps a choice for the next visit', () => {
    const storage = storageOf();
    new PreferenceStore(storage).set({ theme: 'dark' });
    expect(new PreferenceStore(storage).get()).toMatchObject({ theme: 'dark', timeZone: 'local' });
  });

  test('tells its listeners until they leave', () => {
    const store = new PreferenceStore(storageOf());
    const listener = vi.fn<() => void>();
    const unsubscribe = store.subscribe(listener);
    store.set({ timeZone: 'utc' });
    unsubscribe();
    store.set({ timeZone: 'local' });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('loses of a damaged entry only what is damaged', () => {
    const store = new PreferenceStore(storageOf('{"theme":"pink","timeZone":"utc","later":1}'));
    expect(store.get()).toEqual({ theme: 'system', timeZone: 'utc' });
    expect(new PreferenceStore(storageOf('not json')).get()).toMatchObject({ theme: 'system' });
    expect(new PreferenceStore(storageOf('7')).get()).toMatchObject({ theme: 'system' });
  });

  test('works where storage is forbidden', () => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const store = new PreferenceStore({ getItem: refuse, setItem: refuse });
    store.set({ theme: 'dark' });
    expect(store.get().theme).toBe('dark');
  });
});
