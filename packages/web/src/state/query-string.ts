/** Search parameters as they stand in the address bar: text, or several texts where a name repeats. */
export type QueryValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads a query string. Values stay text: the router's own reading would turn a nanosecond timestamp into a number and lose
 * its last digits.
 */
export function parseQueryString(text: string): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const name of new Set(new URLSearchParams(text).keys())) {
    const all = new URLSearchParams(text).getAll(name);
    values[name] = all.length === 1 ? (all[0] ?? '') : all;
  }
  return values;
}

/** Writes a query string with its `?`, or nothing when there are no values. */
export function formatQueryString(values: QueryValues): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
