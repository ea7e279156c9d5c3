import type { TimeInput } from '@opentelemetry/api';

/** Since 1970; the nanoseconds are below 1,000,000,000. */
export interface UnixTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What OTLP's 64 bits of nanoseconds reach to. */
const MAX_SECONDS = 18_446_744_073;

/**
 * Reads the forms in which OpenTelemetry's API takes a time: `[seconds, nanoseconds]`, a `Date`, milliseconds since
 * 1970, or a `performance.now()`, which is told apart by being smaller than the time at which the process began.
 * `undefined` when it is none of them, or none that OTLP can say.
 */
export function parseTimeInput(input: TimeInput): UnixTime | undefined {
  try {
    return tryParse(input);
  } catch {
    return undefined; // A list of what is no number, or what defends itself.
  }
}

function tryParse(input: TimeInput): UnixTime | undefined {
  if (Array.isArray(input)) {
    const [seconds, nanoseconds] = input;
    return toUnixTime(Math.trunc(seconds), Math.trunc(nanoseconds));
  }
  const milliseconds = input instanceof Date ? input.getTime() : input;
  if (typeof milliseconds !== 'number') return undefined;
  const isSinceStart = !(input instanceof Date) && milliseconds < performance.timeOrigin;
  return isSinceStart ? fromMs(performance.timeOrigin, milliseconds) : fromMs(milliseconds, 0);
}

/** Whether it is meant as a time, good or bad, where attributes may stand as well. */
export function isTimeInput(value: unknown): value is TimeInput {
  try {
    return typeof value === 'number' || Array.isArray(value) || value instanceof Date;
  } catch {
    return false; // It defends itself.
  }
}

/** A double holds today's time to a quarter of a microsecond, so whole milliseconds are converted apart. */
function fromMs(...parts: readonly [number, number]): UnixTime | undefined {
  let wholeMs = 0;
  let nanoseconds = 0;
  for (const part of parts) {
    const whole = Math.floor(part);
    wholeMs += whole;
    nanoseconds += Math.round((part - whole) * 1e6);
  }
  const seconds = Math.floor(wholeMs / 1000);
  return toUnixTime(seconds, nanoseconds + (wholeMs - seconds * 1000) * 1e6);
}

function toUnixTime(seconds: number, nanoseconds: number): UnixTime | undefined {
  const carry = Math.floor(nanoseconds / 1e9);
  const sum = seconds + carry;
  if (!(sum >= 0 && sum < MAX_SECONDS)) return undefined;
  return { seconds: sum, nanoseconds: nanoseconds - carry * 1e9 };
}
