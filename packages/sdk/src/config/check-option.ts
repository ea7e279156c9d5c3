import { ConfigError, shorten } from '@clew/model';

/** An option that is a whole number, `min` or above, or left out. Throws `ConfigError` for anything else. */
export function checkInteger(
  value: number | undefined,
  key: string,
  min: 0 | 1,
): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min)) return value;
  const what = min === 0 ? 'a whole number' : 'a whole number above zero';
  throw new ConfigError(`not ${what}: "${value}"`, { key, value: String(value) });
}

/** An option that is one of some values, or left out. Throws `ConfigError` for anything else. */
export function checkChoice<T extends string>(
  value: T | undefined,
  key: string,
  values: readonly T[],
): T | undefined {
  if (value === undefined || values.includes(value)) return value;
  const text = shorten(`"${value}"`);
  throw new ConfigError(`not one of ${values.join(', ')}: ${text}`, { key, value: text });
}
