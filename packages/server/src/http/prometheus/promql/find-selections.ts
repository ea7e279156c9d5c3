import { unreachable } from '@clew/model';
import type { Selection } from './compile-promql.ts';
import { WINDOW_FUNCTIONS } from './syntax-tree.ts';
import { fixedTimes, rangeOf, subqueryTimes } from './subquery-times.ts';
import type { Aggregation, Expression, Selector, WindowFunction } from './syntax-tree.ts';

/** What has to be read for a query. */
export interface SelectionUse {
  readonly selection: Selection;
  readonly selector: Selector;
  /** The function of a window, and how long that is; without one it is what has been counted so far. */
  readonly window: { readonly name: WindowFunction; readonly rangeMs: number } | undefined;
  /** Series that are alike in these labels may come as one, because they are added up; all count when undefined. */
  readonly labels: ReadonlySet<string> | undefined;
  /** The moments at which it is looked at, since 1970. */
  readonly timesMs: readonly number[];
}

/** All selections of a query that is asked at some moments, in the order they stand. Throws `LimitError`. */
export function findSelections(
  expression: Expression,
  timesMs: readonly number[],
): readonly SelectionUse[] {
  const uses: SelectionUse[] = [];
  const range = rangeOf(timesMs);
  const visit = (
    part: Expression,
    labels: ReadonlySet<string> | undefined,
    times: readonly number[],
  ): void => {
    const use = useOf(part);
    if (use !== undefined) {
      const { at } = use.selector;
      uses.push({
        ...use,
        labels,
        timesMs: at === undefined ? times : fixedTimes(times, at, range),
      });
      return;
    }
    const kept = part.kind === 'aggregation' ? summedLabels(part) : undefined;
    const inner = part.kind === 'subquery' ? subqueryTimes(part, times, range).timesMs : times;
    for (const operand of operandsOf(part)) visit(operand, kept, inner);
  };
  visit(expression, undefined, timesMs);
  return uses;
}

/** Of what is read by itself. */
function useOf(
  expression: Expression,
): Pick<SelectionUse, 'selection' | 'selector' | 'window'> | undefined {
  if (expression.kind === 'selector') {
    return { selection: expression, selector: expression, window: undefined };
  }
  if (expression.kind !== 'call') return undefined;
  const name = WINDOW_FUNCTIONS.find((each) => each === expression.name);
  const [argument] = expression.arguments;
  if (name === undefined || argument?.kind !== 'window') return undefined;
  const { selector, rangeMs } = argument;
  return { selection: expression, selector, window: { name, rangeMs } };
}

/** What the samples that are added up are told apart by; undefined where each of them counts. */
function summedLabels({ name, grouping }: Aggregation): ReadonlySet<string> | undefined {
  const isSum = name === 'sum' || name === 'group';
  return isSum && grouping.kind === 'by' ? new Set(grouping.labels) : undefined;
}

function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'call':
      return expression.arguments;
    case 'subquery':
      return [expression.operand];
    case 'aggregation': {
      const { operand, parameter } = expression;
      return parameter === undefined ? [operand] : [operand, parameter];
    }
    case 'binary':
      return [expression.left, expression.right];
    case 'negation':
      return [expression.operand];
    case 'number':
    case 'text':
    case 'selector':
    case 'window':
      return [];
    default:
      return unreachable(expression);
  }
}
