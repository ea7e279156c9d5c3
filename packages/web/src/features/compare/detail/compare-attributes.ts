import type { AttributeJson, AttributeValueJson } from '@clew/api';

/** An attribute of two spans, or of two resources. */
export interface AttributePair {
  readonly key: string;
  /** `undefined` where there is no such attribute. */
  readonly a: AttributeValueJson | undefined;
  readonly b: AttributeValueJson | undefined;
  readonly isDifferent: boolean;
}

/** By key. Of a key that comes twice the last value counts. */
export function compareAttributes(
  a: readonly AttributeJson[],
  b: readonly AttributeJson[],
): readonly AttributePair[] {
  const ofA = new Map(a.map(({ key, value }) => [key, value]));
  const ofB = new Map(b.map(({ key, value }) => [key, value]));
  const keys = [...new Set([...ofA.keys(), ...ofB.keys()])].sort();
  return keys.map((key) => {
    const [first, second] = [ofA.get(key), ofB.get(key)];
    return { key, a: first, b: second, isDifferent: !isSame(first, second) };
  });
}

function isSame(a: AttributeValueJson | undefined, b: AttributeValueJson | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

/** With the keys of maps in one order, as deep as the sender nested it, which the receiver has bounded. */
function ordered(value: AttributeValueJson): unknown {
  if (value.type === 'array') return [value.type, value.value.map(ordered)];
  if (value.type !== 'map') return value;
  const entries = value.value.map(({ key, value }): [string, unknown] => [key, ordered(value)]);
  return [value.type, entries.sort(([a], [b]) => (a < b ? -1 : 1))];
}
