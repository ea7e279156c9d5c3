import type { HrTime } from '@opentelemetry/api';

/**
 * Milliseconds since 1970, with fractions, as OpenTelemetry's seconds and nanoseconds. Not as the number that it is: a small
 * one would be taken for a time since the process began. What is no time is as good as none given: now.
 */
export function toHrTime(unixMs: unknown): HrTime | undefined {
  if (typeof unixMs !== 'number' || !Number.isFinite(unixMs) || unixMs < 0) return undefined;
  const seconds = Math.floor(unixMs / 1000);
  const nanoseconds = Math.round((unixMs - seconds * 1000) * 1e6);
  return [seconds, Math.min(nanoseconds, 999_999_999)];
}
