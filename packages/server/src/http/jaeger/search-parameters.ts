import { InvalidQueryError, shorten, unixNano, unixNanoFromMs } from '@clew/model';
import type { DurationNano, TraceId, UnixNano } from '@clew/model';
import { readGoBool, readGoDuration, readGoInt } from './go-syntax.ts';
import type { Refuse } from './go-syntax.ts';
import { DEFAULT_TRACES } from './search-terms.ts';
import type { SearchTerms } from './search-terms.ts';
import type { Tag } from './tag-conditions.ts';
import { requireTraceId } from './trace-id.ts';

/** What `GET /api/traces` asks for: some traces by their ids, or a search. */
export type JaegerSearch = { readonly isRaw: boolean } & (
  | { readonly kind: 'ids'; readonly traceIds: readonly TraceId[] }
  | { readonly kind: 'search'; readonly terms: SearchTerms }
);

const DEFAULT_LOOKBACK_MS = 2 * 86_400_000;

/** Reads the parameters of `GET /api/traces`. Throws `InvalidQueryError`. */
export function parseSearchParameters(parameters: URLSearchParams, nowMs: number): JaegerSearch {
  const start = readMicros(parameters, 'start') ?? unixNanoFromMs(nowMs - DEFAULT_LOOKBACK_MS);
  const end = readMicros(parameters, 'end');
  const tags = parseTags(parameters);
  const limit = readLimit(parameters);
  const minDurationNano = readDuration(parameters, 'minDuration');
  const maxDurationNano = readDuration(parameters, 'maxDuration');
  const traceIds = parameters
    .getAll('traceID')
    .map((text) => requireTraceId(text, 'cannot parse traceID param: '));
  const isRaw = readBool(parameters, 'raw');
  if (end !== undefined && start > end)
    throw refuse('start', 'invalid parameter: start time must be before end time');
  if (
    minDurationNano !== undefined &&
    maxDurationNano !== undefined &&
    maxDurationNano < minDurationNano
  )
    throw refuse('maxDuration', "'maxDuration' should be greater than 'minDuration'");
  if (traceIds.length > 0) return { kind: 'ids', traceIds: [...new Set(traceIds)], isRaw };
  const terms = {
    service: parameters.get('service') ?? undefined,
    operation: parameters.get('operation') ?? undefined,
    tags,
    minDurationNano,
    maxDurationNano,
    startUnixNano: start,
    // Jaeger's end is part of the range.
    endUnixNano: end === undefined ? undefined : unixNano(end + 1000n),
    limit,
  };
  return { kind: 'search', terms, isRaw };
}

/** Reads what a question for one trace may say beside its id. Gives whether it is wanted as it is stored. */
export function parseTraceParameters(parameters: URLSearchParams): boolean {
  // When the trace was is a hint for stores that cannot find it otherwise.
  readMicros(parameters, 'start');
  readMicros(parameters, 'end');
  return readBool(parameters, 'raw');
}

/** Milliseconds; undefined where nothing is said. */
export function readMillis(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name) ?? '';
  return text === '' ? undefined : Number(readGoInt(text, unparsable(name)));
}

export function readBool(parameters: URLSearchParams, name: string): boolean {
  const text = parameters.get(name) ?? '';
  return text !== '' && readGoBool(text, unparsable(name));
}

/** How Jaeger says that it cannot read a parameter. */
export function unparsable(name: string): Refuse {
  return (reason) => refuse(name, `unable to parse param '${name}': ${reason}`);
}

export function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter });
}

function readMicros(parameters: URLSearchParams, name: string): UnixNano | undefined {
  const text = parameters.get(name) ?? '';
  if (text === '') return undefined;
  return unixNano(readGoInt(text, unparsable(name)) * 1000n);
}

/** A duration of 0 asks for nothing. */
function readDuration(parameters: URLSearchParams, name: string): DurationNano | undefined {
  const text = parameters.get(name) ?? '';
  return text === '' ? undefined : readGoDuration(text, unparsable(name)) || undefined;
}

function readLimit(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '';
  if (text === '') return DEFAULT_TRACES;
  const limit = readGoInt(text, (reason) => refuse('limit', reason));
  if (limit > 0n) return Number(limit);
  throw refuse('limit', 'invalid parameter: limit must be greater than 0');
}

/** Of a key that is given twice the last value counts. */
function parseTags(parameters: URLSearchParams): readonly Tag[] {
  const values = new Map<string, string>();
  for (const text of parameters.getAll('tag')) {
    const at = text.indexOf(':');
    if (at < 0)
      throw refuse(
        'tag',
        `malformed 'tag' parameter, expecting key:value, received: ${shorten(text)}`,
      );
    values.set(text.slice(0, at), text.slice(at + 1));
  }
  for (const text of parameters.getAll('tags')) {
    const refuseTags: Refuse = (reason) =>
      refuse('tags', `malformed 'tags' parameter, cannot unmarshal JSON: ${reason}`);
    for (const { key, value } of parseStringMap(text, refuseTags)) values.set(key, value);
  }
  return [...values].map(([key, value]) => ({ key, value }));
}

/** Reads a JSON object of strings. */
export function parseStringMap(text: string, refuse: Refuse): readonly Tag[] {
  const map = parseJson(text, refuse);
  if (map === null) return [];
  if (typeof map !== 'object' || Array.isArray(map))
    throw refuse(`expected an object of strings, received: ${shorten(text)}`);
  return Object.entries(map).map(([key, value]) => {
    if (typeof value === 'string') return { key, value };
    throw refuse(`expected a string as the value of ${JSON.stringify(shorten(key))}`);
  });
}

function parseJson(text: string, refuse: Refuse): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(error instanceof Error ? shorten(error.message) : 'not JSON');
  }
}
