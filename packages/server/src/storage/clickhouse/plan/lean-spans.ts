/**
 * What the evaluator has to know of spans beside how they hang together. Where SQL can tell exactly which spans meet the filters
 * of a query, it tells so with each span, and their attributes need not be read: that is most of what a span is.
 */
import { unreachable } from '@clew/model';
import type { Span } from '@clew/model';
import type {
  Expression,
  Field,
  Intrinsic,
  KnownFilters,
  Pipeline,
  ScalarExpression,
  SpansetExpression,
  SpansetFilter,
  Stage,
} from '@clew/traceql';
import { Sql, integerLiteral, sql } from '../engine/sql.ts';
import type { LeanDetail } from '../span-row.ts';
import type { Truth } from './traceql/truth.ts';

/** A span without attributes, events, links and scope, of its resource only the service, and the details that are read. */
export interface LeanSpan extends Span {
  /** A bit for each filter that it meets. */
  readonly met: number;
}

/** What is read of lean spans. */
export interface LeanPart {
  /** A number with a bit for each filter. */
  readonly met: Sql;
  /** What the evaluator looks at, beside what every lean span has. */
  readonly details: ReadonlySet<LeanDetail>;
}

export interface LeanPlan extends LeanPart {
  readonly known: KnownFilters;
}

/** As many as a number has bits. */
const MAX_FILTERS = 31;

/** Undefined where more of a span is needed. */
export function planLeanSpans(
  pipeline: Pipeline,
  truths: ReadonlyMap<SpansetFilter, Truth>,
): LeanPlan | undefined {
  const { filters, fields, isRelated } = visit(pipeline);
  const isKnown = filters.every((filter) => truths.get(filter)?.isExact === true);
  if (!isKnown || filters.length > MAX_FILTERS || !fields.every(isLeanField)) return undefined;
  const bits = filters.map((filter, bit): Sql => {
    const { certain } = truths.get(filter) ?? { certain: new Sql('0') };
    return sql`bitShiftLeft(toUInt32(${certain}), ${integerLiteral(bit)})`;
  });
  return {
    met: sql`toUInt32(${new Sql(bits.map(({ text }) => text).join(' + '))})`,
    details: new Set([...(isRelated ? OF_TREE : []), ...detailsOf(fields)]),
    known: (filter) => {
      const mask = 1 << filters.indexOf(filter);
      return (span) => ((span as LeanSpan).met & mask) !== 0;
    },
  };
}

/** All filters of a query, wherever they stand. */
export function filtersOf(pipeline: Pipeline): readonly SpansetFilter[] {
  return visit(pipeline).filters;
}

interface Seen {
  readonly filters: SpansetFilter[];
  /** Those that are asked for outside of filters. */
  readonly fields: Field[];
  /** Whether it matters how spans hang together. */
  isRelated: boolean;
}

function visit(pipeline: Pipeline): Seen {
  const seen: Seen = { filters: [], fields: [], isRelated: false };
  visitPipeline(pipeline, seen);
  return seen;
}

function visitPipeline({ stages }: Pipeline, seen: Seen): void {
  for (const stage of stages) visitStage(stage, seen);
}

function visitStage(stage: Stage, seen: Seen): void {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline':
      return visitSpansets(stage, seen);
    case 'aggregateFilter':
    case 'scalarFilter':
      visitScalar(stage.left, seen);
      return visitScalar(stage.right, seen);
    case 'group':
      return visitExpression(stage.by, seen.fields);
    case 'coalesce':
    case 'select':
      return;
    default:
      return unreachable(stage);
  }
}

function visitSpansets(expression: SpansetExpression, seen: Seen): void {
  switch (expression.kind) {
    case 'filter':
      seen.filters.push(expression);
      return;
    case 'pipeline':
      return visitPipeline(expression.pipeline, seen);
    case 'operation':
      seen.isRelated ||= expression.operator !== '&&' && expression.operator !== '||';
      visitSpansets(expression.left, seen);
      return visitSpansets(expression.right, seen);
    default:
      return unreachable(expression);
  }
}

function visitScalar(expression: ScalarExpression, seen: Seen): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'aggregate':
      if (expression.argument !== undefined) visitExpression(expression.argument, seen.fields);
      return;
    case 'scalarPipeline':
      visitPipeline(expression.pipeline, seen);
      return visitScalar(expression.scalar, seen);
    case 'scalarOperation':
      visitScalar(expression.left, seen);
      return visitScalar(expression.right, seen);
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

const OF_TREE: readonly LeanDetail[] = ['parent_span_id'];

/** What has to be read for each: the root is the first span that names no parent. */
const DETAILS: Readonly<Record<Intrinsic, readonly LeanDetail[]>> = {
  'span:duration': [],
  'span:name': ['name'],
  'span:status': ['status'],
  'span:statusMessage': ['status_message'],
  'span:kind': [],
  'span:id': [],
  'span:parentID': ['parent_span_id'],
  'span:childCount': OF_TREE,
  'trace:duration': [],
  'trace:rootName': ['parent_span_id', 'name'],
  'trace:rootService': ['parent_span_id'],
  'trace:id': [],
  'event:name': [],
  'event:timeSinceStart': [],
  'link:traceID': [],
  'link:spanID': [],
  'instrumentation:name': [],
  'instrumentation:version': [],
  nestedSetLeft: OF_TREE,
  nestedSetRight: OF_TREE,
  nestedSetParent: OF_TREE,
  parent: OF_TREE,
};

/** What fields need of lean spans; those that lean spans do not have need nothing. */
export function detailsOf(fields: readonly Field[]): readonly LeanDetail[] {
  return fields.flatMap((field) => (field.kind === 'attribute' ? [] : DETAILS[field.name]));
}
