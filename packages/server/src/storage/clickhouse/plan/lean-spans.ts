/**
 * What the evaluator has to know of spans beside how they hang together. Where SQL can tell exactly which spans meet the filters
 * of a query, it tells so with each span, and their attributes need not be read: that is most of what a span is.
 */
import { unreachable } from '@clew/model';
import type { Span } from '@clew/model';
import type {
  Expression,
  Field,
  KnownFilters,
  Pipeline,
  ScalarExpression,
  SpansetExpression,
  SpansetFilter,
  Stage,
} from '@clew/traceql';
import { Sql, integerLiteral, sql } from '../engine/sql.ts';
import type { Truth } from './traceql/truth.ts';

/** A span without attributes, events, links and scope, and of its resource only the service. */
export interface LeanSpan extends Span {
  /** A bit for each filter that it meets. */
  readonly met: number;
}

export interface LeanPlan {
  /** A number with a bit for each filter. */
  readonly met: Sql;
  readonly known: KnownFilters;
}

/** As many as a number has bits. */
const MAX_FILTERS = 31;

/** Undefined where more of a span is needed. */
export function planLeanSpans(
  pipeline: Pipeline,
  truths: ReadonlyMap<SpansetFilter, Truth>,
): LeanPlan | undefined {
  const filters: SpansetFilter[] = [];
  const fields: Field[] = [];
  visitPipeline(pipeline, filters, fields);
  const isKnown = filters.every((filter) => truths.get(filter)?.isExact === true);
  if (!isKnown || filters.length > MAX_FILTERS || !fields.every(isLeanField)) return undefined;
  const bits = filters.map((filter, bit): Sql => {
    const { certain } = truths.get(filter) ?? { certain: new Sql('0') };
    return sql`bitShiftLeft(toUInt32(${certain}), ${integerLiteral(bit)})`;
  });
  return {
    met: sql`toUInt32(${new Sql(bits.map(({ text }) => text).join(' + '))})`,
    known: (filter) => {
      const mask = 1 << filters.indexOf(filter);
      return (span) => ((span as LeanSpan).met & mask) !== 0;
    },
  };
}

/** All filters of a query, wherever they stand. */
export function filtersOf(pipeline: Pipeline): readonly SpansetFilter[] {
  const filters: SpansetFilter[] = [];
  visitPipeline(pipeline, filters, []);
  return filters;
}

/** Collects the filters, and the fields that are asked for outside of them. */
function visitPipeline({ stages }: Pipeline, filters: SpansetFilter[], fields: Field[]): void {
  for (const stage of stages) visitStage(stage, filters, fields);
}

function visitStage(stage: Stage, filters: SpansetFilter[], fields: Field[]): void {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline':
      return visitSpansets(stage, filters, fields);
    case 'aggregateFilter':
    case 'scalarFilter':
      visitScalar(stage.left, filters, fields);
      return visitScalar(stage.right, filters, fields);
    case 'group':
      return visitExpression(stage.by, fields);
    case 'coalesce':
    case 'select':
      return;
    default:
      return unreachable(stage);
  }
}

function visitSpansets(
  expression: SpansetExpression,
  filters: SpansetFilter[],
  fields: Field[],
): void {
  switch (expression.kind) {
    case 'filter':
      filters.push(expression);
      return;
    case 'pipeline':
      return visitPipeline(expression.pipeline, filters, fields);
    case 'operation':
      visitSpansets(expression.left, filters, fields);
      return visitSpansets(expression.right, filters, fields);
    default:
      return unreachable(expression);
  }
}

function visitScalar(
  expression: ScalarExpression,
  filters: SpansetFilter[],
  fields: Field[],
): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'aggregate':
      if (expression.argument !== undefined) visitExpression(expression.argument, fields);
      return;
    case 'scalarPipeline':
      visitPipeline(expression.pipeline, filters, fields);
      return visitScalar(expression.scalar, filters, fields);
    case 'scalarOperation':
      visitScalar(expression.left, filters, fields);
      return visitScalar(expression.right, filters, fields);
    default:
      return unreachable(expression);
  }
}

function visitExpression(expression: Expression, fields: Field[]): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'attribute':
    case 'intrinsic':
      fields.push(expression);
      return;
    case 'unary':
      return visitExpression(expression.operand, fields);
    case 'binary':
      visitExpression(expression.left, fields);
      return visitExpression(expression.right, fields);
    default:
      return unreachable(expression);
  }
}

const NOT_LEAN: ReadonlySet<string> = new Set(['event', 'link', 'instrumentation']);

/** Whether a span without attributes, and its trace of such spans, have what is under a field. */
export function isLeanField(field: Field): boolean {
  if (field.kind === 'attribute') {
    const { scope, ofParent, name } = field;
    return scope === 'resource' && !ofParent && name === 'service.name';
  }
  const [scope = ''] = field.name.split(':');
  return !NOT_LEAN.has(scope);
}
