import type { Attribute } from '@clew/model';

/** Attributes as a plain object: integers are `bigint`, an empty value is `undefined`. */
export function readAttributes(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, 'value' in value ? value.value : undefined]),
  );
}
