import { parseDuration } from '@clew/api';
import { QuerySyntaxError } from '@clew/model';
import { parseQuery, printQuery, readForm, searchOfForm } from '@clew/traceql';
import type { SearchForm } from '@clew/traceql';
import { formatDateTime } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { parseTime } from '../../../base/parse-time.ts';
import { messages } from '../../../messages/messages.ts';
import { formatAttributeText, parseAttributeText } from '../../../state/attribute-text.ts';
import {
  DEFAULT_LOOKBACK,
  isResolved,
  msFromNanos,
  nanosFromMs,
} from '../../../state/search-state.ts';
import type { Lookback, SearchState, SearchStatus } from '../../../state/search-state.ts';
import type { QueryProblem } from './query-problem.ts';
import { writeDuration } from './write-duration.ts';

const text = messages.search.form.errors;

/** What stands in the fields of the form: text as typed. */
export interface SearchDraft {
  /** Which of them is asked: the line of TraceQL or the fields. */
  readonly mode: 'fields' | 'traceql';
  readonly q: string;
  readonly service: string;
  readonly spanName: string;
  readonly attributes: string;
  readonly status: SearchStatus | 'any';
  readonly minDuration: string;
  readonly maxDuration: string;
  readonly time: Lookback | 'custom';
  /** Used when `time` is `custom`. */
  readonly from: string;
  readonly to: string;
}

export type DraftField = keyof SearchDraft;
export type DraftErrors = Partial<Readonly<Record<DraftField, string>>>;

export type DraftResult =
  | { readonly state: SearchState; readonly errors?: undefined }
  | { readonly errors: DraftErrors; readonly state?: undefined };

export interface DraftReading {
  /** Which clock the form's times are read in, and what "today" is. */
  readonly zone: TimeZone;
  readonly nowMs: number;
  /** Why a line of TraceQL is no search; undefined for one that is. */
  readonly findProblem: (text: string) => QueryProblem | undefined;
}

/** Fills the form from the address. */
export function toDraft(state: SearchState, zone: TimeZone): SearchDraft {
  const isCustom = state.lookback === undefined && isResolved(state);
  return {
    mode: state.q === undefined ? 'fields' : 'traceql',
    q: state.q ?? '',
    service: state.service ?? '',
    spanName: state.spanName ?? '',
    attributes: formatAttributeText(state.attribute),
    status: state.status ?? 'any',
    minDuration: state.minDuration ?? '',
    maxDuration: state.maxDuration ?? '',
    time: isCustom ? 'custom' : (state.lookback ?? DEFAULT_LOOKBACK),
    from: formatNanos(state.start, zone),
    to: formatNanos(state.end, zone),
  };
}

/**
 * The draft as a line of TraceQL, which asks what its fields ask; as it is where they cannot be read, and where they ask
 * nothing and there is a line already.
 */
export function toTraceql(draft: SearchDraft): SearchDraft {
  const query = queryOfFields(draft);
  const isLineKept = query === undefined || (query === ALL_QUERY && draft.q.trim() !== '');
  return { ...draft, mode: 'traceql', q: isLineKept ? draft.q : query };
}

/** The draft in fields that ask what its line asks, where they can; otherwise as they were. */
export function toFields(draft: SearchDraft): SearchDraft {
  const fields = fieldsOfQuery(draft.q);
  return { ...draft, ...fields, mode: 'fields' };
}

const ALL_QUERY = '{ }';

/** What the fields ask, in TraceQL; undefined where they cannot be read. */
export function queryOfFields(draft: SearchDraft): string | undefined {
  const { asked } = parseFields(draft);
  if (asked === undefined) return undefined;
  const { service, spanName, attribute, status, minDuration, maxDuration } = asked;
  const form = {
    service,
    spanName,
    attributes: attribute.map(splitCondition),
    status,
    minDurationNano: minDuration === undefined ? undefined : parseDuration(minDuration),
    maxDurationNano: maxDuration === undefined ? undefined : parseDuration(maxDuration),
  };
  return printQuery(searchOfForm(form));
}

export type ConditionFieldValues = Pick<
  SearchDraft,
  'service' | 'spanName' | 'attributes' | 'status' | 'minDuration' | 'maxDuration'
>;

/** The fields that ask what a line of TraceQL asks; undefined where none do. */
export function fieldsOfQuery(q: string): ConditionFieldValues | undefined {
  const form = readFormOf(q.trim() === '' ? ALL_QUERY : q);
  if (form === undefined) return undefined;
  const conditions = (form.attributes ?? []).map(({ key, value }) => `${key}=${value}`);
  // A key with a space or the like has no form in the field.
  const written = parseAttributeText(formatAttributeText(conditions));
  if (!('conditions' in written) || written.conditions.join('\n') !== conditions.join('\n')) {
    return undefined;
  }
  const { minDurationNano: min, maxDurationNano: max } = form;
  return {
    service: form.service ?? '',
    spanName: form.spanName ?? '',
    attributes: formatAttributeText(conditions),
    status: form.status ?? 'any',
    minDuration: min === undefined ? '' : writeDuration(Number(min)),
    maxDuration: max === undefined ? '' : writeDuration(Number(max)),
  };
}

