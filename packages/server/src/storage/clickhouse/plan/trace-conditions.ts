/**
 * Conditions on a trace as a whole, put to something smaller than all of its spans: how long it took, to its summary; how it
 * began, to its roots. They are necessary and not sufficient, as everything else that candidates are told apart by.
 */
import { unreachable } from '@clew/model';
import type { TraceSummary } from '@clew/model';
import { isComparison, isMatch, isNil } from '@clew/traceql';
import type {
  BinaryOperation,
  ComparisonOperator,
  Expression,
  Field,
  Intrinsic,
  SpansetFilter,
} from '@clew/traceql';
import { conjunctsOf } from './answering-filters.ts';

/** Whether a trace may answer, as far as its summary tells. */
export type SummaryTest = (summary: TraceSummary) => boolean;

/** What the summary of a trace must have where a span of it has to meet each of the filters. */
export function planSummaryTest(required: readonly SpansetFilter[]): SummaryTest {
  const tests = conjunctsOfAll(required).flatMap((conjunct): SummaryTest[] => {
    const { left, operator, right } = conjunct;
    const isDuration = left.kind === 'intrinsic' && left.name === 'trace:duration';
    if (!isDuration || !isComparison(operator) || right.kind !== 'literal') return [];
    const { value } = right;
    if (value.type !== 'duration' && value.type !== 'int') return [];
    return [({ durationNano }) => compareIntegers(operator, durationNano, value.value)];
  });
  return (summary) => tests.every((test) => test(summary));
}

/**
 * What a span of the trace must meet that names no parent. A root may have been sent more than once, with names that differ: one of
 * them is the one that counts, so it is among its spans.
 */
export function rootFiltersOf(required: readonly SpansetFilter[]): readonly SpansetFilter[] {
  return conjunctsOfAll(required).flatMap((conjunct): SpansetFilter[] => {
    const { left, operator, right, range } = conjunct;
    const ofRoot = left.kind === 'intrinsic' ? OF_ROOT[left.name] : undefined;
    const isConstant = right.kind === 'literal' && !isNil(right);
    if (ofRoot === undefined || !isConstant) return [];
    if (!isComparison(operator) && !isMatch(operator)) return [];
    const condition: Expression = {
      kind: 'binary',
      operator: '&&',
      left: { kind: 'binary', operator: '=', left: PARENT_ID, right: NIL, range },
      right: { ...conjunct, left: ofRoot },
      range,
    };
    return [{ kind: 'filter', condition, range }];
  });
}

const NOWHERE = { start: 0, end: 0 };
const PARENT_ID: Field = { kind: 'intrinsic', name: 'span:parentID', range: NOWHERE };
const NIL: Expression = { kind: 'literal', value: { type: 'nil' }, range: NOWHERE };

/** What a trace has of its root, as the root itself has it. */
const OF_ROOT: Readonly<Partial<Record<Intrinsic, Field>>> = {
  'trace:rootName': { kind: 'intrinsic', name: 'span:name', range: NOWHERE },
  'trace:rootService': {
    kind: 'attribute',
    scope: 'resource',
    ofParent: false,
    name: 'service.name',
    range: NOWHERE,
  },
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
