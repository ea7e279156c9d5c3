import { z } from 'zod';

/**
 * What a reader prefers, kept in this browser. New fields are optional and every field falls back alone, so that an older or
 * damaged entry never costs more than what is damaged.
 */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** Which clock times are shown in. */
  readonly timeZone: 'local' | 'utc';
}

/** The part of `localStorage` that is used; it may throw when the browser refuses storage. */
export interface PreferenceStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'clew.preferences';

const DEFAULTS: Preferences = { theme: 'system', timeZone: 'local' };

const schema = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch(DEFAULTS.theme),
  timeZone: z.enum(['local', 'utc']).catch(DEFAULTS.timeZone),
});

/** The preferences as a store: read once, written on every change. */
export class PreferenceStore {
  readonly #storage: PreferenceStorage;
  readonly #listeners = new Set<() => void>();
  #current: Preferences;

  constructor(storage: PreferenceStorage) {
    this.#storage = storage;
    this.#current = read(storage);
  }

  readonly get = (): Preferences => this.#current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(change: Partial<Preferences>): void {
    this.#current = { ...this.#current, ...change };
    try {
      this.#storage.setItem(KEY, JSON.stringify(this.#current));
    } catch {
      // Storage is full or forbidden: the choice holds until the page is closed.
    }
    for (const listener of this.#listeners) listener();
  }
}

function read(storage: PreferenceStorage): Preferences {
  try {
    const parsed = schema.safeParse(JSON.parse(storage.getItem(KEY) ?? '{}'));
    return parsed.success ? parsed.data : DEFAULTS;
  } catch {
    return DEFAULTS; // Not JSON, or storage is forbidden.
  }
}
