import type { QueryValues } from '../state/query-string.ts';
import { EMBED_PARAMETERS } from '../ui/embed-address.ts';

/** Parameters that are the application's and not the page's: the page neither reads nor writes them, and they stay. */
export interface SplitParameters {
  readonly kept: QueryValues;
  readonly page: QueryValues;
}

/** Parts them; `names` are further ones that stay. */
export function splitParameters(
  values: QueryValues,
  names: readonly string[] = [],
): SplitParameters {
  const isKept = (name: string): boolean =>
    names.includes(name) || EMBED_PARAMETERS.some((one) => one === name);
  const entries = Object.entries(values);
  return {
    kept: Object.fromEntries(entries.filter(([name]) => isKept(name))),
    page: Object.fromEntries(entries.filter(([name]) => !isKept(name))),
  };
}
