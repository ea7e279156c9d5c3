import { z } from 'zod';
import { StoredValue } from './stored-value.ts';
import type { ValueStorage } from './stored-value.ts';

const MAX_ENTRIES = 20;
/** The id of a search is all that it asks for; a longer one is not worth its room. */
const MAX_LENGTH = 500;

const schema = z.array(z.string());

/** What was taken in the palette of this browser, by its key (`keyOfEntry`): the last first, each once. */
export class UsedEntries extends StoredValue<readonly string[]> {
  constructor(storage: ValueStorage) {
    super(storage, { key: 'clew.palette', schema, fallback: [] });
  }

  readonly remember = (key: string): void => {
    if (key.length > MAX_LENGTH) return;
    this.change((keys) => [key, ...keys.filter((one) => one !== key)].slice(0, MAX_ENTRIES));
  };
}
