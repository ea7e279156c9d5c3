/**
 * Conditions on a trace as a whole, put to something smaller than all of its spans: how long it took, to its summary; how it
 * began, to its roots. They are necessary and not sufficient, as everything else that candidates are told apart by.
 */
import { unreachable } from '@clew/model';
import type { TraceSummary } from '@clew/model';
import {
  NIL,
  attributeField,
  compareField,
  filterOf,
  intrinsicField,
  isComparison,
  isMatch,
  isNil,
  joinConditions,
} from '@clew/traceql';
import type {
  BinaryOperation,
  ComparisonOperator,
  Field,
  Intrinsic,
  SpansetFilter,
} from '@clew/traceql';
import type { TraceConditions } from '../../span-store.ts';
import { Sql, all, sql, uint64Literal } from '../engine/sql.ts';
import { conjunctsOf } from './answering-filters.ts';
import { TRACE_VALUES } from './candidates.ts';

/** Whether a trace may answer, as far as its summary tells. */
export type SummaryTest = (summary: TraceSummary) => boolean;

/** What the summary of a trace must have where a span of it has to meet each of the filters. */
export function planSummaryTest(required: readonly SpansetFilter[]): SummaryTest {
  const conditions = durationConditionsOf(required);
  return ({ durationNano }) =>
    conditions.every(({ operator, nanos }) => compareIntegers(operator, durationNano, nanos));
}

/** The same and what a form asks of the whole trace, over the rows of a summary; undefined where nothing is asked. */
export function planSummaryCondition(
  required: readonly SpansetFilter[],
  traces: TraceConditions = {},
): Sql | undefined {
  const { minDurationNano, maxDurationNano, minSpanCount, maxSpanCount, hasError } = traces;
  const within = (value: Sql, min?: bigint | number, max?: bigint | number): Sql[] => [
    ...(min === undefined ? [] : [sql`${value} >= ${uint64Literal(BigInt(min))}`]),
    ...(max === undefined ? [] : [sql`${value} <= ${uint64Literal(BigInt(max))}`]),
  ];
  const conditions = [
    ...durationConditionsOf(required)
      .filter(({ nanos }) => nanos >= 0n)
      .map(
        ({ operator, nanos }) =>
          sql`${TRACE_VALUES.duration} ${new Sql(operator)} ${uint64Literal(nanos)}`,
      ),
    ...within(TRACE_VALUES.duration, minDurationNano, maxDurationNano),
    ...within(TRACE_VALUES.spanCount, minSpanCount, maxSpanCount),
    ...(hasError === undefined
      ? []
      : [sql`${TRACE_VALUES.errorCount} ${new Sql(hasError ? '>' : '=')} 0`]),
  ];
  return conditions.length === 0 ? undefined : all(conditions);
}

interface DurationCondition {
  readonly operator: ComparisonOperator;
  readonly nanos: bigint;
}

function durationConditionsOf(required: readonly SpansetFilter[]): readonly DurationCondition[] {
  return conjunctsOfAll(required).flatMap((conjunct): DurationCondition[] => {
    const { left, operator, right } = conjunct;
    const isDuration = left.kind === 'intrinsic' && left.name === 'trace:duration';
    if (!isDuration || !isComparison(operator) || right.kind !== 'literal') return [];
    const { value } = right;
    if (value.type !== 'duration' && value.type !== 'int') return [];
    return [{ operator, nanos: value.value }];
  });
}

/**
 * What a span of the trace must meet that names no parent. A root may have been sent more than once, with names that differ: one of
 * them is the one that counts, so it is among its spans.
 */
export function rootFiltersOf(required: readonly SpansetFilter[]): readonly SpansetFilter[] {
  return conjunctsOfAll(required).flatMap((conjunct): SpansetFilter[] => {
    const { left, operator, right } = conjunct;
    const ofRoot = left.kind === 'intrinsic' ? OF_ROOT[left.name] : undefined;
    const isConstant = right.kind === 'literal' && !isNil(right);
    if (ofRoot === undefined || !isConstant) return [];
    if (!isComparison(operator) && !isMatch(operator)) return [];
    const condition = joinConditions('&&', [HAS_NO_PARENT, { ...conjunct, left: ofRoot }]);
    return [filterOf(condition)];
  });
}

const HAS_NO_PARENT = compareField('=', intrinsicField('span:parentID'), NIL);

/** What a trace has of its root, as the root itself has it. */
const OF_ROOT: Readonly<Partial<Record<Intrinsic, Field>>> = {
  'trace:rootName': intrinsicField('span:name'),
  'trace:rootService': attributeField('resource', 'service.name'),
};

function conjunctsOfAll(filters: readonly SpansetFilter[]): readonly BinaryOperation[] {
  return filters
    .flatMap(({ condition }) => conjunctsOf(condition))
    .filter((conjunct) => conjunct.kind === 'binary');
}

function compareIntegers(operator: ComparisonOperator, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return unreachable(operator);
  }
}
