import type {
  ArithmeticOperator,
  BinaryOperator,
  ComparisonOperator,
  Expression,
} from './syntax-tree.ts';

/** How tightly each operator binds its operands; `!` comes between sums and products, a sign above all. */
export const LEVELS: Readonly<Record<BinaryOperator, number>> = {
  '&&': 1,
  '||': 1,
  '=': 2,
  '!=': 2,
  '<': 2,
  '<=': 2,
  '>': 2,
  '>=': 2,
  '=~': 2,
  '!~': 2,
  '+': 3,
  '-': 3,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};
export const NOT_LEVEL = 4;
export const SIGN_LEVEL = 7;

export function isLogical(operator: BinaryOperator): operator is '&&' | '||' {
  return operator === '&&' || operator === '||';
}

export function isMatch(operator: BinaryOperator): operator is '=~' | '!~' {
  return operator === '=~' || operator === '!~';
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['=', '!=', '<', '<=', '>', '>=']);

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

const ARITHMETIC: ReadonlySet<BinaryOperator> = new Set(['+', '-', '*', '/', '%', '^']);

export function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return ARITHMETIC.has(operator);
}

/** Says the same with the sides exchanged. */
export const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** `nil`, which stands for what is not there. */
export function isNil(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.value.type === 'nil';
}
