import type { HrTime } from '@opentelemetry/api';

/**
 * OpenTracing's time, milliseconds since 1970 with fractions, as OpenTelemetry's seconds and nanoseconds; a plain number would be
 * taken for a time since the process began when it is small. `undefined`, which is now, for what is no time.
 */
export function toHrTime(timeMs: number | undefined): HrTime | undefined {
  if (typeof timeMs !== 'number' || !Number.isFinite(timeMs) || timeMs < 0) return undefined;
  const seconds = Math.floor(timeMs / 1000);
  const nanoseconds = Math.round((timeMs - seconds * 1000) * 1e6);
  return nanoseconds < 1e9 ? [seconds, nanoseconds] : [seconds + 1, 0];
}
