/** The way back from a query to a form, where the fields of one can ask the same: see `form-search.ts`. */
import { unreachable } from '@clew/model';
import { attributeField, compareField, joinConditions, readingsOf } from './build-condition.ts';
import { kindOfField } from './field-kind.ts';
import type { SearchForm } from './form-search.ts';
import { MAX_INT64 } from './lexer.ts';
import { MIRRORED, isArithmetic, isComparison, isLogical, isMatch } from './operators.ts';
import { printExpression } from './print-query.ts';
import type {
  BinaryOperation,
  Expression,
  Field,
  Pipeline,
  SearchQuery,
  Stage,
  StaticValue,
  TextRange,
} from './syntax-tree.ts';

/** What no form asks. */
export interface BeyondForm {
  readonly what:
    /** How spans of two filters are related, or that there are two. */
    | 'relation'
    | 'stage'
    | 'order'
    | 'hint'
    | 'alternative'
    | 'negation'
    | 'arithmetic'
    /** A comparison of two things that spans have, or of none. */
    | 'comparison'
    /** Something that is true or false by itself. */
    | 'truth'
    /** What a query alone has a name for, or a value that its field never has. */
    | 'field';
  /** As it is written: `>>`, `by()`. */
  readonly sign: string;
  readonly range: TextRange;
}

export type FormReading =
  | { readonly form: SearchForm; readonly beyond?: undefined }
  | { readonly form?: undefined; readonly beyond: BeyondForm };

type FormFields = { -readonly [Field in keyof SearchForm]: SearchForm[Field] } & {
  attributes: { readonly key: string; readonly value: string }[];
  conditions: Expression[];
};

/** A comparison of a field with a value, which `SearchForm.conditions` takes whatever else has its place in the form. */
export interface FieldCondition extends BinaryOperation {
  readonly left: Field;
  readonly right: Extract<Expression, { readonly kind: 'literal' }>;
}

/**
 * The form that asks what the query asks, in whatever order, or the first thing that none does. What has no place of its own in
 * a form is among its `conditions`, each of them a `FieldCondition`.
 */
export function readForm({ pipeline, order, hints }: SearchQuery): FormReading {
  const [filter, ...others] = pipeline.stages;
  const [hint] = hints;
  if (filter.kind !== 'filter') return { beyond: beyondOfStage(filter) };
  if (others[0] !== undefined) return { beyond: beyondOfStage(others[0]) };
  if (order !== undefined) return { beyond: { what: 'order', sign: 'order by', ...at(order) } };
  if (hint !== undefined) return { beyond: { what: 'hint', sign: 'with()', ...at(hint) } };
  const form: FormFields = { attributes: [], conditions: [] };
  for (const condition of conditionsOf(filter.condition)) {
    const beyond = takeIn(condition, form);
    if (beyond !== undefined) return { beyond };
  }
  const { conditions, ...rest } = form;
  return { form: conditions.length === 0 ? rest : form };
}

function at({ range }: { readonly range: TextRange }): { readonly range: TextRange } {
  return { range };
}

function beyondOfStage(stage: Stage): BeyondForm {
  const { range } = stage;
  switch (stage.kind) {
    case 'operation':
      return { what: 'relation', sign: stage.operator, range };
    case 'pipeline':
      return beyondOfPipeline(stage.pipeline);
    case 'filter':
      return { what: 'stage', sign: '| { }', range };
    case 'aggregateFilter':
    case 'scalarFilter':
      return { what: 'stage', sign: stage.operator, range };
    case 'group':
      return { what: 'stage', sign: 'by()', range };
    case 'coalesce':
      return { what: 'stage', sign: 'coalesce()', range };
    case 'select':
      return { what: 'stage', sign: 'select()', range };
    default:
      return unreachable(stage);
  }
}

function beyondOfPipeline({ stages, range }: Pipeline): BeyondForm {
  const [first, second] = stages;
  if (second === undefined && first.kind === 'filter') {
    return { what: 'relation', sign: '( )', range };
  }
  return beyondOfStage(first.kind === 'filter' && second !== undefined ? second : first);
}

/** Conditions that all hold. */
function conditionsOf(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== '&&') return [condition];
  return [...conditionsOf(condition.left), ...conditionsOf(condition.right)];
}

/** Puts a condition where the form asks it; gives what of it the form cannot ask. */
function takeIn(condition: Expression, form: FormFields): BeyondForm | undefined {
  if (takeAttribute(condition, form)) return undefined;
  const read = readCondition(condition);
  if ('what' in read) return read;
  if (!takeInField(read, form)) form.conditions.push(read);
  return undefined;
}

