import { durationNano, shorten } from '@clew/model';
import type { DurationNano } from '@clew/model';

const UNIT_NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;
const WHOLE = new RegExp(`^\\+?(?:${PART.source})+$`);

/** Reads a duration as Go writes it, such as `1.2s` or `1m30s`; `undefined` when it is anything else, or negative. */
export function parseGoDuration(text: string): DurationNano | undefined {
  if (text === '0') return durationNano(0n);
  if (!WHOLE.test(text)) return undefined;
  let nanos = 0;
  for (const [, number = '', unit = ''] of text.matchAll(PART))
    nanos += Number(number) * (UNIT_NANOS[unit] ?? 0);
  // Go's durations are signed 64-bit numbers.
  return nanos < 2 ** 63 ? durationNano(BigInt(Math.round(nanos))) : undefined;
}

/** What Go says of a text that is no duration. */
export function goDurationFault(text: string): string {
  const quoted = JSON.stringify(shorten(text));
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return `time: missing unit in duration ${quoted}`;
  const unit =
    /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))*[\d.]+([^\d.]+)/.exec(text);
  const unitText = unit?.[1] ?? '';
  if (unitText !== '' && UNIT_NANOS[unitText] === undefined)
    return `time: unknown unit ${JSON.stringify(shorten(unitText))} in duration ${quoted}`;
  return `time: invalid duration ${quoted}`;
}

const MICROS = 1000n;
const MILLIS = 1_000_000n;
const SECONDS = 1_000_000_000n;

/** Writes a duration as Go does: `1.5ms`, `1m30s`, `2h0m0s`. */
export function formatGoDuration(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : '';
  const size = nanos < 0n ? -nanos : nanos;
  if (size === 0n) return '0s';
  if (size < MICROS) return `${sign}${size}ns`;
  if (size < MILLIS) return `${sign}${formatDecimal(size, 3)}\u00b5s`;
  if (size < SECONDS) return `${sign}${formatDecimal(size, 6)}ms`;
  const minutes = size / (60n * SECONDS);
  const seconds = `${formatDecimal(size % (60n * SECONDS), 9)}s`;
  if (minutes === 0n) return `${sign}${seconds}`;
  const hours = minutes / 60n;
  return `${sign}${hours === 0n ? '' : `${hours}h`}${minutes % 60n}m${seconds}`;
}

/** A whole number with its last digits behind the point. */
function formatDecimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return `${digits.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}
