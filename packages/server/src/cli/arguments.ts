import { parseTraceId } from '@clew/model';
import type { TraceId } from '@clew/model';
import { InvalidArgumentError } from 'commander';

/** Reads one more trace id of a list, for commander. */
export function collectTraceId(
  text: string,
  before: readonly TraceId[] | undefined,
): readonly TraceId[] {
  const traceId = parseTraceId(text);
  if (traceId === undefined)
    throw new InvalidArgumentError('Expected a trace id of 1 to 32 hexadecimal digits.');
  return [...(before ?? []), traceId];
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const NANOS_PER_MILLI = 1_000_000n;

/**
 * Reads a moment: a date and time (`2026-11-22T08:30:00Z`), how long ago it was (`2h`), or nanoseconds since 1970. Gives
 * nanoseconds in decimal digits.
 */
export function parseMoment(text: string, nowMs: number): string {
  if (/^\d{16,20}$/.test(text)) return text;
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  const agoMs = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  const ms = unit === '' ? parseDate(text) : nowMs - agoMs;
  if (Number.isFinite(ms) && ms >= 0) return String(BigInt(Math.round(ms)) * NANOS_PER_MILLI);
  throw new InvalidArgumentError(
    'Expected a time such as 2026-11-22T08:30:00Z, or 2h for 2 hours ago.',
  );
}

function parseDate(text: string): number {
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}

export function parseCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count > 0) return count;
  throw new InvalidArgumentError('Expected a whole number from 1.');
}
