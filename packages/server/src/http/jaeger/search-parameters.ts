import { InvalidQueryError, shorten, unixNano, unixNanoFromMs } from '@clew/model';
import type { DurationNano, TraceId, UnixNano } from '@clew/model';
import { searchOfForm } from '@clew/traceql';
import type { TraceSearch } from '../../query/trace-queries.ts';
import { parseGoDuration } from './go-duration.ts';
import { parseJaegerTraceId } from './trace-id.ts';

/** What `GET /api/traces` asks for: some traces by their ids, or a search. */
export type JaegerSearch =
  | { readonly kind: 'ids'; readonly traceIds: readonly TraceId[] }
  | { readonly kind: 'search'; readonly search: TraceSearch };

const DEFAULT_LIMIT = 100;
/** As many as Jaeger's own UI offers; every trace comes with all its spans. */
const MAX_LIMIT = 1500;
const DEFAULT_LOOKBACK_MS = 2 * 86_400_000;

/** Reads the parameters of `GET /api/traces`. Throws `InvalidQueryError`. */
export function parseSearchParameters(parameters: URLSearchParams, nowMs: number): JaegerSearch {
  const traceIds = parameters.getAll('traceID').map(requireTraceId);
  if (traceIds.length > 0) return { kind: 'ids', traceIds: [...new Set(traceIds)] };
  const service = parameters.get('service') ?? '';
  if (service === '') throw refuse('service', "parameter 'service' is required");
  const minDurationNano = parseDuration(parameters, 'minDuration');
  const maxDurationNano = parseDuration(parameters, 'maxDuration');
  if (
    minDurationNano !== undefined &&
    maxDurationNano !== undefined &&
    maxDurationNano < minDurationNano
  )
    throw refuse('maxDuration', "'maxDuration' should be greater than 'minDuration'");
  const tags = [...parseTagList(parameters), ...parseTagMap(parameters)];
  const search: TraceSearch = {
    search: searchOfForm({
      service,
      spanName: parameters.get('operation') || undefined,
      attributes: tags.filter((tag) => statusOfTag(tag) === undefined),
      status: tags.map(statusOfTag).find((status) => status !== undefined),
      minDurationNano,
      maxDurationNano,
    }),
    startUnixNano: parseMicros(parameters, 'start') ?? unixNanoFromMs(nowMs - DEFAULT_LOOKBACK_MS),
    endUnixNano: afterMicro(parseMicros(parameters, 'end')),
    limit: parseLimit(parameters),
  };
  return { kind: 'search', search };
}

/** Reads one id from the path or the query. Throws `InvalidQueryError`. */
export function requireTraceId(text: string): TraceId {
  const traceId = parseJaegerTraceId(text);
  if (traceId !== undefined) return traceId;
  throw refuse('traceID', `cannot parse trace ID "${shorten(text)}"`);
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

function parseTagList(parameters: URLSearchParams): Tag[] {
  return parameters.getAll('tag').map((text) => {
    const at = text.indexOf(':');
    if (at > 0) return { key: text.slice(0, at), value: text.slice(at + 1) };
    throw refuse(
      'tag',
      `malformed 'tag' parameter, expecting key:value, received: ${shorten(text)}`,
    );
  });
}

function parseTagMap(parameters: URLSearchParams): Tag[] {
  return parameters.getAll('tags').flatMap((text) => {
    const map = parseJson(text);
    if (typeof map !== 'object' || map === null || Array.isArray(map)) throw refuseTags(text);
    return Object.entries(map).map(([key, value]) => {
      if (typeof value === 'string') return { key, value };
      throw refuseTags(text);
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON at all is refused like JSON of another shape.
    return undefined;
  }
}

function refuseTags(text: string): InvalidQueryError {
  return refuse(
    'tags',
    `malformed 'tags' parameter, expecting a JSON map of strings, received: ${shorten(text)}`,
  );
}

/**
 * Jaeger shows a span's status as tags, and its UI searches for errors by `error=true`; here the status is a field of
 * its own. `undefined` for a tag that is an attribute like any other.
 */
function statusOfTag({ key, value }: Tag): 'ok' | 'error' | undefined {
  if (key === 'error' && value === 'true') return 'error';
  if (key !== 'otel.status_code') return undefined;
  if (value === 'ERROR') return 'error';
  return value === 'OK' ? 'ok' : undefined;
}

function parseDuration(parameters: URLSearchParams, name: string): DurationNano | undefined {
  const text = parameters.get(name) ?? '';
  if (text === '') return undefined;
  const duration = parseGoDuration(text);
  if (duration !== undefined) return duration;
  throw refuse(name, `unable to parse param '${name}': expected a duration such as 1.2s or 100ms`);
}

function parseMicros(parameters: URLSearchParams, name: string): UnixNano | undefined {
  const text = parameters.get(name) ?? '';
  if (text === '') return undefined;
  if (/^\d{1,18}$/.test(text)) return unixNano(BigInt(text) * 1000n);
  throw refuse(name, `unable to parse param '${name}': expected microseconds since 1970`);
}

/** Jaeger's end is part of the range, and the store's is not. */
function afterMicro(end: UnixNano | undefined): UnixNano | undefined {
  return end === undefined ? undefined : unixNano(end + 1000n);
}

function parseLimit(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '';
  if (text === '') return DEFAULT_LIMIT;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return Math.min(limit, MAX_LIMIT);
  throw refuse('limit', "unable to parse param 'limit': expected a whole number above 0");
}

function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter });
}
