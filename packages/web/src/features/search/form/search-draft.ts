import { parseDuration } from '@clew/api';
import { formatDateTime } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { parseTime } from '../../../base/parse-time.ts';
import { formatAttributeText, parseAttributeText } from '../../../state/attribute-text.ts';
import {
  DEFAULT_LOOKBACK,
  isResolved,
  msFromNanos,
  nanosFromMs,
} from '../../../state/search-state.ts';
import type { Lookback, SearchState, SearchStatus } from '../../../state/search-state.ts';

/** What stands in the fields of the form: text as typed. */
export interface SearchDraft {
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
  readonly limit: string;
}

export type DraftField = keyof SearchDraft;
export type DraftErrors = Partial<Readonly<Record<DraftField, string>>>;

export type DraftResult =
  | { readonly state: SearchState; readonly errors?: undefined }
  | { readonly errors: DraftErrors; readonly state?: undefined };

/** Which clock the form's times are read in, and what "today" is. */
export interface DraftClock {
  readonly zone: TimeZone;
  readonly nowMs: number;
}

/** Fills the form from the address. */
export function toDraft(state: SearchState, zone: TimeZone): SearchDraft {
  const isCustom = state.lookback === undefined && isResolved(state);
  return {
    service: state.service ?? '',
    spanName: state.spanName ?? '',
    attributes: formatAttributeText(state.attribute),
    status: state.status ?? 'any',
    minDuration: state.minDuration ?? '',
    maxDuration: state.maxDuration ?? '',
    time: isCustom ? 'custom' : (state.lookback ?? DEFAULT_LOOKBACK),
    from: formatNanos(state.start, zone),
    to: formatNanos(state.end, zone),
    limit: String(state.limit),
  };
}

/**
 * Reads the form. `shown` is the search on the screen: a time whose text was not touched keeps all its digits, of which the
 * form shows only the milliseconds.
 */
export function parseDraft(draft: SearchDraft, shown: SearchState, clock: DraftClock): DraftResult {
  const attributes = parseAttributeText(draft.attributes);
  const durations = parseDurations(draft);
  const times = parseTimes(draft, shown, clock);
  const errors: DraftErrors = {
    ...('error' in attributes ? { attributes: attributes.error } : {}),
    ...durations.errors,
    ...times.errors,
  };
  if (Object.keys(errors).length > 0 || 'error' in attributes) return { errors };
  return {
    state: {
      service: draft.service.trim() || undefined,
      spanName: draft.spanName.trim() || undefined,
      attribute: attributes.conditions,
      status: draft.status === 'any' ? undefined : draft.status,
      minDuration: durations.min,
      maxDuration: durations.max,
      ...times.range,
      limit: Number(draft.limit),
    },
  };
}

/** Which field a parameter that the server refused was typed into. */
export function fieldOfParameter(parameter: string | undefined): DraftField | undefined {
  return parameter === undefined ? undefined : FIELD_OF_PARAMETER[parameter];
}

const FIELD_OF_PARAMETER: Readonly<Record<string, DraftField>> = {
  service: 'service',
  spanName: 'spanName',
  attribute: 'attributes',
  status: 'status',
  minDuration: 'minDuration',
  maxDuration: 'maxDuration',
  start: 'from',
  end: 'to',
  limit: 'limit',
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
  if (min !== undefined && minNanos === undefined) errors.minDuration = DURATION_HINT;
  if (max !== undefined && maxNanos === undefined) errors.maxDuration = DURATION_HINT;
  if (minNanos !== undefined && maxNanos !== undefined && minNanos > maxNanos) {
    errors.maxDuration = 'below the minimum';
  }
  return { min, max, errors };
}

const DURATION_HINT = 'such as 250 ms';

/** A number alone means milliseconds, and spaces are for people: `1.5 s` is `1.5s`. */
function normalizeDuration(text: string): string | undefined {
  const packed = text.replace(/\s+/g, '').replace(',', '.');
  if (packed === '') return undefined;
  return /^\d+(\.\d+)?$/.test(packed) ? `${packed}ms` : packed;
}

function parseTimes(
  draft: SearchDraft,
  shown: SearchState,
  { zone, nowMs }: DraftClock,
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
  if (start === undefined) errors.from = TIME_HINT;
  if (end === undefined) errors.to = TIME_HINT;
  if (start !== undefined && end !== undefined && BigInt(start) >= BigInt(end)) {
    errors.to = 'not after the beginning';
  }
  return { range: { start, end }, errors };
}

const TIME_HINT = 'such as 2026-11-22 19:15';

function formatNanos(nanos: string | undefined, zone: TimeZone): string {
  if (nanos === undefined) return '';
  return formatDateTime(msFromNanos(nanos), zone).replace(/\.000$/, '');
}
