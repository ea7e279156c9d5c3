/** The parameters of Jaeger's API, version 3: each has a name in camel case and an older one in snake case. */
import { InvalidQueryError, shorten, unixNano } from '@clew/model';
import type { DurationNano, UnixNano } from '@clew/model';
import { readGoBool, readGoDuration, readGoInt } from '../go-syntax.ts';
import type { Refuse } from '../go-syntax.ts';
import { parseStringMap } from '../search-parameters.ts';
import { DEFAULT_TRACES } from '../search-terms.ts';
import type { SearchTerms } from '../search-terms.ts';
import { parseTimestamp } from './parse-timestamp.ts';

export interface V3Search {
  readonly terms: SearchTerms;
  readonly isRaw: boolean;
}

/** Throws `InvalidQueryError`. */
export function parseV3Search(parameters: URLSearchParams): V3Search {
  if ((parameters.get('query.filter') ?? '') !== '')
    throw refuse('query.filter', 'query.filter is not supported: use query.attributes');
  const { startUnixNano, endUnixNano } = readTimes(parameters, [
    'query.startTimeMin',
    'query.startTimeMax',
  ]);
  const attributes = parameters.get('query.attributes') ?? '';
  const terms = {
    service: find(parameters, 'query.serviceName').text,
    operation: find(parameters, 'query.operationName').text,
    tags: attributes === '' ? [] : parseStringMap(attributes, malformed('query.attributes')),
    minDurationNano: readDuration(parameters, 'query.durationMin'),
    maxDurationNano: readDuration(parameters, 'query.durationMax'),
    startUnixNano,
    // Jaeger's end is part of the range.
    endUnixNano: unixNano(endUnixNano + 1n),
    limit: readLimit(parameters),
  };
  return { terms, isRaw: readBool(parameters, 'query.rawTraces') };
}

/** Reads what a question for one trace may say beside its id. Gives whether it is wanted as it is stored. */
export function parseV3TraceParameters(parameters: URLSearchParams): boolean {
  // When the trace was is a hint for stores that cannot find it otherwise.
  readTime(parameters, 'startTime');
  readTime(parameters, 'endTime');
  return readBool(parameters, 'rawTraces');
}

export function parseV3Kind(parameters: URLSearchParams): string {
  return find(parameters, 'spanKind').text;
}

/** A time of which both ends are required. */
export function readTimes(
  parameters: URLSearchParams,
  [startName, endName]: readonly [string, string],
): { readonly startUnixNano: UnixNano; readonly endUnixNano: UnixNano } {
  const startUnixNano = readTime(parameters, startName);
  const endUnixNano = readTime(parameters, endName);
  if (startUnixNano === undefined || endUnixNano === undefined)
    throw refuse(startName, `${startName} and ${endName} are required`);
  if (startUnixNano > endUnixNano)
    throw refuse(startName, `${startName} must be before ${endName}`);
  return { startUnixNano, endUnixNano };
}

/** A search that was sent as JSON, in the form of the parameters of one that was not; a field that is `null` is not given. */
export function parametersOfJson(bytes: Uint8Array): URLSearchParams {
  const parameters = new URLSearchParams();
  const query = objectOf(objectOf(parseJson(bytes))['query'] ?? {});
  for (const [name, value] of Object.entries(query)) {
    if (value === null) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    parameters.append(`query.${name}`, text);
  }
  return parameters;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw refuse('query', error instanceof Error ? shorten(error.message) : 'not JSON');
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw refuse('query', 'expected an object such as {"query":{"serviceName":"a"}}');
}

/** By either name; the text is empty where it is not given. */
function find(parameters: URLSearchParams, name: string): { name: string; text: string } {
  const text = parameters.get(name) ?? '';
  if (text !== '') return { name, text };
  const older = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { name: older, text: parameters.get(older) ?? '' };
}

function readTime(parameters: URLSearchParams, canonical: string): UnixNano | undefined {
  const { name, text } = find(parameters, canonical);
  if (text === '') return undefined;
  const time = parseTimestamp(text);
  if (time !== undefined) return time;
  const reason = `parsing time ${JSON.stringify(shorten(text))} as "2006-01-02T15:04:05.999999999Z07:00"`;
  throw malformed(name)(reason);
}

/** A duration of 0 asks for nothing. */
function readDuration(parameters: URLSearchParams, canonical: string): DurationNano | undefined {
  const { name, text } = find(parameters, canonical);
  return text === '' ? undefined : readGoDuration(text, malformed(name)) || undefined;
}

function readBool(parameters: URLSearchParams, canonical: string): boolean {
  const { name, text } = find(parameters, canonical);
  return text !== '' && readGoBool(text, malformed(name));
}

function readLimit(parameters: URLSearchParams): number {
  let { name, text } = find(parameters, 'query.searchDepth');
  if (text === '') [name, text] = ['query.num_traces', parameters.get('query.num_traces') ?? ''];
  if (text === '') return DEFAULT_TRACES;
  const limit = readGoInt(text, malformed(name));
  if (limit > 0n) return Number(limit);
  throw refuse(name, 'search depth must be greater than 0');
}

function malformed(name: string): Refuse {
  return (reason) => refuse(name, `malformed parameter ${name}: ${reason}`);
}

function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter });
}
