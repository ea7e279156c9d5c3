import { z } from 'zod';
import { StoredValue } from './stored-value.ts';
import type { ValueStorage } from './stored-value.ts';

/**
 * What a reader prefers, kept in this browser. New fields are optional and every field falls back alone, so that an older or
 * damaged entry never costs more than what is damaged.
 */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  /** Which clock times are shown in. */
  readonly timeZone: 'local' | 'utc';
}

const DEFAULTS: Preferences = { theme: 'system', timeZone: 'local' };

const schema = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch(DEFAULTS.theme),
  timeZone: z.enum(['local', 'utc']).catch(DEFAULTS.timeZone),
});

/** The preferences as a store: written on every change. */
export class PreferenceStore extends StoredValue<Preferences> {
  constructor(storage: ValueStorage) {
    super(storage, { key: 'clew.preferences', schema, fallback: DEFAULTS });
  }

  set(change: Partial<Preferences>): void {
    this.change((stored) => ({ ...stored, ...change }));
  }
}
