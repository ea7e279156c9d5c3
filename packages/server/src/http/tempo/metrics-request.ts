/** Questions for series, in Tempo's parameters. */
import { shorten, unixNanoFromMs } from '@clew/model';
import type { Clock } from '@clew/model';
import { decodeTempoInstantRequest, decodeTempoRangeRequest } from '@clew/protocol';
import { parseDuration } from '@clew/traceql';
import type { MetricsQuery, MetricsRange } from '@clew/traceql';
import { readMetricsQuery } from '../../query/read-search.ts';
import { givenCount, givenDuration, givenText, refuse } from './parameters.ts';

export interface TempoMetrics {
  readonly metrics: MetricsQuery;
  readonly range: MetricsRange;
}

export interface TempoRangeMetrics extends TempoMetrics {
  /** Of all series together. */
  readonly exemplarCount: number;
  readonly maxSeries: number;
}

const MAX_EXEMPLARS = 100;
/** As many intervals as Clew's own API gives. */
const MAX_INTERVALS = 11_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const DEFAULT_SINCE = 60n * MINUTE;

/** Reads the parameters of `GET /api/metrics/query_range`. Throws `InvalidQueryError` and `QuerySyntaxError`. */
export function rangeOfParameters(parameters: URLSearchParams, clock: Clock): TempoRangeMetrics {
  const { start, end } = givenBounds(parameters, clock);
  const metrics = readMetricsQuery(givenQuery(parameters));
  return {
    metrics,
    range: toRange({ start, end, step: givenStep(parameters) }),
    exemplarCount: exemplarCountOf(metrics, givenCount(parameters, 'exemplars')),
    maxSeries: givenCount(parameters, 'maxSeries') || Number.POSITIVE_INFINITY,
  };
}

/** Reads the parameters of `GET /api/metrics/query`. Throws `InvalidQueryError` and `QuerySyntaxError`. */
export function instantOfParameters(parameters: URLSearchParams, clock: Clock): TempoMetrics {
  const { start, end } = givenBounds(parameters, clock);
  return { metrics: readMetricsQuery(givenQuery(parameters)), range: toInstant(start, end) };
}

/** Reads a `QueryRangeRequest` in protobuf. Throws as `rangeOfParameters` does, and `DecodeError`. */
export function rangeOfMessage(bytes: Uint8Array, clock: Clock): TempoRangeMetrics {
  const asked = decodeTempoRangeRequest(bytes);
  const metrics = readMetricsQuery(asked.query ?? '');
  const { start, end } = boundsOf(asked, clock);
  return {
    metrics,
    range: toRange({ start, end, step: asked.step || undefined }),
    exemplarCount: exemplarCountOf(metrics, asked.exemplars),
    maxSeries: asked.maxSeries || Number.POSITIVE_INFINITY,
  };
}

/** Reads a `QueryInstantRequest` in protobuf. Throws as `instantOfParameters` does, and `DecodeError`. */
export function instantOfMessage(bytes: Uint8Array, clock: Clock): TempoMetrics {
  const asked = decodeTempoInstantRequest(bytes);
  const { start, end } = boundsOf(asked, clock);
  return { metrics: readMetricsQuery(asked.query ?? ''), range: toInstant(start, end) };
}

/** Grafana sends `query` to some endpoints and `q` to others. */
function givenQuery(parameters: URLSearchParams): string {
  return givenText(parameters, 'q') ?? givenText(parameters, 'query') ?? '';
}

interface Bounds {
  readonly start: bigint;
  readonly end: bigint;
}

/** Nanoseconds since 1970; the last hour when nothing is given. */
function givenBounds(parameters: URLSearchParams, clock: Clock): Bounds {
  const since = givenDuration(parameters, 'since') ?? DEFAULT_SINCE;
  const now = unixNanoFromMs(clock.nowMs());
  const end = givenTime(parameters, 'end') ?? now;
  const start = givenTime(parameters, 'start') ?? (end > now ? now : end) - since;
  return checkBounds({ start, end });
}

