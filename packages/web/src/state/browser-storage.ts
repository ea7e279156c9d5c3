import type { ValueStorage } from './stored-value.ts';

/**
 * What this browser keeps for Clew. In a frame of another site, and where storage is switched off, already asking for it throws: then
 * it is kept until the page is closed.
 */
export function openBrowserStorage(): ValueStorage {
  try {
    return localStorage;
  } catch {
    return new MemoryStorage(); // The browser refuses it.
  }
}

class MemoryStorage implements ValueStorage {
  readonly #values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }
}
