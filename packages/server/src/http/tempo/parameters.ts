/** Parameters of a URL as Tempo reads them: an empty one is none. */
import { InvalidQueryError, shorten, unixNano } from '@clew/model';
import type { UnixNano } from '@clew/model';
import { parseDuration } from '@clew/traceql';

/** Undefined where a parameter is missing or empty. */
export function givenText(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.get(name) || undefined;
}

/** A whole number from 0 on. Throws `InvalidQueryError`. */
export function givenCount(parameters: URLSearchParams, name: string): number | undefined {
  const text = givenText(parameters, name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw refuse(name, `invalid ${name}: expected a whole number, received "${shorten(text)}"`);
}

/** Nanoseconds of a duration such as `1m30s`. Throws `InvalidQueryError`. */
export function givenDuration(parameters: URLSearchParams, name: string): bigint | undefined {
  const text = givenText(parameters, name);
  if (text === undefined) return undefined;
  const nanos = parseDuration(text);
  if (nanos !== undefined) return nanos;
  throw refuse(
    name,
    `invalid ${name}: expected a duration such as 1.5s, received "${shorten(text)}"`,
  );
}

/** Undefined for what has no beginning, or no end. */
export interface TimeRange {
  /** Inclusive. */
  readonly startUnixNano: UnixNano | undefined;
  /** Exclusive. */
  readonly endUnixNano: UnixNano | undefined;
}

/** Reads `start` and `end` in seconds. Throws `InvalidQueryError`. */
export function givenTimeRange(parameters: URLSearchParams): TimeRange {
  return toTimeRange(givenCount(parameters, 'start'), givenCount(parameters, 'end'));
}

/** The time between two seconds since 1970, of which 0 is none; both are given or neither. Throws `InvalidQueryError`. */
export function toTimeRange(start = 0, end = 0): TimeRange {
  if (start === 0 && end === 0) return { startUnixNano: undefined, endUnixNano: undefined };
  if (start < end) {
    return { startUnixNano: secondsToNano(start), endUnixNano: secondsToNano(end) };
  }
  throw refuse(
    'start',
    `http parameter start must be before end. received start=${start} end=${end}`,
  );
}

function secondsToNano(seconds: number): UnixNano {
  return unixNano(BigInt(seconds) * 1_000_000_000n);
}

export function refuse(parameter: string, message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter });
}
