/** What the fields of a form ask, as a query: the form is a quicker way to write TraceQL, and never means anything else. */
import { InvalidQueryError } from '@clew/model';
import type { SpanStatus } from '@clew/model';
import type {
  BinaryOperator,
  Expression,
  Field,
  SearchQuery,
  StaticValue,
  TextRange,
} from './syntax-tree.ts';

/** All that is given holds on one span. */
export interface SearchForm {
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  /** Of the span, or else of its resource; a value that reads as a number or a truth value is meant as one, too. */
  readonly attributes?: readonly { readonly key: string; readonly value: string }[] | undefined;
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
    if (value !== undefined) conditions.push(binary(operator, field, literal(value)));
  };
  add(attribute('resource', 'service.name'), '=', text(form.service));
  add(intrinsic('span:name'), '=', text(form.spanName));
  for (const { key, value } of form.attributes ?? []) {
    const field = attribute('any', key);
    const alternatives = readingsOf(value).map((each) => binary('=', field, literal(each)));
    conditions.push(join('||', alternatives));
  }
  const { status } = form;
  add(intrinsic('span:status'), '=', status && { type: 'status', value: status });
  add(intrinsic('span:duration'), '>=', duration(form.minDurationNano));
  add(intrinsic('span:duration'), '<=', duration(form.maxDurationNano));
  const condition = conditions.length === 0 ? undefined : join('&&', conditions);
  const filter = { kind: 'filter', condition, range: NOWHERE } as const;
  return {
    kind: 'search',
    pipeline: { stages: [filter], range: NOWHERE },
    order: undefined,
    hints: [],
    range: NOWHERE,
  };
}

/** It was not read from a text. */
const NOWHERE: TextRange = { start: 0, end: 0 };

const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const DECIMAL = /^-?(?:0|[1-9]\d{0,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?$/;

/** What a typed value may mean: always the text, and whatever else reads like it. */
function readingsOf(value: string): readonly StaticValue[] {
  const readings: StaticValue[] = [{ type: 'string', value }];
  const number = Number(value);
  if (INTEGER.test(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value)) {
    readings.push({ type: 'int', value: BigInt(value) });
  } else if (DECIMAL.test(value) && Number.isFinite(number)) {
    readings.push({ type: 'float', value: number });
  }
  if (value === 'true' || value === 'false') {
    readings.push({ type: 'bool', value: value === 'true' });
  }
  return readings;
}

function join(operator: '&&' | '||', conditions: readonly Expression[]): Expression {
  return conditions.reduce((left, right) => binary(operator, left, right));
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, range: NOWHERE };
}

function attribute(scope: 'any' | 'resource', name: string): Field {
  return { kind: 'attribute', scope, ofParent: false, name, range: NOWHERE };
}

function intrinsic(name: 'span:name' | 'span:status' | 'span:duration'): Field {
  return { kind: 'intrinsic', name, range: NOWHERE };
}

function literal(value: StaticValue): Expression {
  return { kind: 'literal', value, range: NOWHERE };
}

function text(value: string | undefined): StaticValue | undefined {
  return value === undefined ? undefined : { type: 'string', value };
}

function duration(value: bigint | undefined): StaticValue | undefined {
  return value === undefined ? undefined : { type: 'duration', value };
}
