import { parseDuration } from '@clew/api';
import { printQuery, searchOfForm } from '@clew/traceql';
import { formatDateTime } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { parseTime } from '../../../base/parse-time.ts';
import { messages } from '../../../messages/messages.ts';
import { formatAttributeText } from '../../../state/attribute-text.ts';
import {
  DEFAULT_LOOKBACK,
  isResolved,
  msFromNanos,
  nanosFromMs,
} from '../../../state/search-state.ts';
import type { Lookback, SearchState, SearchStatus } from '../../../state/search-state.ts';
import { readConditionText, writeConditionText } from './condition-text.ts';
import { ALL_QUERY, fieldsOfQuery, queryOfFields, readFields, writeBound } from './fields.ts';
import type { ConditionFieldValues } from './fields.ts';
import type { QueryProblem } from './query-problem.ts';

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

/** Fills the form from the address. A query stands in the fields where these were `before`, and can ask it. */
export function toDraft(state: SearchState, zone: TimeZone, before?: SearchDraft): SearchDraft {
  const isCustom = state.lookback === undefined && isResolved(state);
  const ofQuery =
    state.q !== undefined && before?.mode === 'fields' ? fieldsOfQuery(state.q) : undefined;
  const fields = ofQuery ?? fieldsOfState(state);
  return {
    mode: state.q === undefined || ofQuery !== undefined ? 'fields' : 'traceql',
    q: state.q ?? '',
    ...fields,
    attributes: keepTyped(fields.attributes, before),
    time: isCustom ? 'custom' : (state.lookback ?? DEFAULT_LOOKBACK),
    from: formatNanos(state.start, zone),
    to: formatNanos(state.end, zone),
  };
}

function fieldsOfState(state: SearchState): ConditionFieldValues {
  return {
    service: state.service ?? '',
    spanName: state.spanName ?? '',
    attributes: formatAttributeText(state.attribute),
    status: state.status ?? 'any',
    minDuration: fieldOfDuration(state.minDuration, 'min'),
    maxDuration: fieldOfDuration(state.maxDuration, 'max'),
  };
}

function fieldOfDuration(parameter: string | undefined, side: 'min' | 'max'): string {
  if (parameter === undefined) return '';
  const bound = writeBound(parseDuration(parameter), side);
  return /^[<>]/.test(bound) ? bound : parameter;
}

/** What was typed, where it asks the same: it may have more, such as a condition without a value yet. */
function keepTyped(attributes: string, before: SearchDraft | undefined): string {
  if (before?.mode !== 'fields') return attributes;
  const [asked, typed] = [attributes, before.attributes].map((line) => {
    const read = readConditionText(line);
    return read.error ?? writeConditionText(read);
  });
  return asked === typed ? before.attributes : attributes;
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
  if (problem !== undefined) {
    return { errors: { q: messages.search.form.problemAt(problem.message, problem.position) } };
  }
  return { asked: { q: asked, attribute: [] } };
}

function parseFields(draft: SearchDraft): Question {
  const read = readFields(draft);
  if (read.errors !== undefined) return { errors: read.errors };
  const { form, minDuration, maxDuration } = read;
  const { service, spanName, status, attributes = [], conditions = [] } = form;
  // The parameters of the API have no exact conditions, and no key with a `=`.
  const isForParameters =
    conditions.length === 0 && !attributes.some(({ key }) => key.includes('='));
  if (!isForParameters) return { asked: { q: printQuery(searchOfForm(form)), attribute: [] } };
  const attribute = attributes.map(({ key, value }) => `${key}=${value}`);
  return { asked: { service, spanName, attribute, status, minDuration, maxDuration } };
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
