import { z } from 'zod';
import type { QueryValues } from './query-string.ts';

/**
 * What the search page shows, as its address says it. The names and forms are the search API's own, so that an address reads
 * like the request it makes; only `lookback` is the page's.
 *
 * `start` and `end` are always absolute once a search runs: a link that is passed on shows what its sender saw. `lookback`
 * remembers that the range was chosen as "the last hour", for the form and for searching anew from now.
 */
export interface SearchState {
  /** TraceQL; with it the fields from `service` to `maxDuration` say nothing. */
  readonly q?: string | undefined;
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  /** Each `key=value`. */
  readonly attribute: readonly string[];
  readonly status?: SearchStatus | undefined;
  /** With a unit: `250ms`. */
  readonly minDuration?: string | undefined;
  readonly maxDuration?: string | undefined;
  /** Newest first when it is absent. */
  readonly order?: SearchOrder | undefined;
  readonly lookback?: Lookback | undefined;
  /** Nanoseconds since 1970 in decimal digits; inclusive and exclusive. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  /** Traces or spans loaded at a time. */
  readonly limit: number;
  /** What stands in the list; traces when it is absent. */
  readonly show?: SearchShow | undefined;
  /** The picture of the result as numbers; a heatmap when it is absent. */
  readonly picture?: 'table' | undefined;
}

/** Spans that were found, spans as they arrive, or traces of opened files. */
export type SearchShow = (typeof SHOWN)[number];
export const SHOWN = ['spans', 'live', 'files'] as const;

/** A search whose time range is settled: what is asked of the server. */
export interface ResolvedSearchState extends SearchState {
  readonly start: string;
  readonly end: string;
}

/** Whether the search says which spans it means, so that the one that answers is what its trace is opened for. */
export function asksForSpans({ q, spanName, attribute }: SearchState): boolean {
  return q !== undefined || spanName !== undefined || attribute.length > 0;
}

export type SearchStatus = 'unset' | 'ok' | 'error';

export const ORDERS = ['oldest', 'slowest', 'fastest', 'mostSpans', 'mostErrors'] as const;
export type SearchOrder = (typeof ORDERS)[number];

export const LOOKBACKS = ['5m', '15m', '30m', '1h', '3h', '6h', '12h', '1d', '2d', '7d'] as const;
export type Lookback = (typeof LOOKBACKS)[number];

export const DEFAULT_LOOKBACK: Lookback = '1h';
/** Two screens of the list; more are loaded before its end is reached. */
export const DEFAULT_LIMIT = 50;

const NANOS_PER_MILLI = 1_000_000n;
const MS_OF_UNIT: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const text = z.string().min(1).optional().catch(undefined);
const nanos = z
  .string()
  .regex(/^\d{1,20}$/)
  .optional()
  .catch(undefined);

const schema = z.object({
  q: text,
  service: text,
  spanName: text,
  attribute: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .catch([])
    .transform((list) => list.filter((one) => one.indexOf('=') > 0)),
  status: z.enum(['unset', 'ok', 'error']).optional().catch(undefined),
  minDuration: text,
  maxDuration: text,
  order: z.enum(ORDERS).optional().catch(undefined),
  lookback: z.enum(LOOKBACKS).optional().catch(undefined),
  start: nanos,
  end: nanos,
  limit: z.coerce.number().int().min(1).max(1000).catch(DEFAULT_LIMIT),
  show: z.enum(SHOWN).optional().catch(undefined),
  picture: z.enum(['table']).optional().catch(undefined),
});

/** Reads the address; what cannot be read is left out, for an address may be typed or cut. */
export function parseSearchState(values: QueryValues): SearchState {
  const state = withOneQuestion(schema.parse(values));
  if (state.start === undefined || state.end === undefined) return state;
  return BigInt(state.start) < BigInt(state.end)
    ? state
    : { ...state, start: undefined, end: undefined };
}