function readFormOf(q: string): SearchForm | undefined {
  try {
    const query = parseQuery(q);
    return query.kind === 'search' ? readForm(query) : undefined;
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

function splitCondition(condition: string): { readonly key: string; readonly value: string } {
  const at = condition.indexOf('=');
  return { key: condition.slice(0, at), value: condition.slice(at + 1) };
}

/**
 * Reads the form. `shown` is the search on the screen: a time whose text was not touched keeps all its digits, of which the
 * form shows only the milliseconds.
 */
export function parseDraft(
  draft: SearchDraft,
  shown: SearchState,
  reading: DraftReading,
): DraftResult {
  const question = draft.mode === 'traceql' ? parseLine(draft, reading) : parseFields(draft);
  const times = parseTimes(draft, shown, reading);
  const errors: DraftErrors = { ...question.errors, ...times.errors };
  if (Object.keys(errors).length > 0 || question.asked === undefined) return { errors };
  return {
    state: {
      ...question.asked,
      order: shown.order,
      ...times.range,
      limit: shown.limit,
      // Files are there, whatever is asked of the server.
      show: shown.show === 'files' ? undefined : shown.show,
      picture: shown.picture,
    },
  };
}

type Asked = Pick<
  SearchState,
  'q' | 'service' | 'spanName' | 'attribute' | 'status' | 'minDuration' | 'maxDuration'
>;
type Question =
  | { readonly asked: Asked; readonly errors?: undefined }
  | { readonly asked?: undefined; readonly errors: DraftErrors };

function parseLine({ q }: SearchDraft, { findProblem }: DraftReading): Question {
  const asked = q.trim();
  if (asked === '') return { asked: { attribute: [] } };
  const problem = findProblem(asked);
  if (problem !== undefined) return { errors: { q: problem.message } };
  return { asked: { q: asked, attribute: [] } };
}

function parseFields(draft: SearchDraft): Question {
  const attributes = parseAttributeText(draft.attributes);
  const durations = parseDurations(draft);
  if ('error' in attributes) {
    return { errors: { ...durations.errors, attributes: attributes.error } };
  }
  if (Object.keys(durations.errors).length > 0) return { errors: durations.errors };
  return {
    asked: {
      service: draft.service.trim() || undefined,
      spanName: draft.spanName.trim() || undefined,
      attribute: attributes.conditions,
      status: draft.status === 'any' ? undefined : draft.status,
      minDuration: durations.min,
      maxDuration: durations.max,
    },
  };
}

/** Which field a parameter that the server refused was typed into. */
export function fieldOfParameter(parameter: string | undefined): DraftField | undefined {
  return parameter === undefined ? undefined : FIELD_OF_PARAMETER[parameter];
}

const FIELD_OF_PARAMETER: Readonly<Record<string, DraftField>> = {
  q: 'q',
  service: 'service',
  spanName: 'spanName',
  attribute: 'attributes',
  status: 'status',
  minDuration: 'minDuration',
  maxDuration: 'maxDuration',
  start: 'from',
  end: 'to',
};

function parseDurations({ minDuration, maxDuration }: SearchDraft): {
  readonly min: string | undefined;
  readonly max: string | undefined;
  readonly errors: DraftErrors;
} {
  const min = normalizeDuration(minDuration);
  const max = normalizeDuration(maxDuration);
  const minNanos = min === undefined ? undefined : parseDuration(min);
  const maxNanos = max === undefined ? undefined : parseDuration(max);
  const errors: { -readonly [Field in DraftField]?: string } = {};
  if (min !== undefined && minNanos === undefined) errors.minDuration = text.duration;
  if (max !== undefined && maxNanos === undefined) errors.maxDuration = text.duration;
  if (minNanos !== undefined && maxNanos !== undefined && minNanos > maxNanos) {
    errors.maxDuration = text.belowMinimum;
  }
  return { min, max, errors };
}

/** A number alone means milliseconds, and spaces are for people: `1.5 s` is `1.5s`. */
function normalizeDuration(text: string): string | undefined {
  const packed = text.replace(/\s+/g, '').replace(',', '.');
  if (packed === '') return undefined;
  return /^\d+(\.\d+)?$/.test(packed) ? `${packed}ms` : packed;
}

function parseTimes(
  draft: SearchDraft,
  shown: SearchState,
  { zone, nowMs }: DraftReading,
): {
  readonly range: Pick<SearchState, 'lookback' | 'start' | 'end'>;
  readonly errors: DraftErrors;
} {
  if (draft.time !== 'custom') return { range: { lookback: draft.time }, errors: {} };
  const read = (text: string, shownNanos: string | undefined): string | undefined => {
    if (shownNanos !== undefined && text === formatNanos(shownNanos, zone)) return shownNanos;
    const unixMs = parseTime(text, zone, nowMs);
    return unixMs === undefined ? undefined : nanosFromMs(unixMs);
  };
  const start = read(draft.from, shown.start);
  const end = draft.to.trim() === '' ? nanosFromMs(nowMs) : read(draft.to, shown.end);
  const errors: { -readonly [Field in DraftField]?: string } = {};
  if (start === undefined) errors.from = text.time;
  if (end === undefined) errors.to = text.time;
  if (start !== undefined && end !== undefined && BigInt(start) >= BigInt(end)) {
    errors.to = text.notAfter;
  }
  return { range: { start, end }, errors };
}

function formatNanos(nanos: string | undefined, zone: TimeZone): string {
  if (nanos === undefined) return '';
  return formatDateTime(msFromNanos(nanos), zone).replace(/\.000$/, '');
}