function boundsOf(
  { start, end }: { readonly start?: bigint | undefined; readonly end?: bigint | undefined },
  clock: Clock,
): Bounds {
  const last = end || unixNanoFromMs(clock.nowMs());
  return checkBounds({ start: start || last - DEFAULT_SINCE, end: last });
}

function checkBounds(bounds: Bounds): Bounds {
  if (bounds.start >= 0n && bounds.start < bounds.end) return bounds;
  throw refuse('start', 'end must be greater than start');
}

/** Seconds of up to ten digits, with or without a fraction, nanoseconds of more, or RFC 3339. */
function givenTime(parameters: URLSearchParams, name: string): bigint | undefined {
  const text = givenText(parameters, name);
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return BigInt(text) * SECOND;
  if (/^\d{11,20}$/.test(text)) return BigInt(text);
  if (/^\d{1,10}\.\d{1,12}$/.test(text))
    return BigInt(Math.round(Number(text) * 1000)) * 1_000_000n;
  const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (ms >= 0) return unixNanoFromMs(ms);
  throw refuse(name, `could not parse '${name}' parameter: "${shorten(text)}"`);
}

/** Seconds, or a duration. */
function givenStep(parameters: URLSearchParams): bigint | undefined {
  const text = givenText(parameters, 'step');
  if (text === undefined) return undefined;
  const isSeconds = /^\d{1,9}(\.\d{1,9})?$/.test(text);
  const nanos = isSeconds ? BigInt(Math.round(Number(text) * 1e9)) : parseDuration(text);
  if (nanos !== undefined && nanos > 0n) return nanos;
  throw refuse('step', `cannot parse "${shorten(text)}" to a valid duration`);
}

interface AskedRange extends Bounds {
  readonly step: bigint | undefined;
}

/**
 * Whole intervals, the first and the last of which may reach beyond what was asked about. In Tempo an interval ends with the moment
 * that it is named after, so they are a nanosecond later than those of others, which begin with it.
 */
function toRange({ start, end, step: asked }: AskedRange): MetricsRange {
  const step = asked ?? usualStep(end - start);
  const first = start - (start % step);
  const count = (end - first + step - 1n) / step;
  if (count > MAX_INTERVALS) {
    throw refuse('step', `expected at most ${MAX_INTERVALS} intervals, and these are ${count}`);
  }
  return { startUnixNano: first + 1n, stepNano: step, binCount: Number(count) };
}

function toInstant(start: bigint, end: bigint): MetricsRange {
  return { startUnixNano: start + 1n, stepNano: end - start, binCount: 1 };
}

/** Some 240 intervals fill a picture; they are whole multiples of the longest of these that is shorter. */
const WANTED_INTERVALS = 240n;
const ROUND_STEPS = [60n * MINUTE, 5n * MINUTE, MINUTE, 15n * SECOND, 5n * SECOND, SECOND];
/** Of less than a minute. */
const SHORT_STEP = 50_000_000n;

function usualStep(length: bigint): bigint {
  const wanted = length / WANTED_INTERVALS;
  const round =
    length < MINUTE ? SHORT_STEP : (ROUND_STEPS.find((each) => each < wanted) ?? SECOND);
  const step = wanted - (wanted % round);
  return step > round ? step : round;
}

/** What the query says counts before what the request does; neither says nothing about as many as there may be. */
function exemplarCountOf({ hints }: MetricsQuery, asked: number | undefined): number {
  const hint = hints.find(({ name }) => name === 'exemplars')?.value.value;
  if (hint?.type === 'bool' && !hint.value) return 0;
  const given = hint?.type === 'int' ? Number(hint.value) : asked || MAX_EXEMPLARS;
  return Math.max(0, Math.min(given, MAX_EXEMPLARS));
}
