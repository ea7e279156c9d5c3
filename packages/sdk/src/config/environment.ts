import { shorten } from '@clew/model';
import { diag } from '@opentelemetry/api';

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads environment variables as OpenTelemetry's specification wants them read: an empty one is as good as none, and one that cannot
 * be used is reported and ignored, because whoever sets it is not there to see the stack.
 */
export class Environment {
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** Without blanks around it; `undefined` when nothing is left. */
  text(key: string): string | undefined {
    const text = this.#variables[key]?.trim();
    return text === '' ? undefined : text;
  }

  /** The first of several variables that has a value that can be used. */
  first<T>(keys: readonly string[], read: (key: string) => T | undefined): T | undefined {
    for (const key of keys) {
      const value = read(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** A whole number, `min` or above. */
  integer(key: string, min: number): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value;
    return this.refuse(key, `is not a whole number from ${min} up`, text);
  }

  /** `true` or `false`, in any case. */
  flag(key: string): boolean | undefined {
    const text = this.text(key)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    return this.refuse(key, 'is neither true nor false', text);
  }

  /** One of the values, in any case. */
  choice<T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const lower = text.toLowerCase();
    const value = values.find((value) => value === lower);
    return value ?? this.refuse(key, `is none of ${values.join(', ')}`, text);
  }

  /** Values separated by commas, each once; those that are none of `values` are left out. */
  choices<T extends string>(key: string, values: readonly T[]): readonly T[] | undefined {
    const parts = this.text(key)
      ?.split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => part !== '');
    if (parts === undefined) return undefined;
    const chosen = new Set<T>();
    for (const part of parts) {
      const value = values.find((value) => value === part);
      if (value !== undefined) chosen.add(value);
      else this.refuse(key, `has something that is none of ${values.join(', ')}`, part);
    }
    return chosen.size === 0 ? undefined : [...chosen];
  }

  /** `key=value,key=value`, percent-encoded. Parts that are none are left out; they are not told where they may be secrets. */
  pairs(key: string, secrecy: 'open' | 'secret'): Readonly<Record<string, string>> {
    const pairs: [string, string][] = [];
    for (const part of (this.text(key) ?? '').split(',')) {
      if (part.trim() === '') continue;
      const separator = part.indexOf('=');
      const name = decodePercent(part.slice(0, Math.max(separator, 0)).trim());
      const value = decodePercent(part.slice(separator + 1).trim());
      if (name !== undefined && name !== '' && value !== undefined) pairs.push([name, value]);
      else this.refuse(key, 'has a part that is not key=value', secrecy === 'open' ? part : '…');
    }
    return Object.fromEntries(pairs);
  }

  /** Says that a variable cannot be used, and answers with nothing in its place. */
  refuse(key: string, problem: string, text: string): undefined {
    diag.warn(`clew: ${key} ${problem}: "${shorten(text)}"`);
    return undefined;
  }
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // A stray percent sign; the caller names the whole part.
  }
}
