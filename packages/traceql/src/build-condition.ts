/** Conditions and searches that were not read from a text, such as those of a form or of another system's tags. */
import type {
  AttributeScope,
  BinaryOperator,
  Expression,
  Field,
  Intrinsic,
  Literal,
  SearchQuery,
  SpansetFilter,
  StaticValue,
  TextRange,
} from './syntax-tree.ts';

/** Where what was not read from a text stands. */
export const NOWHERE: TextRange = { start: 0, end: 0 };

/** What a field is compared with that may be missing. */
export const NIL: StaticValue = { type: 'nil' };

export const ALL_SPANS: SpansetFilter = filterOf(undefined);

/** A search for spans that meet all of the conditions; for all spans where there are none. */
export function searchOfConditions(conditions: readonly Expression[]): SearchQuery {
  const condition = conditions.length === 0 ? undefined : joinConditions('&&', conditions);
  return {
    kind: 'search',
    pipeline: { stages: [filterOf(condition)], range: NOWHERE },
    order: undefined,
    hints: [],
    range: NOWHERE,
  };
}

export function filterOf(condition: Expression | undefined): SpansetFilter {
  return { kind: 'filter', condition, range: NOWHERE };
}

export function attributeField(scope: AttributeScope, name: string): Field {
  return { kind: 'attribute', scope, ofParent: false, name, range: NOWHERE };
}

export function intrinsicField(name: Intrinsic): Field {
  return { kind: 'intrinsic', name, range: NOWHERE };
}

export function compareField(
  operator: BinaryOperator,
  field: Field,
  value: StaticValue,
): Expression {
  return binary(operator, field, literalOf(value));
}

export function literalOf(value: StaticValue): Literal {
  return { kind: 'literal', value, range: NOWHERE };
}

/** The conditions as one; there is at least one. */
export function joinConditions(
  operator: '&&' | '||',
  conditions: readonly Expression[],
): Expression {
  return conditions.reduce((left, right) => binary(operator, left, right));
}

const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/;
const DECIMAL = /^-?(?:0|[1-9]\d{0,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?$/;

/** What a typed value may mean: always the text, and whatever else reads like it. */
export function readingsOf(value: string): readonly [StaticValue, ...StaticValue[]] {
  const readings: [StaticValue, ...StaticValue[]] = [{ type: 'string', value }];
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

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, range: NOWHERE };
}
