/** Which fields of spans a search speaks of: those it compares, groups and computes by, and those it wants to see. */
import { unreachable } from '@clew/model';
import { printField } from './print-query.ts';
import type {
  Expression,
  Field,
  Pipeline,
  ScalarExpression,
  SearchQuery,
  SpansetExpression,
  Stage,
} from './syntax-tree.ts';

/** Each once, in the order in which they are mentioned first. */
export function mentionedFields({ pipeline }: Pick<SearchQuery, 'pipeline'>): readonly Field[] {
  const byName = new Map<string, Field>();
  for (const field of ofPipeline(pipeline)) {
    const name = printField(field);
    if (!byName.has(name)) byName.set(name, field);
  }
  return [...byName.values()];
}

function ofPipeline({ stages }: Pipeline): readonly Field[] {
  return stages.flatMap(ofStage);
}

function ofStage(stage: Stage): readonly Field[] {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline':
      return ofSpansets(stage);
    case 'aggregateFilter':
    case 'scalarFilter':
      return [...ofScalar(stage.left), ...ofScalar(stage.right)];
    case 'group':
      return ofExpression(stage.by);
    case 'coalesce':
      return [];
    case 'select':
      return stage.fields;
    default:
      return unreachable(stage);
  }
}

function ofSpansets(expression: SpansetExpression): readonly Field[] {
  switch (expression.kind) {
    case 'filter':
      return expression.condition === undefined ? [] : ofExpression(expression.condition);
    case 'pipeline':
      return ofPipeline(expression.pipeline);
    case 'operation':
      return [...ofSpansets(expression.left), ...ofSpansets(expression.right)];
    default:
      return unreachable(expression);
  }
}

function ofScalar(scalar: ScalarExpression): readonly Field[] {
  switch (scalar.kind) {
    case 'literal':
      return [];
    case 'aggregate':
      return scalar.argument === undefined ? [] : ofExpression(scalar.argument);
    case 'scalarPipeline':
      return [...ofPipeline(scalar.pipeline), ...ofScalar(scalar.scalar)];
    case 'scalarOperation':
      return [...ofScalar(scalar.left), ...ofScalar(scalar.right)];
    default:
      return unreachable(scalar);
  }
}

function ofExpression(expression: Expression): readonly Field[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'attribute':
    case 'intrinsic':
      return [expression];
    case 'unary':
      return ofExpression(expression.operand);
    case 'binary':
      return [...ofExpression(expression.left), ...ofExpression(expression.right)];
    default:
      return unreachable(expression);
  }
}
