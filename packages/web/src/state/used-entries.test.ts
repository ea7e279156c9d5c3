import { describe, expect, test } from 'vitest';
import { UsedEntries } from './used-entries.ts';
import type { ValueStorage } from './stored-value.ts';

function storageOf(text: string | null = null): ValueStorage {
  let kept = text;
  return { getItem: () => kept, setItem: (_, value) => void (kept = value) };
}

describe('what was taken in the palette', () => {
  test('is kept in this browser, the last first, each once, twenty at most', () => {
    const storage = storageOf();
    const used = new UsedEntries(storage);
    for (const key of ['a', 'b', 'a']) used.remember(key);
    expect(new UsedEntries(storage).get()).toEqual(['a', 'b']);
    for (let at = 0; at < 30; at++) used.remember(`key ${at}`);
    expect(new UsedEntries(storage).get()).toHaveLength(20);
    expect(used.get()[0]).toBe('key 29');
  });

  test('is nothing where what was kept is damaged', () => {
    expect(new UsedEntries(storageOf('{"a":1}')).get()).toEqual([]);
  });
});