/** A condition as a field and a value, in this order. */
function readCondition(condition: Expression): FieldCondition | BeyondForm {
  const { range } = condition;
  if (condition.kind === 'unary') {
    const what = condition.operator === '!' ? 'negation' : 'arithmetic';
    return { what, sign: condition.operator, range };
  }
  if (condition.kind !== 'binary') {
    return { what: 'truth', sign: printExpression(condition), range };
  }
  const { operator, left, right } = condition;
  if (isLogical(operator)) return { what: 'alternative', sign: operator, range };
  if (isArithmetic(operator)) return { what: 'arithmetic', sign: operator, range };
  for (const side of [left, right]) {
    const isComputed = side.kind === 'unary' || side.kind === 'binary';
    if (isComputed) return { what: 'arithmetic', sign: side.operator, ...at(side) };
  }
  if (isField(left) && right.kind === 'literal') return ofForm({ ...condition, left, right });
  if (isField(right) && left.kind === 'literal' && isComparison(operator)) {
    return ofForm({ ...condition, operator: MIRRORED[operator], left: right, right: left });
  }
  return { what: 'comparison', sign: operator, range };
}

function isField(expression: Expression): expression is Field {
  return expression.kind === 'attribute' || expression.kind === 'intrinsic';
}

/** Without what has no name of its own in a form, and values that a field never has. */
function ofForm(condition: FieldCondition): FieldCondition | BeyondForm {
  const { left, operator, right, range } = condition;
  const { type } = right.value;
  const isNamed = left.kind === 'attribute' || left.name.includes(':');
  const wanted = kindOfField(left);
  const isOfEnum = type === 'status' || type === 'kind';
  const isApart = isOfEnum !== (wanted === 'status' || wanted === 'kind') && type !== 'nil';
  if (!isNamed || isApart || (isOfEnum && wanted !== type)) {
    return { what: 'field', sign: printExpression(condition), range };
  }
  if (isMatch(operator) && type !== 'string') return { what: 'comparison', sign: operator, range };
  return condition;
}

/** Says whether one of the form's own fields asks it, and is still free. */
function takeInField(
  { left, operator, right: { value } }: FieldCondition,
  form: FormFields,
): boolean {
  const isService =
    left.kind === 'attribute' &&
    left.scope === 'resource' &&
    left.name === 'service.name' &&
    !left.ofParent;
  if (isService) return operator === '=' && takeText(form, 'service', value);
  if (left.kind === 'attribute') return false;
  if (left.name === 'span:name') return operator === '=' && takeText(form, 'spanName', value);
  if (left.name === 'span:status') {
    return operator === '=' && value.type === 'status' && setOnce(form, 'status', value.value);
  }
  if (left.name !== 'span:duration') return false;
  const isNumber = value.type === 'duration' || value.type === 'int';
  return isNumber && takeDuration(form, operator, value.value);
}

/** A field holds no blanks at its ends, and nothing is no text. */
function takeText(form: FormFields, field: 'service' | 'spanName', value: StaticValue): boolean {
  if (value.type !== 'string' || value.value === '' || value.value !== value.value.trim()) {
    return false;
  }
  return setOnce(form, field, value.value);
}

function setOnce<Name extends keyof FormFields>(
  form: FormFields,
  field: Name,
  value: FormFields[Name],
): boolean {
  if (form[field] !== undefined) return false;
  form[field] = value;
  return true;
}

/** Durations are whole nanoseconds, so `> 1ms` is from the next one on. Of several bounds the closest holds. */
function takeDuration(form: FormFields, operator: string, nanos: bigint): boolean {
  const bounds = boundsFor(operator, nanos);
  const { min, max } = bounds;
  const isOfField = Object.values(bounds).every((bound) => bound >= 0n && bound <= MAX_INT64);
  if (!isOfField || (min === undefined && max === undefined)) return false;
  const { minDurationNano: from, maxDurationNano: to } = form;
  if (min !== undefined && (from === undefined || from < min)) form.minDurationNano = min;
  if (max !== undefined && (to === undefined || to > max)) form.maxDurationNano = max;
  return true;
}

function boundsFor(
  operator: string,
  nanos: bigint,
): { readonly min?: bigint; readonly max?: bigint } {
  switch (operator) {
    case '=':
      return { min: nanos, max: nanos };
    case '>=':
      return { min: nanos };
    case '>':
      return { min: nanos + 1n };
    case '<=':
      return { max: nanos };
    case '<':
      return { max: nanos - 1n };
    default:
      return {};
  }
}

/** An attribute of a form finds all that its value may be read as, so the condition must name all of that and nothing else. */
function takeAttribute(condition: Expression, form: FormFields): boolean {
  const first = firstAlternative(condition);
  if (first.kind !== 'binary' || first.left.kind !== 'attribute') return false;
  const { left, right } = first;
  if (right.kind !== 'literal' || right.value.type !== 'string') return false;
  const { name: key } = left;
  const { value } = right.value;
  const meant = joinConditions(
    '||',
    readingsOf(value).map((reading) => compareField('=', attributeField('any', key), reading)),
  );
  if (printExpression(meant) !== printExpression(condition)) return false;
  form.attributes.push({ key, value });
  return true;
}

function firstAlternative(condition: Expression): Expression {
  let first = condition;
  while (first.kind === 'binary' && first.operator === '||') first = first.left;
  return first;
}
