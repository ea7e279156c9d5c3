import { InvalidQueryError, shorten, unreachable } from '@clew/model';
import { compilePattern } from '../compile-pattern.ts';
import { isArithmetic, isLogical, isMatch, isNil } from '../operators.ts';
import type {
  ArithmeticOperator,
  BinaryOperation,
  ComparisonOperator,
  Expression,
} from '../syntax-tree.ts';
import { createFieldReader } from './field.ts';
import type { FieldReader } from './field.ts';
import { compareValues, toNumber } from './value.ts';
import type { Value } from './value.ts';

/** What an expression comes to for a span: a truth for conditions, undefined where there is nothing to say. */
export type Evaluation = FieldReader;

/** Makes a function of an expression, once for all spans. */
export function compileExpression(expression: Expression): Evaluation {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      const constant = value.type === 'nil' ? undefined : value;
      return () => constant;
    }
    case 'attribute':
    case 'intrinsic':
      return createFieldReader(expression);
    case 'unary': {
      const operand = compileExpression(expression.operand);
      return expression.operator === '!' ? not(operand) : negate(operand);
    }
    case 'binary':
      return compileBinary(expression);
    default:
      return unreachable(expression);
  }
}

/** Whether the condition is true of a span; what is neither true nor false is not. */
export function compileCondition(
  condition: Expression | undefined,
): (...span: Parameters<Evaluation>) => boolean {
  if (condition === undefined) return () => true;
  const evaluate = compileExpression(condition);
  return (context, index) => isTrue(evaluate(context, index));
}

function isTrue(value: Value | undefined): boolean {
  return value?.type === 'bool' && value.value;
}

const TRUE: Value = { type: 'bool', value: true };
const FALSE: Value = { type: 'bool', value: false };

function truth(holds: boolean): Value {
  return holds ? TRUE : FALSE;
}

function not(operand: Evaluation): Evaluation {
  return (context, index) => {
    const value = operand(context, index);
    return value?.type === 'bool' ? truth(!value.value) : undefined;
  };
}

function negate(operand: Evaluation): Evaluation {
  return (context, index) => {
    const number = toNumber(operand(context, index));
    return number === undefined ? undefined : { type: 'float', value: -number };
  };
}

function compileBinary({ operator, left, right }: BinaryOperation): Evaluation {
  if (isLogical(operator)) return compileLogical(operator, left, right);
  if (isMatch(operator)) return compileMatch(operator, left, right);
  if (isArithmetic(operator)) return compileArithmetic(operator, left, right);
  if (operator === '=' || operator === '!=') {
    if (isNil(right)) return isNil(left) ? () => FALSE : compileExists(left, operator);
    if (isNil(left)) return compileExists(right, operator);
  }
  return compileComparison(operator, left, right);
}

function compileLogical(operator: '&&' | '||', left: Expression, right: Expression): Evaluation {
  const [first, second] = [compileCondition(left), compileCondition(right)];
  return operator === '&&'
    ? (...span) => truth(first(...span) && second(...span))
    : (...span) => truth(first(...span) || second(...span));
}

/** `= nil` is of what is not there. */
function compileExists(expression: Expression, operator: '=' | '!='): Evaluation {
  const evaluate = compileExpression(expression);
  return (...span) => truth((evaluate(...span) === undefined) === (operator === '='));
}

function compileComparison(
  operator: ComparisonOperator,
  left: Expression,
  right: Expression,
): Evaluation {
  const [first, second] = [compileExpression(left), compileExpression(right)];
  return (...span) => {
    const leftValue = first(...span);
    const rightValue = leftValue === undefined ? undefined : second(...span);
    if (leftValue === undefined || rightValue === undefined) return FALSE;
    return truth(compareValues(operator, leftValue, rightValue));
  };
}

/** The pattern is a literal text; `checkQuery` has seen to it. It has to fit the whole value. */
function compileMatch(operator: '=~' | '!~', left: Expression, right: Expression): Evaluation {
  const source = right.kind === 'literal' && right.value.type === 'string' ? right.value.value : '';
  const pattern = compilePattern(source);
  if (pattern === undefined) {
    throw new InvalidQueryError(`the pattern is too large: ${shorten(source)}`, { parameter: 'q' });
  }
  const evaluate = compileExpression(left);
  return (context, index) => {
    const texts = textsOf(evaluate(context, index));
    const isMatch = texts.some((text) => context.matchBudget.matches(pattern, text));
    return truth(operator === '=~' ? isMatch : texts.length > 0 && !isMatch);
  };
}

function textsOf(value: Value | undefined): readonly string[] {
  if (value?.type === 'string') return [value.value];
  return value?.type === 'list' ? value.values.flatMap(textsOf) : [];
}

/** All numbers as `double`s, as the database computes them. */
function compileArithmetic(
  operator: ArithmeticOperator,
  left: Expression,
  right: Expression,
): Evaluation {
  const [first, second] = [compileExpression(left), compileExpression(right)];
  return (...span) => {
    const leftNumber = toNumber(first(...span));
    const rightNumber = toNumber(second(...span));
    if (leftNumber === undefined || rightNumber === undefined) return undefined;
    return { type: 'float', value: compute(operator, leftNumber, rightNumber) };
  };
}

/** The rest of a division goes by the quotient without its fraction. */
export function compute(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left - Math.trunc(left / right) * right;
    case '^':
      return left ** right;
    default:
      return unreachable(operator);
  }
}
