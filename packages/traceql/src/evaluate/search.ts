/**
 * What a trace answers to a query: its spansets. This is the language's meaning, written for one trace in memory; what the
 * database is asked says the same of many, and a property test holds the two together.
 */
import { InvalidQueryError, unreachable } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { mentionedFields } from '../mentioned-fields.ts';
import { printExpression, printScalar } from '../print-query.ts';
import type {
  Aggregate,
  AggregateFilter,
  Field,
  GroupStage,
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
import { compilePreparation } from './compile-preparation.ts';
import { MatchBudget } from './match-budget.ts';
import { isPause, withoutSteps } from './pausable.ts';
import type { Pausable } from './pausable.ts';
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
export type TraceMatcher = (trace: Trace) => Pausable<readonly Spanset[]>;

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

type Spansets = readonly Spanset[];
type Step = (context: TraceContext, spansets: Spansets) => Pausable<Spansets>;

/** The first stage begins with all spans of the trace as one spanset. */
export function compilePipeline(
  pipeline: Pipeline,
  known: KnownFilters = NONE,
): (context: TraceContext) => Pausable<Spansets> {
  const run = compileSteps(pipeline, known);
  const prepare = compilePreparation(mentionedFields({ pipeline }));
  return function* (context) {
    yield* prepare(context);
    return yield* run(context, toSpansets([...context.spans.keys()], []));
  };
}

function compileSteps({ stages }: Pipeline, known: KnownFilters): Step {
  const steps = stages.map((stage) => compileStage(stage, known));
  return function* (context, spansets) {
    let reached = spansets;
    for (const step of steps) reached = yield* step(context, reached);
    return reached;
  };
}

function compileStage(stage: Stage, known: KnownFilters): Step {
  switch (stage.kind) {
    case 'filter':
    case 'operation':
    case 'pipeline':
      return forEach(compileSpansets(stage, known));
    case 'aggregateFilter':
      return forEach(compileAggregateFilter(stage));
    case 'scalarFilter':
      return forEach(compileScalarFilter(stage, known));
    case 'group':
      return forEach(compileGroup(stage));
    case 'coalesce':
      return (context, spansets) => withoutSteps(coalesce(context, spansets));
    case 'select':
      return (_, spansets) => withoutSteps(spansets);
    default:
      return unreachable(stage);
  }
}

type SpansetEvaluation = (context: TraceContext, spanset: Spanset) => Pausable<Spansets>;

function forEach(evaluate: SpansetEvaluation): Step {
  return function* (context, spansets) {
    const found: Spanset[] = [];
    for (const [i, spanset] of spansets.entries()) {
      if (isPause(i)) yield;
      for (const each of yield* evaluate(context, spanset)) found.push(each);
    }
    return found;
  };
}

function compileSpansets(expression: SpansetExpression, known: KnownFilters): SpansetEvaluation {
  switch (expression.kind) {
    case 'filter':
      return compileFilter(expression, known);
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

function compileFilter(filter: SpansetFilter, known: KnownFilters): SpansetEvaluation {
  const holds = compileMeets(filter, known);
  return function* (context, { spans, values }) {
    const met: number[] = [];
    for (const [i, index] of spans.entries()) {
      if (isPause(i)) yield;
      if (holds(context, index)) met.push(index);
    }
    return toSpansets(met, values);
  };
}

function compileMeets(
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
  return function* (context, spanset) {
    const leftSpans = toSpanSet(context, yield* first(context, spanset), operator);
    const rightSpans = toSpanSet(context, yield* second(context, spanset), operator);
    const spans = yield* combine(operator, context, leftSpans, rightSpans);
    return toSpansets(indexesOf(spans), spanset.values);
  };
}

function* combine(
  operator: SpansetOperation['operator'],
  context: TraceContext,
  left: SpanSet,
  right: SpanSet,
): Pausable<SpanSet> {
  if (operator === '||') return union(left, right);
  if (operator !== '&&') return relate(operator, yield* context.growTree(), left, right);
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

function toSpanSet(context: TraceContext, spansets: Spansets, operator: string): SpanSet {
  return markSpans(context, [onlyOf(spansets, operator)?.spans ?? []]);
}

function markSpans({ spans }: TraceContext, lists: Iterable<readonly number[]>): SpanSet {
  const marked = new Uint8Array(spans.length);
  for (const list of lists) {
    for (const index of list) marked[index] = 1;
  }
  return marked;
}

/** `checkQuery` refuses what may have several. */
function onlyOf(spansets: readonly Spanset[], joint: string): Spanset | undefined {
  if (spansets.length <= 1) return spansets[0];
  throw new InvalidQueryError(`${joint} needs one spanset: put coalesce() behind by()`, {
    parameter: 'q',
  });
}

/** One spanset a value, in the order the values first appear; spans without one are together, too. */
function compileGroup({ by }: GroupStage): SpansetEvaluation {
  const evaluate = compileExpression(by);
  const name = `by(${printExpression(by)})`;
  return function* (context, { spans, values }) {
    const groups = new Map<string, { readonly value: Value | undefined; spans: number[] }>();
    for (const [i, index] of spans.entries()) {
      if (isPause(i)) yield;
      const value = evaluate(context, index);
      const key = groupKey(value);
      const found = groups.get(key);
      if (found === undefined) groups.set(key, { value, spans: [index] });
      else found.spans.push(index);
    }
    const spansets: Spanset[] = [];
    for (const group of groups.values()) {
      if (isPause(spansets.length)) yield;
      spansets.push({ spans: group.spans, values: [...values, { name, value: group.value }] });
    }
    return spansets;
  };
}

/** Equal for values that are the same. */
export function groupKey(value: Value | undefined): string {
  if (value === undefined || value.type === 'other') return value?.type ?? '';
  if (value.type === 'list') return `list ${JSON.stringify(value.values.map(groupKey))}`;
  return `${value.type} ${value.value}`;
}

function coalesce(context: TraceContext, spansets: Spansets): Spansets {
  const lists = spansets.map(({ spans }) => spans);
  return toSpansets(indexesOf(markSpans(context, lists)), []);
}

function compileAggregateFilter(filter: AggregateFilter): SpansetEvaluation {
  const holds = compileComparisonOfScalars(filter);
  const aggregates = scalarsOf(filter).map((scalar) => ({
    name: printScalar(scalar),
    compute: compileScalar(scalar),
  }));
  return function* (context, { spans, values }) {
    if (!(yield* holds(context, spans))) return [];
    const named = [...values];
    for (const { name, compute } of aggregates) {
      named.push({ name, value: yield* compute(context, spans) });
    }
    return [{ spans, values: named }];
  };
}

/** The spans of all pipelines answer, so where none has any there is no answer. */
function compileScalarFilter(filter: ScalarFilter, known: KnownFilters): SpansetEvaluation {
  const holds = compileComparisonOfScalars(filter);
  const pipelines = scalarsOf(filter)
    .filter((scalar) => scalar.kind === 'scalarPipeline')
    .map((scalar) => ({
      scalar,
      name: printScalar(scalar),
      find: compileSteps(scalar.pipeline, known),
      compute: compileScalar(scalar),
    }));
  return function* (context, spanset) {
    const found = new Map<ScalarPipeline, readonly number[]>();
    for (const { scalar, find } of pipelines) {
      const only = onlyOf(yield* find(context, [spanset]), 'an aggregate of a pipeline');
      found.set(scalar, only?.spans ?? []);
    }
    if (!(yield* holds(context, spanset.spans, found))) return [];
    const values = [...spanset.values];
    for (const { name, compute } of pipelines) {
      values.push({ name, value: yield* compute(context, spanset.spans, found) });
    }
    return toSpansets(indexesOf(markSpans(context, found.values())), values);
  };
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
