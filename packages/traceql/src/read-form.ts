/** The way back from a query to a form, where the fields of one can ask the same: see `form-search.ts`. */
import { attributeField, compareField, joinConditions, readingsOf } from './build-condition.ts';
import type { SearchForm } from './form-search.ts';
import { printExpression } from './print-query.ts';
import type { Expression, SearchQuery, StaticValue } from './syntax-tree.ts';

type FormFields = { -readonly [Field in keyof SearchForm]: SearchForm[Field] } & {
  attributes: { readonly key: string; readonly value: string }[];
};

/** The form that asks what the query asks, in whatever order; undefined where no form does. */
export function readForm({ pipeline, order, hints }: SearchQuery): SearchForm | undefined {
  const [filter, ...others] = pipeline.stages;
  const isFilter = filter.kind === 'filter' && others.length === 0;
  if (!isFilter || order !== undefined || hints.length > 0) return undefined;
  const form: FormFields = { attributes: [] };
  const isForm = conditionsOf(filter.condition).every((condition) => takeIn(condition, form));
  return isForm ? form : undefined;
}

/** Conditions that all hold. */
function conditionsOf(condition: Expression | undefined): readonly Expression[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'binary' || condition.operator !== '&&') return [condition];
  return [...conditionsOf(condition.left), ...conditionsOf(condition.right)];
}

/** Says whether a field of the form asks it, and is still free. */
function takeIn(condition: Expression, form: FormFields): boolean {
  if (condition.kind !== 'binary') return false;
  const { left, operator, right } = condition;
  const value = right.kind === 'literal' ? right.value : undefined;
  if (left.kind === 'intrinsic' && value !== undefined) {
    return takeIntrinsic(`${left.name} ${operator}`, value, form);
  }
  const isService =
    left.kind === 'attribute' &&
    left.scope === 'resource' &&
    left.name === 'service.name' &&
    !left.ofParent;
  if (isService && operator === '=' && value?.type === 'string') {
    return setOnce(form, 'service', value.value);
  }
  return takeAttribute(condition, form);
}

function takeIntrinsic(compared: string, value: StaticValue, form: FormFields): boolean {
  if (compared === 'span:name =' && value.type === 'string') {
    return setOnce(form, 'spanName', value.value);
  }
  if (compared === 'span:status =' && value.type === 'status') {
    return setOnce(form, 'status', value.value);
  }
  if (value.type !== 'duration') return false;
  if (compared === 'span:duration >=') return setOnce(form, 'minDurationNano', value.value);
  return compared === 'span:duration <=' && setOnce(form, 'maxDurationNano', value.value);
}

function setOnce<Field extends keyof FormFields>(
  form: FormFields,
  field: Field,
  value: FormFields[Field],
): boolean {
  if (form[field] !== undefined) return false;
  form[field] = value;
  return true;
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
