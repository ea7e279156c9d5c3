import { unreachable } from '../assert.ts';
import type { Attribute, AttributeValue } from '../attributes.ts';

/** An attribute that two spans, or two resources, do not have alike. */
export interface AttributeChange {
  readonly key: string;
  /** `undefined` where there is no such attribute. */
  readonly base: AttributeValue | undefined;
  readonly other: AttributeValue | undefined;
}

const NONE: readonly AttributeChange[] = [];

/** Sorted by key. Of a key that comes twice the last value counts. */
export function findAttributeChanges(
  base: readonly Attribute[],
  other: readonly Attribute[],
): readonly AttributeChange[] {
  if (base === other || isSameList(base, other)) return NONE;
  const baseByKey = mapByKey(base);
  const otherByKey = mapByKey(other);
  const changes: AttributeChange[] = [];
  for (const [key, value] of baseByKey) {
    const otherValue = otherByKey.get(key);
    if (otherValue === undefined || !isSameValue(value, otherValue))
      changes.push({ key, base: value, other: otherValue });
  }
  for (const [key, value] of otherByKey) {
    if (!baseByKey.has(key)) changes.push({ key, base: undefined, other: value });
  }
  return changes.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The common case, without a map: nothing changed, and the sender has its own order. */
function isSameList(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ key, value }, index) => {
    const other = b[index];
    return other !== undefined && other.key === key && isSameValue(value, other.value);
  });
}

function mapByKey(attributes: readonly Attribute[]): Map<string, AttributeValue> {
  const byKey = new Map<string, AttributeValue>();
  for (const { key, value } of attributes) byKey.set(key, value);
  return byKey;
}

function isSameValue(a: AttributeValue, b: AttributeValue): boolean {
  switch (a.type) {
    case 'string':
    case 'bool':
    case 'int':
      return a.type === b.type && a.value === b.value;
    case 'double':
      return b.type === 'double' && (a.value === b.value || Object.is(a.value, b.value));
    case 'bytes':
      return b.type === 'bytes' && isSameBytes(a.value, b.value);
    case 'array':
      return b.type === 'array' && isSameArray(a.value, b.value);
    case 'map':
      return b.type === 'map' && findAttributeChanges(a.value, b.value).length === 0;
    case 'empty':
      return b.type === 'empty';
    default:
      return unreachable(a);
  }
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function isSameArray(a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((value, index) => {
    const other = b[index];
    return other !== undefined && isSameValue(value, other);
  });
}
