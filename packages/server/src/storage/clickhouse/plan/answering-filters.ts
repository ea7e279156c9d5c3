/**
 * What a trace must have to answer a query, read off the query: its answering spans each meet one of some filters, and other
 * filters must be met by a span somewhere in it. That is necessary and not sufficient: how spans are related, how many there are,
 * the evaluator decides.
 */
import { unreachable } from '@clew/model';
import { ALL_SPANS } from '@clew/traceql';
import type {
  Expression,
  Pipeline,
  ScalarExpression,
  SpansetExpression,
  SpansetFilter,
  SpansetOperation,
} from '@clew/traceql';

export interface AnsweringFilters {
  /** Every span of an answer meets one of them. */
  readonly answering: readonly SpansetFilter[];
  /** A span of the trace meets each of them. */
  readonly required: readonly SpansetFilter[];
  /** The spans that meet the one filter are the answer. */
  readonly isPlain: boolean;
}

export function findAnsweringFilters({ stages }: Pipeline): AnsweringFilters {
  // A pipeline begins with all spans of a trace.
  let filters: AnsweringFilters = { answering: [ALL_SPANS], required: [], isPlain: true };
  for (const [index, stage] of stages.entries()) {
    switch (stage.kind) {
      case 'filter':
      case 'operation':
      case 'pipeline': {
        const { answering, required, isPlain } = ofSpansets(stage);
        const all = [...filters.required, ...required];
        filters = { answering, required: all, isPlain: isPlain && index === 0 };
        break;
      }
      case 'scalarFilter': {
        const answering = [...answeringOf(stage.left), ...answeringOf(stage.right)];
        filters = { ...filters, answering, isPlain: false };
        break;
      }
      case 'select':
        break;
      case 'aggregateFilter':
      case 'group':
      case 'coalesce':
        filters = { ...filters, isPlain: false };
        break;
      default:
        unreachable(stage);
    }
  }
  return filters;
}

/** The spans of the pipelines that a number is made of; there is a span in one of them, whichever. */
function answeringOf(scalar: ScalarExpression): readonly SpansetFilter[] {
  switch (scalar.kind) {
    case 'scalarPipeline':
      return findAnsweringFilters(scalar.pipeline).answering;
    case 'scalarOperation':
      return [...answeringOf(scalar.left), ...answeringOf(scalar.right)];
    case 'literal':
    case 'aggregate':
      return [];
    default:
      return unreachable(scalar);
  }
}

function ofSpansets(expression: SpansetExpression): AnsweringFilters {
  switch (expression.kind) {
    case 'filter':
      return { answering: [expression], required: [expression], isPlain: true };
    case 'pipeline':
      return findAnsweringFilters(expression.pipeline);
    case 'operation':
      return ofOperation(expression);
    default:
      return unreachable(expression);
  }
}

function ofOperation({ operator, left, right }: SpansetOperation): AnsweringFilters {
  const [a, b] = [ofSpansets(left), ofSpansets(right)];
  const both = {
    answering: [...a.answering, ...b.answering],
    required: [...a.required, ...b.required],
    isPlain: false,
  };
  if (operator === '||') return { ...both, required: [] };
  if (operator === '&&' || operator.startsWith('&')) return both;
  if (operator.startsWith('!')) return { ...b, isPlain: false };
  return { ...both, answering: b.answering };
}

/** What must be true of a span for the condition to be: the sides of its `&&`. */
export function conjunctsOf(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== '&&') return [condition];
  return [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)];
}

/** The one service whose spans meet the filter, where it names one. */
export function serviceOf({ condition }: SpansetFilter): string | undefined {
  for (const conjunct of conjunctsOf(condition)) {
    if (conjunct.kind !== 'binary' || conjunct.operator !== '=') continue;
    const [field, literal] =
      conjunct.left.kind === 'literal'
        ? [conjunct.right, conjunct.left]
        : [conjunct.left, conjunct.right];
    const isService =
      field.kind === 'attribute' &&
      field.scope === 'resource' &&
      !field.ofParent &&
      field.name === 'service.name';
    if (!isService || literal.kind !== 'literal') continue;
    if (literal.value.type === 'string') return literal.value.value;
  }
  return undefined;
}

/** Whether it asks for an attribute, as few spans have one and indexes know which. */
export function asksForAttribute({ condition }: SpansetFilter): boolean {
  return conjunctsOf(condition).some(
    (conjunct) =>
      conjunct.kind === 'binary' &&
      [conjunct.left, conjunct.right].some(
        (side) => side.kind === 'attribute' && side.name !== 'service.name',
      ),
  );
}
