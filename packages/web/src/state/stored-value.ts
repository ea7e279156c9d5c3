import type { z } from 'zod';
import type { Readable } from './store.ts';

/** The part of `localStorage` that is used; it may throw when the browser refuses storage. */
export interface ValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export interface StoredValueOptions<Value> {
  readonly key: string;
  readonly schema: z.ZodType<Value>;
  /** While nothing is stored, or what is stored cannot be read. */
  readonly fallback: Value;
}

/** A value that is kept in this browser, and shared by its tabs. */
export class StoredValue<Value> implements Readable<Value> {
  readonly #storage: ValueStorage;
  readonly #options: StoredValueOptions<Value>;
  readonly #listeners = new Set<() => void>();
  #current: Value;

  constructor(storage: ValueStorage, options: StoredValueOptions<Value>) {
    this.#storage = storage;
    this.#options = options;
    this.#current = this.#read(options.fallback);
  }

  readonly get = (): Value => this.#current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** From what is stored, which another tab may have changed. */
  change(change: (stored: Value) => Value): void {
    this.#current = change(this.#read(this.#current));
    try {
      this.#storage.setItem(this.#options.key, JSON.stringify(this.#current));
    } catch {
      // Storage is full or forbidden: it is kept until the page is closed.
    }
    for (const listener of this.#listeners) listener();
  }

  #read(otherwise: Value): Value {
    const { key, schema } = this.#options;
    try {
      const parsed = schema.safeParse(JSON.parse(this.#storage.getItem(key) ?? 'null'));
      return parsed.success ? parsed.data : otherwise;
    } catch {
      return otherwise; // Not JSON, or storage is forbidden.
    }
  }
}
