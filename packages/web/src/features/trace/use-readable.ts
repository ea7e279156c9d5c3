import { useSyncExternalStore } from 'react';
import type { Readable } from '../../state/store.ts';

/** The value of a store, rendered again when it changes; for what changes by a click, not by a frame. */
export function useReadable<Value>(store: Readable<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}
