/**
 * What the field of attributes means. `key=value` is meant loosely: the attribute of the span or else of its resource, as text or as
 * whatever else the value reads like. Everything else is exact, as in TraceQL: a comparison other than `=`, and a key that has its
 * owner (`span.http.route`, `.code` for any) or is one of TraceQL's own fields (`span:kind`).
 */
import { QuerySyntaxError, SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import {
  attributeField,
  compareField,
  kindOfField,
  literalOf,
  parseFieldName,
  parseValue,
  printExpression,
  printField,
} from '@clew/traceql';
import type {
  BinaryOperator,
  Expression,
  Field,
  FieldCondition,
  SearchForm,
  StaticValue,
} from '@clew/traceql';
import { messages } from '../../../messages/messages.ts';
import {
  formatKey,
  formatValue,
  isFieldName,
  parseAttributeText,
  quote,
  unquote,
} from '../../../state/attribute-text.ts';
import type { WrittenCondition } from '../../../state/attribute-text.ts';

const text = messages.search.form.errors;

export interface ReadConditions {
  /** Those meant loosely. */
  readonly attributes: NonNullable<SearchForm['attributes']>;
  readonly conditions: readonly Expression[];
  /** Keys whose values are not typed yet: they ask nothing. */
  readonly unfinished: readonly string[];
}

export type ConditionTextResult =
  | (ReadConditions & { readonly error?: undefined })
  | { readonly error: string };

export function readConditionText(line: string): ConditionTextResult {
  const written = parseAttributeText(line);
  if ('error' in written) return written;
  const attributes: { key: string; value: string }[] = [];
  const conditions: Expression[] = [];
  const unfinished: string[] = [];
  for (const each of written.conditions) {
    const { key, operator, value } = each;
    if (value === '') unfinished.push(`${key}${operator}`);
    else if (operator === '=' && !isFieldName(key)) {
      attributes.push({ key: unquote(key), value: unquote(value) });
    } else {
      const condition = readExact(each);
      if (typeof condition === 'string') return { error: condition };
      conditions.push(condition);
    }
  }
  return { attributes, conditions, unfinished };
}

/** Gives the reason where it cannot be read. */
function readExact({ key, operator, value }: WrittenCondition): Expression | string {
  const field = readField(key);
  if (field === undefined) return text.field(key);
  const meant = readValue(field, operator, value);
  if (meant === undefined) return text.namedValue(key, namesOf(field).join(', '));
  return compareField(operator as BinaryOperator, field, meant);
}

function readField(key: string): Field | undefined {
  if (!isFieldName(key)) return attributeField('any', unquote(key));
  return orUndefined(() => parseFieldName(key));
}

/** Undefined where the field has other values. */
function readValue(field: Field, operator: string, written: string): StaticValue | undefined {
  const asText: StaticValue = { type: 'string', value: unquote(written) };
  if (written.startsWith('"') || operator === '=~' || operator === '!~') return asText;
  if (written === 'nil') return { type: 'nil' };
  const kind = kindOfField(field);
  if (kind === 'string') return asText;
  if (kind === 'status') {
    const value = SPAN_STATUSES.find((each) => each === written.toLowerCase());
    return value && { type: kind, value };
  }
  if (kind === 'kind') {
    const value = SPAN_KINDS.find((each) => each === written.toLowerCase());
    return value && { type: kind, value };
  }
  const value = orUndefined(() => parseValue(written));
  const isWord = value === undefined || ['string', 'status', 'kind'].includes(value.type);
  return isWord ? asText : value;
}

function namesOf(field: Field): readonly string[] {
  return kindOfField(field) === 'status' ? SPAN_STATUSES : SPAN_KINDS;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

/** The line that means the attributes and conditions of a form. */
export function writeConditionText({
  attributes = [],
  conditions = [],
}: Pick<SearchForm, 'attributes' | 'conditions'>): string {
  return [
    ...attributes.map(({ key, value }) => `${formatKey(key)}=${formatValue(value)}`),
    // A form that was read from a query has no others.
    ...conditions.map((each) => writeExact(each as FieldCondition)),
  ].join(' ');
}

function writeExact({ left, operator, right: { value } }: FieldCondition): string {
  return `${writeField(left, operator)}${operator}${writeValue(left, operator, value)}`;
}

/** TraceQL's own fields by their whole names, since `kind` alone is an attribute here. */
function writeField(field: Field, operator: string): string {
  if (field.kind === 'intrinsic') return field.name;
  const isOfAny = field.scope === 'any' && !field.ofParent;
  return isOfAny && operator !== '=' ? formatKey(field.name) : printField(field);
}

function writeValue(field: Field, operator: string, value: StaticValue): string {
  if (value.type !== 'string') return printExpression(literalOf(value));
  const bare = formatValue(value.value);
  const read = readValue(field, operator, bare);
  return read?.type === 'string' && read.value === value.value ? bare : quote(value.value);
}

/** A value that an attribute has, as it is typed behind the key and the comparison. */
export function formatKnownValue(
  { key, operator }: Pick<WrittenCondition, 'key' | 'operator'>,
  { type, value }: { readonly type: string; readonly value: string },
): string {
  if (operator === '=' && !isFieldName(key)) return formatValue(value);
  if (type !== 'string') return value;
  const field = readField(key);
  return field === undefined ? quote(value) : writeValue(field, operator, { type, value });
}
