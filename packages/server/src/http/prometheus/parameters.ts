import { InvalidQueryError, shorten } from '@clew/model';
import { parseDurationMs } from './promql/literals.ts';

const MAX_STEPS = 11_000;
const DEFAULT_LOOKBACK_MS = 86_400_000;
/** The year 2106, as far as the store's minutes go. */
const MAX_TIME_MS = 2 ** 32 * 1000;

/** Seconds since 1970, or as RFC 3339 has it; in milliseconds. Throws `InvalidQueryError`. */
export function parseTime(
  parameters: URLSearchParams,
  name: string,
  defaultMs: number | undefined,
): number {
  const text = parameters.get(name) ?? '';
  if (text === '' && defaultMs !== undefined) return defaultMs;
  const timeMs = /^-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text);
  if (timeMs >= 0 && timeMs < MAX_TIME_MS) return Math.round(timeMs);
  throw refuse(name, `cannot parse "${shorten(text)}" to a valid timestamp`);
}

/** The moments of a range query. Throws `InvalidQueryError`. */
export function parseSteps(parameters: URLSearchParams): readonly number[] {
  const startMs = parseTime(parameters, 'start', undefined);
  const endMs = parseTime(parameters, 'end', undefined);
  if (endMs < startMs) throw refuse('end', 'end timestamp must not be before start time');
  const text = parameters.get('step') ?? '';
  const stepMs = parseDurationMs(text);
  if (stepMs === undefined || !Number.isFinite(stepMs)) {
    throw refuse('step', `cannot parse "${shorten(text)}" to a valid duration`);
  }
  if (stepMs < 1) {
    throw refuse(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  const stepCount = Math.floor((endMs - startMs) / stepMs);
  if (stepCount > MAX_STEPS) {
    // Prometheus names no parameter here.
    throw refuse(
      '',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return Array.from({ length: stepCount + 1 }, (_, i) => Math.round(startMs + i * stepMs));
}

/** The time of a question about series: the last day when nothing is said. Throws `InvalidQueryError`. */
export function parsePeriod(
  parameters: URLSearchParams,
  nowMs: number,
): { readonly startMs: number; readonly endMs: number } {
  const endMs = parseTime(parameters, 'end', nowMs);
  const startMs = parseTime(parameters, 'start', Math.max(0, endMs - DEFAULT_LOOKBACK_MS));
  if (endMs < startMs) throw refuse('end', 'end timestamp must not be before start time');
  return { startMs, endMs };
}

/** How many at most; infinity when nothing is said, or 0. Throws `InvalidQueryError`. */
export function parseLimit(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '';
  if (text === '' || text === '0') return Infinity;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw refuse('limit', `limit must be non-negative: ${shorten(text)}`);
}

function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter });
}
