/** What the fields of the form ask, as a form of TraceQL and as a query, and the fields that ask what a query does. */
import { parseDuration } from '@clew/api';
import { QuerySyntaxError } from '@clew/model';
import { durationBoundsOf, parseQuery, printQuery, readForm, searchOfForm } from '@clew/traceql';
import type { BeyondForm, SearchForm } from '@clew/traceql';
import { messages } from '../../../messages/messages.ts';
import { readConditionText, writeConditionText } from './condition-text.ts';
import type { DraftErrors, SearchDraft } from './search-draft.ts';
import { writeDuration } from './write-duration.ts';

const text = messages.search.form.errors;

export type ConditionFieldValues = Pick<
  SearchDraft,
  'service' | 'spanName' | 'attributes' | 'status' | 'minDuration' | 'maxDuration'
>;

export type ReadFields =
  | {
      readonly form: SearchForm;
      /** Durations as parameters of the API. */
      readonly minDuration: string | undefined;
      readonly maxDuration: string | undefined;
      /** Conditions that ask nothing, since their values are not typed yet. */
      readonly unfinished: readonly string[];
      readonly errors?: undefined;
    }
  | { readonly form?: undefined; readonly errors: DraftErrors };

export function readFields(draft: ConditionFieldValues): ReadFields {
  const read = readConditionText(draft.attributes);
  const { min, max, errors } = parseDurations(draft);
  if (read.error !== undefined) return { errors: { ...errors, attributes: read.error } };
  if (Object.keys(errors).length > 0) return { errors };
  const { attributes, conditions, unfinished } = read;
  const form: SearchForm = {
    service: draft.service.trim() || undefined,
    spanName: draft.spanName.trim() || undefined,
    attributes,
    conditions,
    status: draft.status === 'any' ? undefined : draft.status,
    minDurationNano: min?.nanos,
    maxDurationNano: max?.nanos,
  };
  return { form, minDuration: min?.parameter, maxDuration: max?.parameter, unfinished };
}

/** What the fields ask, in TraceQL; undefined where they cannot be read. */
export function queryOfFields(draft: ConditionFieldValues): string | undefined {
  const { form } = readFields(draft);
  return form && printQuery(searchOfForm(form));
}

/** What a line of TraceQL is to the fields. */
export type LineMeaning =
  | { readonly kind: 'fields'; readonly fields: ConditionFieldValues }
  /** A query that the fields cannot ask. */
  | { readonly kind: 'beyond'; readonly beyond: BeyondForm }
  | { readonly kind: 'metrics' }
  /** No query. */
  | { readonly kind: 'unreadable' };

export const ALL_QUERY = '{ }';

export function meaningOfLine(q: string): LineMeaning {
  try {
    const query = parseQuery(q.trim() === '' ? ALL_QUERY : q);
    if (query.kind === 'metrics') return { kind: 'metrics' };
    const { form, beyond } = readForm(query);
    return form === undefined
      ? { kind: 'beyond', beyond }
      : { kind: 'fields', fields: write(form) };
  } catch (error) {
    if (error instanceof QuerySyntaxError) return { kind: 'unreadable' };
    throw error;
  }
}

/** The fields that ask what a line of TraceQL asks; undefined where none do. */
export function fieldsOfQuery(q: string): ConditionFieldValues | undefined {
  const meaning = meaningOfLine(q);
  return meaning.kind === 'fields' ? meaning.fields : undefined;
}

function write(form: SearchForm): ConditionFieldValues {
  return {
    service: form.service ?? '',
    spanName: form.spanName ?? '',
    attributes: writeConditionText(form),
    status: form.status ?? 'any',
    minDuration: writeBound(form.minDurationNano, 'min'),
    maxDuration: writeBound(form.maxDurationNano, 'max'),
  };
}

/** A bound in nanoseconds as its field has it: `1.5s`, and `>500ms` where 500 ms are not enough. */
export function writeBound(nanos: bigint | undefined, side: 'min' | 'max'): string {
  const [bound] = durationBoundsOf({ [`${side}DurationNano`]: nanos });
  if (bound === undefined) return '';
  const sign = bound.operator.endsWith('=') ? '' : bound.operator;
  return sign + writeDuration(Number(bound.nanos));
}

interface ReadBound {
  readonly parameter: string;
  readonly nanos: bigint;
}

function parseDurations({ minDuration, maxDuration }: ConditionFieldValues): {
  readonly min: ReadBound | undefined;
  readonly max: ReadBound | undefined;
  readonly errors: DraftErrors;
} {
  const min = readBound(minDuration, '>', 1n);
  const max = readBound(maxDuration, '<', -1n);
  const errors: { -readonly [Field in keyof DraftErrors]: string } = {};
  if (min === 'unreadable') errors.minDuration = text.duration;
  if (max === 'unreadable') errors.maxDuration = text.duration;
  const bounds = {
    min: min === 'unreadable' ? undefined : min,
    max: max === 'unreadable' ? undefined : max,
  };
  if (bounds.min && bounds.max && bounds.min.nanos > bounds.max.nanos) {
    errors.maxDuration = text.belowMinimum;
  }
  return { ...bounds, errors };
}

/** A number alone means milliseconds, and spaces are for people: `1.5 s` is `1.5s`, `> 500` is more than 500 ms. */
function readBound(
  written: string,
  sign: '>' | '<',
  step: bigint,
): ReadBound | 'unreadable' | undefined {
  const packed = written.replace(/\s+/g, '').replace(',', '.');
  if (packed === '') return undefined;
  const isExclusive = packed.startsWith(sign) && packed[1] !== '=';
  const bare = packed.startsWith(sign) ? packed.slice(isExclusive ? 1 : 2) : packed;
  const parameter = /^\d+(\.\d+)?$/.test(bare) ? `${bare}ms` : bare;
  const nanos = parseDuration(parameter);
  if (nanos === undefined || (isExclusive && nanos + step < 0n)) return 'unreadable';
  if (!isExclusive) return { parameter, nanos };
  return { parameter: `${nanos + step}ns`, nanos: nanos + step };
}
