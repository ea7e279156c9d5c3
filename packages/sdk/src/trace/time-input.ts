import type { TimeInput } from '@opentelemetry/api';

/**
 * Reads the forms in which OpenTelemetry's API takes a time: `[seconds, nanoseconds]`, a `Date`, milliseconds since
 * 1970, or a `performance.now()`, which is told apart by being smaller than the time at which the process began.
 * `undefined` when it is none of them.
 */
export function parseTimeInput(input: TimeInput): bigint | undefined {
  if (Array.isArray(input)) {
    const [seconds, nanoseconds] = input;
    if (!Number.isFinite(seconds) || !Number.isFinite(nanoseconds)) return undefined;
    return BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds));
  }
  const milliseconds = input instanceof Date ? input.getTime() : input;
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds)) return undefined;
  if (milliseconds >= performance.timeOrigin) return nanoFromMs(milliseconds);
  return input instanceof Date
    ? nanoFromMs(milliseconds)
    : nanoFromMs(performance.timeOrigin) + nanoFromMs(milliseconds);
}

/** A double holds today's time to a quarter of a microsecond, so the whole milliseconds are converted apart. */
function nanoFromMs(milliseconds: number): bigint {
  const whole = Math.trunc(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1_000_000));
}
