/**
 * Values while a query is evaluated, and how they compare. Numbers are one kind, however they are written: an integer, a
 * fraction and a duration in nanoseconds compare by size. Between other kinds nothing holds: `"500"` neither equals 500 nor
 * differs from it. Of a list, `=` holds when it does for one element, and `!=` when the kinds match and `=` does not hold.
 */
import { unreachable } from '@clew/model';
import type { AttributeValue } from '@clew/model';
import { MIRRORED } from '../operators.ts';
import type { ComparisonOperator, StaticValue } from '../syntax-tree.ts';

export type Scalar = Exclude<StaticValue, { readonly type: 'nil' }>;

/** `other` is there and can be compared with nothing: bytes, and maps. */
export type Value =
  | Scalar
  | { readonly type: 'list'; readonly values: readonly Value[] }
  | { readonly type: 'other' };

export function fromAttribute(value: AttributeValue | undefined): Value | undefined {
  switch (value?.type) {
    case undefined:
    case 'empty':
      return undefined;
    case 'string':
    case 'bool':
    case 'int':
      return value;
    case 'double':
      return { type: 'float', value: value.value };
    case 'array': {
      const values = value.value.map(fromAttribute).filter((each) => each !== undefined);
      return { type: 'list', values };
    }
    case 'bytes':
    case 'map':
      return { type: 'other' };
    default:
      return unreachable(value);
  }
}

/** One value as itself, several as a list; undefined when there is none. */
export function listOf(values: readonly Value[]): Value | undefined {
  return values.length > 1 ? { type: 'list', values } : values[0];
}

/** Numbers as `double`s; undefined for what is no number. */
export function toNumber(value: Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.type === 'float') return value.value;
  return isInteger(value) ? Number(value.value) : undefined;
}

export function compareValues(operator: ComparisonOperator, left: Value, right: Value): boolean {
  if (left.type === 'list') return compareList(operator, left.values, right);
  // Turned round, so that the list is on the left.
  if (right.type === 'list') return compareList(MIRRORED[operator], right.values, left);
  const asksForOrder = operator !== '=' && operator !== '!=';
  if (asksForOrder && UNORDERED.has(left.type)) return false;
  const order = compareScalars(left, right);
  return order !== undefined && HOLDS[operator](order);
}

/** These can only be equal or not. */
const UNORDERED: ReadonlySet<Value['type']> = new Set(['bool', 'status', 'kind']);

function compareList(
  operator: ComparisonOperator,
  values: readonly Value[],
  right: Value,
): boolean {
  if (operator !== '!=') return values.some((value) => compareValues(operator, value, right));
  const isComparable = values.some((value) => areComparable(value, right));
  return isComparable && !values.some((value) => compareValues('=', value, right));
}

function areComparable(left: Value, right: Value): boolean {
  return compareValues('=', left, right) || compareValues('!=', left, right);
}

/** `NaN` stands for "not equal, and neither is more": of numbers that are none, and of kinds without an order. */
const HOLDS: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Negative, 0 or positive, or `NaN`; undefined between different kinds. */
function compareScalars(left: Value, right: Value): number | undefined {
  if (isInteger(left) && isInteger(right)) return compareBigints(left.value, right.value);
  const leftNumber = toNumber(left);
  const rightNumber = toNumber(right);
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber === rightNumber ? 0 : leftNumber - rightNumber;
  }
  if (left.type === 'string' && right.type === 'string') {
    return compareTexts(left.value, right.value);
  }
  if (left.type !== right.type || !('value' in left) || !('value' in right)) return undefined;
  return left.value === right.value ? 0 : Number.NaN;
}

function isInteger(value: Value): value is Extract<Value, { readonly type: 'int' | 'duration' }> {
  return value.type === 'int' || value.type === 'duration';
}

function compareBigints(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** By code points, as the database orders the bytes of UTF-8; JavaScript's own order is that of UTF-16. */
function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    if (difference !== 0) {
      return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
    }
  }
  return left.length - right.length;
}
