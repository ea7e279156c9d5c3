/**
 * What a trace answers to a query: its spansets. This is the language's meaning, written for one trace in memory; what the
 * database is asked says the same of many, and a property test holds the two together.
 */
import { InvalidQueryError, unreachable } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { printExpression, printScalar } from '../print-query.ts';
import type {
  Aggregate,
  AggregateFilter,
  Field,
  Pipeline,
  ScalarFilter,
  ScalarOperation,
  ScalarPipeline,
  SearchQuery,
  SpansetExpression,
  SpansetFilter,
  SpansetOperation,
  Stage,
} from '../syntax-tree.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { MatchBudget } from './match-budget.ts';
import { compileComparisonOfScalars, compileScalar } from './scalar.ts';
import { relate } from './structure.ts';
import type { SpanSet } from './structure.ts';
import { TraceContext } from './trace-context.ts';
import type { Value } from './value.ts';

/** Spans of one trace that answer together. */
export interface Spanset {
  /** Indexes in the trace's spans, ascending. Never empty. */
  readonly spans: readonly number[];
  /** What the spans have in common by `by(…)`, and aggregates that were asked about. */
  readonly values: readonly NamedValue[];
}

export interface NamedValue {
  readonly name: string;
  /** Undefined for spans that have none. */
  readonly value: Value | undefined;
}

/** Answers for one trace after the other. */
export type TraceMatcher = (trace: Trace) => readonly Spanset[];

/** Tells of filters whether a span meets them, where that is known already; undefined of filters it does not know. */
export type KnownFilters = (filter: SpansetFilter) => ((span: Span) => boolean) | undefined;

/** Makes a function of a query that `checkQuery` has passed. What it calls throws `LimitError` when the budget is spent. */
export function compileSearch(
  { pipeline }: SearchQuery,
  known: KnownFilters = NONE,
  matchBudget: MatchBudget = new MatchBudget(),
): TraceMatcher {
  const run = compilePipeline(pipeline, known);
  return (trace) => run(new TraceContext(trace, matchBudget));
}

const NONE: KnownFilters = () => undefined;

/** Fields that the query asks to be shown of each span. */
export function selectedFields({ pipeline }: SearchQuery): readonly Field[] {
  return pipeline.stages.flatMap((stage) => (stage.kind === 'select' ? stage.fields : []));
}

type Step = (context: TraceContext, spansets: readonly Spanset[]) => readonly Spanset[];

/** The first stage begins with all spans of the trace as one spanset. */
export function compilePipeline(
  pipeline: Pipeline,
  known: KnownFilters = NONE,
): (context: TraceContext) => readonly Spanset[] {
  const run = compileSteps(pipeline, known);
  return (context) => run(context, toSpansets([...context.spans.keys()], []));
}

function compileSteps({ stages }: Pipeline, known: KnownFilters): Step {
  const steps = stages.map((stage) => compileStage(stage, known));
  return (context, spansets) => steps.reduce((reached, step) => step(context, reached), spansets);
}

function compileStage(stage: Stage, known: KnownFilters): Step {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline': {
      const evaluate = compileSpansets(stage, known);
      return (context, spansets) => spansets.flatMap((spanset) => evaluate(context, spanset));
    }
    case 'aggregateFilter':
      return compileAggregateFilter(stage);
    case 'scalarFilter':
      return compileScalarFilter(stage, known);
    case 'group': {
      const evaluate = compileExpression(stage.by);
      const name = `by(${printExpression(stage.by)})`;
      return (context, spansets) =>
        spansets.flatMap((spanset) => group(spanset, name, (index) => evaluate(context, index)));
    }
    case 'coalesce':
      return (_, spansets) => coalesce(spansets);
    case 'select':
      return (_, spansets) => spansets;
    default:
      return unreachable(stage);
  }
}

type SpansetEvaluation = (context: TraceContext, spanset: Spanset) => readonly Spanset[];

function compileSpansets(expression: SpansetExpression, known: KnownFilters): SpansetEvaluation {
  switch (expression.kind) {
    case 'filter': {
      const holds = compileFilter(expression, known);
      return (context, { spans, values }) =>
        toSpansets(
          spans.filter((index) => holds(context, index)),
          values,
        );
    }
    case 'pipeline': {
      const run = compileSteps(expression.pipeline, known);
      return (context, spanset) => run(context, [spanset]);
    }
    case 'operation':
      return compileOperation(expression, known);
    default:
      return unreachable(expression);
  }
}

function toSpansets(spans: readonly number[], values: Spanset['values']): readonly Spanset[] {
  return spans.length === 0 ? [] : [{ spans, values }];
}

function compileFilter(
  filter: SpansetFilter,
  known: KnownFilters,
): (context: TraceContext, index: number) => boolean {
  const meets = known(filter);
  if (meets === undefined) return compileCondition(filter.condition);
  return ({ spans }, index) => {
    const span = spans[index];
    return span !== undefined && meets(span);
  };
}

