import type { Readable } from './store.ts';

/** A part of what a store has, which tells of changes of that part alone: what draws it rests while the others change. */
export function pick<Value, Part>(
  store: Readable<Value>,
  partOf: (value: Value) => Part,
): Readable<Part> {
  return {
    get: () => partOf(store.get()),
    subscribe: (listener) => {
      let last = partOf(store.get());
      return store.subscribe(() => {
        const next = partOf(store.get());
        if (Object.is(next, last)) return;
        last = next;
        listener();
      });
    },
  };
}
