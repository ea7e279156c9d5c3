import { unreachable } from '@clew/model';
import type { Selection } from './compile-promql.ts';
import { WINDOW_FUNCTIONS } from './syntax-tree.ts';
import type { Aggregation, Expression, Selector, WindowFunction } from './syntax-tree.ts';

/** What has to be read for a query. */
export interface SelectionUse {
  readonly selection: Selection;
  readonly selector: Selector;
  /** The function of a window, and how long that is; without one it is what has been counted so far. */
  readonly window: { readonly name: WindowFunction; readonly rangeMs: number } | undefined;
  /** Series that are alike in these labels may come as one, because they are added up; all count when undefined. */
  readonly labels: ReadonlySet<string> | undefined;
}

/** All selections of a query, in the order they stand. */
export function findSelections(expression: Expression): readonly SelectionUse[] {
  const uses: SelectionUse[] = [];
  visit(expression, undefined, uses);
  return uses;
}

function visit(
  expression: Expression,
  labels: ReadonlySet<string> | undefined,
  uses: SelectionUse[],
): void {
  if (expression.kind === 'selector') {
    uses.push({ selection: expression, selector: expression, window: undefined, labels });
    return;
  }
  if (expression.kind === 'call') {
    const name = WINDOW_FUNCTIONS.find((each) => each === expression.name);
    const [argument] = expression.arguments;
    if (name !== undefined && argument?.kind === 'window') {
      const { selector, rangeMs } = argument;
      uses.push({ selection: expression, selector, window: { name, rangeMs }, labels });
      return;
    }
  }
  const kept = expression.kind === 'aggregation' ? summedLabels(expression) : undefined;
  for (const operand of operandsOf(expression)) visit(operand, kept, uses);
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
