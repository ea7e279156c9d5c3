import { InvalidQueryError, durationNano, shorten, unixNano } from '@clew/model';
import type { UnixNano } from '@clew/model';
import type { Expression } from '@clew/traceql';
import type { AnnotationTerm } from './conditions.ts';
import { conditionOfForm, conditionOfRemoteService, conditionOfTerm } from './conditions.ts';

/** What `GET /api/v2/traces` asks for: traces with one span of which all of it holds. */
export interface ZipkinSearch {
  /** As they were given, in whatever case. */
  readonly serviceName: string | undefined;
  readonly spanName: string | undefined;
  readonly others: readonly Expression[];
  readonly startUnixNano: UnixNano;
  /** Exclusive. */
  readonly endUnixNano: UnixNano;
  readonly limit: number;
}

export type ZipkinTimes = Pick<ZipkinSearch, 'startUnixNano' | 'endUnixNano'>;

const DEFAULT_LIMIT = 10;
export const DEFAULT_LOOKBACK_MS = 86_400_000;

const NANOS_PER_MILLI = 1_000_000n;
const NANOS_PER_MICRO = 1000n;

/** Throws `InvalidQueryError` in Zipkin's own words. */
export function parseZipkinSearch(parameters: URLSearchParams, nowMs: number): ZipkinSearch {
  const spanName = parameters.get('spanName') ?? '';
  const remoteService = parameters.get('remoteServiceName') ?? '';
  const times = parseTimes(parameters, parseWhole(parameters, 'endTs') ?? nowMs);
  const limit = parseWhole(parameters, 'limit') ?? DEFAULT_LIMIT;
  if (limit <= 0) throw refuse('limit', 'limit <= 0');
  const others = parseDurations(parameters);
  if (remoteService !== '') others.push(conditionOfRemoteService(remoteService));
  const terms = parseAnnotationQuery(parameters.get('annotationQuery') ?? '');
  return {
    serviceName: parameters.get('serviceName') || undefined,
    // The word for any of them in Zipkin's older UI.
    spanName: spanName === '' || spanName === 'all' ? undefined : spanName,
    others: [...others, ...terms.map(conditionOfTerm)],
    ...times,
    limit,
  };
}

/** From `lookback` before `endTs` up to it, inclusive. */
export function parseTimes(parameters: URLSearchParams, endTsMs: number): ZipkinTimes {
  const lookbackMs = parseWhole(parameters, 'lookback') ?? DEFAULT_LOOKBACK_MS;
  if (endTsMs <= 0) throw refuse('endTs', 'endTs <= 0');
  if (lookbackMs <= 0) throw refuse('lookback', 'lookback <= 0');
  const end = BigInt(endTsMs) * NANOS_PER_MILLI;
  return {
    startUnixNano: unixNano(end - BigInt(lookbackMs) * NANOS_PER_MILLI),
    endUnixNano: unixNano(end + NANOS_PER_MICRO),
  };
}

/** A whole number; `undefined` when it is left out. */
export function parseWhole(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name) ?? '';
  if (text === '') return undefined;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw refuse(name, `${name} is not a whole number: ${shorten(text)}`);
}

export function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter });
}

/** Of a span's duration in microseconds, of which there is at least one. */
function parseDurations(parameters: URLSearchParams): Expression[] {
  const min = parseWhole(parameters, 'minDuration');
  const max = parseWhole(parameters, 'maxDuration');
  if (min === undefined) {
    if (max === undefined) return [];
    throw refuse('maxDuration', 'maxDuration is only valid with minDuration');
  }
  if (min <= 0) throw refuse('minDuration', 'minDuration <= 0');
  if (max !== undefined && max < min) throw refuse('maxDuration', 'maxDuration < minDuration');
  const conditions: Expression[] = [];
  if (min > 1) {
    const minDurationNano = durationNano(BigInt(min) * NANOS_PER_MICRO);
    conditions.push(conditionOfForm({ minDurationNano }));
  }
  if (max !== undefined) {
    // What is below a microsecond is cut.
    const maxDurationNano = durationNano(BigInt(max + 1) * NANOS_PER_MICRO - 1n);
    conditions.push(conditionOfForm({ maxDurationNano }));
  }
  return conditions;
}

/** `error and http.method=GET`. Of a key with several values the last counts, and a value more than the key alone. */
function parseAnnotationQuery(query: string): readonly AnnotationTerm[] {
  const terms = new Map<string, AnnotationTerm>();
  for (const part of query.split(' and ')) {
    const at = part.indexOf('=');
    const key = (at === -1 ? part : part.slice(0, at)).trim();
    const value = at === -1 ? undefined : part.slice(at + 1).trim() || undefined;
    if (key !== '' && (value !== undefined || !terms.has(key))) terms.set(key, { key, value });
  }
  return [...terms.values()];
}
