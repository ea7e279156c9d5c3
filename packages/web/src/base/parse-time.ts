import type { TimeZone } from './format-time.ts';

const DATE_TIME =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?[ T]*(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** How many digits a number of seconds, milliseconds, microseconds or nanoseconds since 1970 has in our time. */
const EPOCH_UNITS = [
  { digits: 10, msPerUnit: 1000 },
  { digits: 13, msPerUnit: 1 },
  { digits: 16, msPerUnit: 1e-3 },
  { digits: 19, msPerUnit: 1e-6 },
] as const;

/**
 * Reads a point in time as it stands in logs and messages, into milliseconds since 1970: `2026-11-22 19:15:03.123`, with or
 * without seconds and zone (`Z`, `+01:00`); a day alone; a time alone, which is on the day of `nowMs`; or a number of
 * seconds, milliseconds, microseconds or nanoseconds since 1970. `undefined` when it is none of these.
 */
export function parseTime(text: string, zone: TimeZone, nowMs: number): number | undefined {
  const trimmed = text.trim();
  const epoch = parseEpoch(trimmed);
  if (epoch !== undefined) return epoch;
  const match = DATE_TIME.exec(trimmed);
  if (match === null || trimmed === '') return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  if (year === undefined && hour === undefined) return undefined;
  const now = wallClock(nowMs, zone);
  const fields = [
    Number(year ?? now.getUTCFullYear()),
    month === undefined ? now.getUTCMonth() : Number(month) - 1,
    Number(day ?? now.getUTCDate()),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  ] as const;
  const wall = Date.UTC(...fields);
  if (!isRealDate(wall, fields)) return undefined;
  const ms = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
  return toUnixMs(wall, offset, zone) + ms;
}

function parseEpoch(text: string): number | undefined {
  if (!/^\d{9,19}(\.\d+)?$/.test(text)) return undefined;
  const digits = text.split('.')[0]?.length ?? 0;
  const unit = EPOCH_UNITS.find((unit) => digits <= unit.digits);
  return unit === undefined ? undefined : Number(text) * unit.msPerUnit;
}

/** `Date.UTC` lets the 31st of February be the 3rd of March; a person means neither. */
function isRealDate(
  wall: number,
  [year, month, day, hour, minute, second]: readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ],
): boolean {
  const date = new Date(wall);
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

function toUnixMs(wall: number, offset: string | undefined, zone: TimeZone): number {
  if (offset === undefined && zone === 'local') {
    const utc = new Date(wall);
    return new Date(
      utc.getUTCFullYear(),
      utc.getUTCMonth(),
      utc.getUTCDate(),
      utc.getUTCHours(),
      utc.getUTCMinutes(),
      utc.getUTCSeconds(),
    ).getTime();
  }
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset ?? '');
  if (match === null) return wall;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return wall - (match[1] === '-' ? -minutes : minutes) * 60_000;
}

/** The clock on the wall, as a date whose UTC fields show it. */
function wallClock(unixMs: number, zone: TimeZone): Date {
  const minutes = zone === 'utc' ? 0 : -new Date(unixMs).getTimezoneOffset();
  return new Date(unixMs + minutes * 60_000);
}
