import type { AttributeValue } from '@clew/model';

/** The text of a value that Zipkin can send: texts, numbers, true and false; `undefined` for another. */
export function formatScalar(value: AttributeValue): string | undefined {
  if (value.type === 'string') return value.value;
  const isScalar = value.type === 'bool' || value.type === 'int' || value.type === 'double';
  return isScalar ? String(value.value) : undefined;
}