function compileOperation(
  { operator, left, right }: SpansetOperation,
  known: KnownFilters,
): SpansetEvaluation {
  const [first, second] = [compileSpansets(left, known), compileSpansets(right, known)];
  return (context, spanset) => {
    const leftSpans = toSpanSet(context, first(context, spanset), operator);
    const rightSpans = toSpanSet(context, second(context, spanset), operator);
    const spans = combine(operator, context, leftSpans, rightSpans);
    return toSpansets(indexesOf(spans), spanset.values);
  };
}

function combine(
  operator: SpansetOperation['operator'],
  context: TraceContext,
  left: SpanSet,
  right: SpanSet,
): SpanSet {
  if (operator === '||') return union(left, right);
  if (operator !== '&&') return relate(operator, context.tree, left, right);
  return left.includes(1) && right.includes(1) ? union(left, right) : new Uint8Array(0);
}

function union(left: SpanSet, right: SpanSet): SpanSet {
  return left.map((isMeant, index) => isMeant | (right[index] ?? 0));
}

function indexesOf(spans: SpanSet): number[] {
  const indexes: number[] = [];
  spans.forEach((isMeant, index) => {
    if (isMeant === 1) indexes.push(index);
  });
  return indexes;
}

function toSpanSet(context: TraceContext, spansets: readonly Spanset[], operator: string): SpanSet {
  const set = new Uint8Array(context.spans.length);
  for (const index of onlyOf(spansets, operator)?.spans ?? []) set[index] = 1;
  return set;
}

/** `checkQuery` refuses what may have several. */
function onlyOf(spansets: readonly Spanset[], joint: string): Spanset | undefined {
  if (spansets.length <= 1) return spansets[0];
  throw new InvalidQueryError(`${joint} needs one spanset: put coalesce() behind by()`, {
    parameter: 'q',
  });
}

/** One spanset a value, in the order the values first appear; spans without one are together, too. */
function group(
  { spans, values }: Spanset,
  name: string,
  evaluate: (index: number) => Value | undefined,
): readonly Spanset[] {
  const groups = new Map<string, { readonly value: Value | undefined; readonly spans: number[] }>();
  for (const index of spans) {
    const value = evaluate(index);
    const key = groupKey(value);
    const found = groups.get(key);
    if (found === undefined) groups.set(key, { value, spans: [index] });
    else found.spans.push(index);
  }
  return [...groups.values()].map((each) => ({
    spans: each.spans,
    values: [...values, { name, value: each.value }],
  }));
}

/** Equal for values that are the same. */
export function groupKey(value: Value | undefined): string {
  if (value === undefined || value.type === 'other') return value?.type ?? '';
  if (value.type === 'list') return `list ${JSON.stringify(value.values.map(groupKey))}`;
  return `${value.type} ${value.value}`;
}

function coalesce(spansets: readonly Spanset[]): readonly Spanset[] {
  const spans = new Set(spansets.flatMap((spanset) => spanset.spans));
  return toSpansets(inOrder(spans), []);
}

function inOrder(indexes: ReadonlySet<number>): readonly number[] {
  return [...indexes].sort((a, b) => a - b);
}

function compileAggregateFilter(filter: AggregateFilter): Step {
  const holds = compileComparisonOfScalars(filter);
  const aggregates = scalarsOf(filter).map((scalar) => ({
    name: printScalar(scalar),
    compute: compileScalar(scalar),
  }));
  return (context, spansets) =>
    spansets
      .filter(({ spans }) => holds(context, spans))
      .map(({ spans, values }) => ({
        spans,
        values: [
          ...values,
          ...aggregates.map(({ name, compute }) => ({ name, value: compute(context, spans) })),
        ],
      }));
}

/** The spans of all pipelines answer, so where none has any there is no answer. */
function compileScalarFilter(filter: ScalarFilter, known: KnownFilters): Step {
  const holds = compileComparisonOfScalars(filter);
  const pipelines = scalarsOf(filter)
    .filter((scalar) => scalar.kind === 'scalarPipeline')
    .map((scalar) => ({
      scalar,
      name: printScalar(scalar),
      find: compileSteps(scalar.pipeline, known),
      compute: compileScalar(scalar),
    }));
  return (context, spansets) =>
    spansets.flatMap((spanset) => {
      const found = new Map(
        pipelines.map(({ scalar, find }) => [
          scalar,
          onlyOf(find(context, [spanset]), 'an aggregate of a pipeline')?.spans ?? [],
        ]),
      );
      if (!holds(context, spanset.spans, found)) return [];
      const spans = new Set([...found.values()].flat());
      const values = pipelines.map(({ name, compute }) => ({
        name,
        value: compute(context, spanset.spans, found),
      }));
      return toSpansets(inOrder(spans), [...spanset.values, ...values]);
    });
}

/** Aggregates of the spanset, and of pipelines. */
function scalarsOf({
  left,
  right,
}: AggregateFilter | ScalarFilter | ScalarOperation): readonly (Aggregate | ScalarPipeline)[] {
  return [left, right].flatMap((side) => {
    if (side.kind === 'literal') return [];
    return side.kind === 'scalarOperation' ? scalarsOf(side) : [side];
  });
}
