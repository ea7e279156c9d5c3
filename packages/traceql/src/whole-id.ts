/** Ids as they are shown: Tempo leaves out zeros in front, and other tools write capitals. */
import type { BinaryOperation, Expression, Intrinsic } from './syntax-tree.ts';

/** How many digits those have that are ids. */
const DIGITS: Readonly<Partial<Record<Intrinsic, number>>> = {
  'trace:id': 32,
  'link:traceID': 32,
  'span:id': 16,
  'span:parentID': 16,
  'link:spanID': 16,
};

/** A comparison of an id with a text of it, which gets all its digits. Anything else as it is. */
export function withWholeId(comparison: BinaryOperation): BinaryOperation {
  const { operator, left, right } = comparison;
  if (operator !== '=' && operator !== '!=') return comparison;
  return { ...comparison, left: toWholeId(left, right), right: toWholeId(right, left) };
}

function toWholeId(expression: Expression, other: Expression): Expression {
  const digits = other.kind === 'intrinsic' ? DIGITS[other.name] : undefined;
  if (digits === undefined || expression.kind !== 'literal') return expression;
  const { value } = expression;
  if (value.type !== 'string' || !/^[\da-f]+$/i.test(value.value)) return expression;
  const id = value.value.toLowerCase().padStart(digits, '0');
  return { ...expression, value: { type: 'string', value: id } };
}
