/**
 * Points in time as they stand on the screen: in the reader's zone or in UTC, always 24 hours, year first, so that they sort
 * and line up. Durations are in `format.ts`; the two never share a form.
 */

/** Which clock times are shown in. */
export type TimeZone = 'local' | 'utc';

/** `2026-11-22 19:15:03.123`. */
export function formatDateTime(unixMs: number, zone: TimeZone): string {
  return `${formatDate(unixMs, zone)} ${formatClock(unixMs, zone)}`;
}

/** `2026-11-22`. */
export function formatDate(unixMs: number, zone: TimeZone): string {
  return isoText(unixMs, zone).slice(0, 10);
}

/** `19:15:03.123`. */
export function formatClock(unixMs: number, zone: TimeZone): string {
  return isoText(unixMs, zone).slice(11, 23);
}

/** `19:15:03`, and the day before it when that is not the day of `nowMs`. */
export function formatMoment(unixMs: number, nowMs: number, zone: TimeZone): string {
  const clock = formatClock(unixMs, zone).slice(0, 8);
  const date = formatDate(unixMs, zone);
  return date === formatDate(nowMs, zone) ? clock : `${date} ${clock}`;
}

/** `2026-11-22 19:15:00 – 20:15:00`, with the second day when it is another one. */
export function formatTimeRange(startMs: number, endMs: number, zone: TimeZone): string {
  const start = `${formatDate(startMs, zone)} ${formatClock(startMs, zone).slice(0, 8)}`;
  return `${start} – ${formatMoment(endMs, startMs, zone)}`;
}

/** The zone's distance from UTC at that moment: `UTC+01:00`, `UTC`. */
export function formatUtcOffset(unixMs: number, zone: TimeZone): string {
  const minutes = offsetMinutes(unixMs, zone);
  if (minutes === 0) return 'UTC';
  const abs = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${twoDigits(Math.floor(abs / 60))}:${twoDigits(abs % 60)}`;
}

const STEPS = [
  { below: 60, seconds: 1, name: 's' },
  { below: 3600, seconds: 60, name: 'min' },
  { below: 86_400, seconds: 3600, name: 'h' },
  { below: Number.POSITIVE_INFINITY, seconds: 86_400, name: 'd' },
] as const;

/** `12 s ago`, `3 min ago`, `2 d ago`, `in 5 min`; below a second `now`. */
export function formatRelative(unixMs: number, nowMs: number): string {
  const seconds = Math.abs(nowMs - unixMs) / 1000;
  if (seconds < 1) return 'now';
  const step = STEPS.find(({ below }) => seconds < below) ?? STEPS[3];
  const text = `${Math.floor(seconds / step.seconds)}\u00a0${step.name}`;
  return unixMs > nowMs ? `in ${text}` : `${text} ago`;
}

/** The local or UTC wall clock written as ISO 8601 without a zone. Outside of ECMAScript's dates: the nearest one. */
function isoText(unixMs: number, zone: TimeZone): string {
  const limit = 8.64e15 - 86_400_000;
  const ms = Math.min(limit, Math.max(-limit, unixMs));
  return new Date(ms + offsetMinutes(ms, zone) * 60_000).toISOString();
}

function offsetMinutes(unixMs: number, zone: TimeZone): number {
  return zone === 'utc' ? 0 : -new Date(unixMs).getTimezoneOffset();
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