/** The server takes TraceQL or the fields of the form, not both. */
function withOneQuestion(state: SearchState): SearchState {
  if (state.q === undefined) return state;
  const { q, order, lookback, start, end, limit, show, picture } = state;
  return { q, order, lookback, start, end, limit, show, picture, attribute: [] };
}

/** Writes the address; what is as by default is left out. */
export function formatSearchState(state: SearchState): QueryValues {
  const { attribute, limit, ...rest } = state;
  const values = { ...rest, attribute, limit: limit === DEFAULT_LIMIT ? undefined : String(limit) };
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value.length > 0),
  );
}

/** Settles the time range, counting back from `nowMs` where an end is missing. */
export function resolveSearchState(state: SearchState, nowMs: number): ResolvedSearchState {
  const lookbackMs = lookbackToMs(state.lookback ?? DEFAULT_LOOKBACK);
  const { start, end } = state;
  if (start !== undefined && end !== undefined) return { ...state, start, end };
  if (start !== undefined) return { ...state, start, end: nanosFromMs(nowMs) };
  if (end !== undefined) {
    const startNano = BigInt(end) - BigInt(lookbackMs) * NANOS_PER_MILLI;
    return { ...state, start: String(startNano > 0n ? startNano : 0n), end };
  }
  return {
    ...state,
    lookback: state.lookback ?? DEFAULT_LOOKBACK,
    start: nanosFromMs(nowMs - lookbackMs),
    end: nanosFromMs(nowMs),
  };
}

/** The same search from now on: a range chosen by looking back moves along, any other stays. */
export function renewSearchState(state: SearchState, nowMs: number): ResolvedSearchState {
  const isRelative = state.lookback !== undefined;
  return resolveSearchState(
    isRelative ? { ...state, start: undefined, end: undefined } : state,
    nowMs,
  );
}

/** Whether the address already says an absolute time range. */
export function isResolved(state: SearchState): state is ResolvedSearchState {
  return state.start !== undefined && state.end !== undefined;
}

/** The parameters of the search for traces, or of that for spans. */
export function toSearchRequest(state: ResolvedSearchState): QueryValues {
  const order = namesOrder(state) ? undefined : chosenOrder(state);
  return { ...toConditions(state), order, limit: String(state.limit) };
}

/** The parameters that say which spans are meant, and when they started. */
export function toConditions(state: ResolvedSearchState): QueryValues {
  return formatSearchState({
    ...state,
    order: undefined,
    lookback: undefined,
    limit: DEFAULT_LIMIT,
    show: undefined,
    picture: undefined,
  });
}

/** Of an order that spans do not have, they come newest first; what is shown next may have it again. */
export function chosenOrder({
  order,
  show,
}: Pick<SearchState, 'order' | 'show'>): SearchOrder | undefined {
  const isOfTraces = order === 'mostSpans' || order === 'mostErrors';
  return show === 'spans' && isOfTraces ? undefined : order;
}

/** Whether the query says in which order its traces or spans come. */
export function namesOrder({ q }: Pick<SearchState, 'q'>): boolean {
  return /\|\s*order\s+by\b/.test(q ?? '');
}

/** The length of a lookback in milliseconds. */
export function lookbackToMs(lookback: Lookback): number {
  return Number(lookback.slice(0, -1)) * (MS_OF_UNIT[lookback.slice(-1)] ?? 0);
}

/** Milliseconds since 1970 as decimal nanoseconds. */
export function nanosFromMs(unixMs: number): string {
  return String(BigInt(Math.max(0, Math.round(unixMs))) * NANOS_PER_MILLI);
}

/** Decimal nanoseconds as milliseconds since 1970, with a fraction. */
export function msFromNanos(nanos: string): number {
  const value = BigInt(nanos);
  return Number(value / NANOS_PER_MILLI) + Number(value % NANOS_PER_MILLI) / 1e6;
}
