/** Numbers about a spanset: aggregates, and what is computed of them. */
import { unreachable } from '@clew/model';
import type {
  Aggregate,
  ComparisonOperator,
  ScalarExpression,
  ScalarPipeline,
} from '../syntax-tree.ts';
import { compileExpression, compute } from './compile-expression.ts';
import { isPause, withoutSteps } from './pausable.ts';
import type { Pausable } from './pausable.ts';
import type { TraceContext } from './trace-context.ts';
import { compareValues, toNumber } from './value.ts';
import type { Value } from './value.ts';

/** The spans that each pipeline has found in the trace. */
export type PipelineSpans = ReadonlyMap<ScalarPipeline, readonly number[]>;

/** The number for spans, given by their indexes in the trace; undefined where there is none. */
export type ScalarEvaluation = (
  context: TraceContext,
  spans: readonly number[],
  ofPipelines?: PipelineSpans,
) => Pausable<Value | undefined>;

export function compileScalar(expression: ScalarExpression): ScalarEvaluation {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => withoutSteps(value.type === 'nil' ? undefined : value);
    }
    case 'aggregate':
      return compileAggregate(expression);
    case 'scalarPipeline': {
      const evaluate = compileScalar(expression.scalar);
      return (context, _, ofPipelines) => evaluate(context, ofPipelines?.get(expression) ?? []);
    }
    case 'scalarOperation': {
      const { operator } = expression;
      const [left, right] = [compileScalar(expression.left), compileScalar(expression.right)];
      return function* (...spans) {
        const leftNumber = toNumber(yield* left(...spans));
        const rightNumber = toNumber(yield* right(...spans));
        if (leftNumber === undefined || rightNumber === undefined) return undefined;
        return { type: 'float', value: compute(operator, leftNumber, rightNumber) };
      };
    }
    default:
      return unreachable(expression);
  }
}

/** Whether a comparison of two numbers holds; where one is missing it does not. */
export function compileComparisonOfScalars({
  operator,
  left,
  right,
}: {
  readonly operator: ComparisonOperator;
  readonly left: ScalarExpression;
  readonly right: ScalarExpression;
}): (...spans: Parameters<ScalarEvaluation>) => Pausable<boolean> {
  const [first, second] = [compileScalar(left), compileScalar(right)];
  return function* (...spans) {
    const [leftValue, rightValue] = [yield* first(...spans), yield* second(...spans)];
    if (leftValue === undefined || rightValue === undefined) return false;
    return compareValues(operator, leftValue, rightValue);
  };
}

/**
 * Spans without a number do not count, and neither do those whose number is none (`NaN`); where all are such there is no
 * result.
 */
function compileAggregate({ function: name, argument }: Aggregate): ScalarEvaluation {
  if (argument === undefined) {
    return (_, spans) => withoutSteps({ type: 'int', value: BigInt(spans.length) });
  }
  const evaluate = compileExpression(argument);
  return function* (context, spans) {
    let count = 0;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const [i, index] of spans.entries()) {
      if (isPause(i)) yield;
      const number = toNumber(evaluate(context, index));
      if (number === undefined || Number.isNaN(number)) continue;
      count++;
      sum += number;
      min = Math.min(min, number);
      max = Math.max(max, number);
    }
    if (count === 0) return undefined;
    const results = { count, sum, min, max, avg: sum / count };
    return { type: 'float', value: results[name] };
  };
}
