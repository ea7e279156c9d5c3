/**
 * What a query asks for that a span alone cannot tell: how spans are related, how many there are, what is true of the trace.
 * Without any of it the answers are the spans that meet a condition, whatever else their traces have or are still to get.
 */
import { unreachable } from '@clew/model';
import type {
  Expression,
  Field,
  Intrinsic,
  Pipeline,
  SearchQuery,
  SpansetExpression,
  Stage,
  TextRange,
} from './syntax-tree.ts';

/** Where the first such part stands; undefined where there is none. */
export function findBeyondSpan({ pipeline }: SearchQuery): TextRange | undefined {
  return inPipeline(pipeline);
}

function inPipeline({ stages }: Pipeline): TextRange | undefined {
  return first(stages, inStage);
}

function inStage(stage: Stage): TextRange | undefined {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline':
      return inSpansets(stage);
    case 'aggregateFilter':
    case 'scalarFilter':
    case 'group':
    case 'coalesce':
      return stage.range;
    case 'select':
      return undefined;
    default:
      return unreachable(stage);
  }
}

function inSpansets(expression: SpansetExpression): TextRange | undefined {
  switch (expression.kind) {
    case 'filter':
      return expression.condition === undefined ? undefined : inCondition(expression.condition);
    case 'pipeline':
      return inPipeline(expression.pipeline);
    case 'operation':
      if (expression.operator !== '||') return expression.range;
      return first([expression.left, expression.right], inSpansets);
    default:
      return unreachable(expression);
  }
}

function inCondition(expression: Expression): TextRange | undefined {
  switch (expression.kind) {
    case 'literal':
      return undefined;
    case 'attribute':
    case 'intrinsic':
      return isBeyondSpan(expression) ? expression.range : undefined;
    case 'unary':
      return inCondition(expression.operand);
    case 'binary':
      return first([expression.left, expression.right], inCondition);
    default:
      return unreachable(expression);
  }
}

const BEYOND_SPAN: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  'span:childCount',
  'trace:duration',
  'trace:rootName',
  'trace:rootService',
  'nestedSetLeft',
  'nestedSetRight',
  'nestedSetParent',
  'parent',
]);

/** Whether a span alone cannot tell what it has under a field. */
export function isBeyondSpan(field: Field): boolean {
  return field.kind === 'attribute' ? field.ofParent : BEYOND_SPAN.has(field.name);
}

function first<Item>(
  items: readonly Item[],
  find: (item: Item) => TextRange | undefined,
): TextRange | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
