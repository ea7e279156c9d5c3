/** What the fields of a form ask, as a query: the form is a quicker way to write TraceQL, and never means anything else. */
import { InvalidQueryError } from '@clew/model';
import type { SpanStatus } from '@clew/model';
import {
  attributeField,
  compareField,
  intrinsicField,
  joinConditions,
  readingsOf,
  searchOfConditions,
} from './build-condition.ts';
import type { BinaryOperator, Expression, Field, SearchQuery, StaticValue } from './syntax-tree.ts';

/** All that is given holds on one span. */
export interface SearchForm {
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  /** Of the span, or else of its resource; a value that reads as a number or a truth value is meant as one, too. */
  readonly attributes?: readonly { readonly key: string; readonly value: string }[] | undefined;
  /** Whatever else. */
  readonly conditions?: readonly Expression[] | undefined;
  readonly status?: SpanStatus | undefined;
  /** Nanoseconds, inclusive. */
  readonly minDurationNano?: bigint | undefined;
  readonly maxDurationNano?: bigint | undefined;
}

/** Each is up to two conditions of a query, and a statement of the engine takes a thousand or so. */
const MAX_ATTRIBUTES = 500;

/** The form as a query of one filter. Throws `InvalidQueryError` for more attributes than can be asked about at once. */
export function searchOfForm(form: SearchForm): SearchQuery {
  const attributeCount = form.attributes?.length ?? 0;
  if (attributeCount > MAX_ATTRIBUTES) {
    const message = `attribute: expected at most ${MAX_ATTRIBUTES}, and ${attributeCount} are given`;
    throw new InvalidQueryError(message, { parameter: 'attribute' });
  }
  const conditions: Expression[] = [];
  const add = (field: Field, operator: BinaryOperator, value: StaticValue | undefined): void => {
    if (value !== undefined) conditions.push(compareField(operator, field, value));
  };
  add(attributeField('resource', 'service.name'), '=', text(form.service));
  add(intrinsicField('span:name'), '=', text(form.spanName));
  for (const { key, value } of form.attributes ?? []) {
    const field = attributeField('any', key);
    const alternatives = readingsOf(value).map((each) => compareField('=', field, each));
    conditions.push(joinConditions('||', alternatives));
  }
  conditions.push(...(form.conditions ?? []));
  const { status } = form;
  add(intrinsicField('span:status'), '=', status && { type: 'status', value: status });
  for (const { operator, nanos } of durationBoundsOf(form)) {
    add(intrinsicField('span:duration'), operator, { type: 'duration', value: nanos });
  }
  return searchOfConditions(conditions);
}

function text(value: string | undefined): StaticValue | undefined {
  return value === undefined ? undefined : { type: 'string', value };
}

/** A bound of durations as it is best written. */
export interface DurationBound {
  readonly operator: '>' | '>=' | '<' | '<=';
  readonly nanos: bigint;
}

/** Whoever asks for more than 500 ms asks, in whole nanoseconds, for 500 ms and one at least; said is what was asked. */
export function durationBoundsOf({
  minDurationNano: min,
  maxDurationNano: max,
}: SearchForm): readonly DurationBound[] {
  const bounds: DurationBound[] = [];
  if (min !== undefined) {
    const isAbove = min > 1n && min % 1000n === 1n;
    bounds.push(isAbove ? { operator: '>', nanos: min - 1n } : { operator: '>=', nanos: min });
  }
  if (max !== undefined) {
    const isBelow = max % 1000n === 999n;
    bounds.push(isBelow ? { operator: '<', nanos: max + 1n } : { operator: '<=', nanos: max });
  }
  return bounds;
}
