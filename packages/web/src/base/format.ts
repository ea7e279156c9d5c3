/** Numbers as they stand on the screen: with a unit, and with no more than three significant digits. */

const NANOS_PER_SECOND = 1e9;
const NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND;
const NANOS_PER_HOUR = 60 * NANOS_PER_MINUTE;
const NANOS_PER_DAY = 24 * NANOS_PER_HOUR;

/** From one unit to the next, the rounded number would have a fourth digit before the point. */
const DECIMAL_UNITS = [
  { below: 999.5, nanos: 1, name: 'ns' },
  { below: 999.5e3, nanos: 1e3, name: 'µs' },
  { below: 999.5e6, nanos: 1e6, name: 'ms' },
  { below: 59.95e9, nanos: NANOS_PER_SECOND, name: 's' },
] as const;

const NO_BREAK_SPACE = '\u00a0';

/** A duration in nanoseconds: `870 ns`, `1.24 ms`, `12.0 s`, `4 min 05 s`, `2 h 14 min`, `3 d 4 h`. */
export function formatDuration(nanos: number | bigint): string {
  const value = Number(nanos);
  const unit = DECIMAL_UNITS.find(({ below }) => Math.abs(value) < below);
  if (unit === undefined) return formatLongDuration(value);
  const scaled = value / unit.nanos;
  return `${unit.nanos === 1 ? String(Math.round(scaled)) : threeDigits(scaled)}${NO_BREAK_SPACE}${unit.name}`;
}

/** How long after (or before) something else: `+1.24 ms`, `−3.00 s`. */
export function formatOffset(nanos: number): string {
  return `${nanos < 0 ? '−' : '+'}${formatDuration(Math.abs(nanos))}`;
}

/** The same as a duration without zeros at the end, for axes and typed values: `1 ms`, `2.5 s`. */
export function formatDurationShort(nanos: number | bigint): string {
  return formatDuration(nanos)
    .replace(/\.(\d*?)0+(?=\D|$)/, (_, kept: string) => (kept === '' ? '' : `.${kept}`))
    .replace(/\u00a00+\u00a0\D+$/, '');
}

/** A count: exact below a thousand, then `3.14 k`, `12.4 M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  for (const [factor, name] of [
    [1e3, 'k'],
    [1e6, 'M'],
    [1e9, 'G'],
  ] as const) {
    if (count < 999.5 * factor)
      return `${trimZeros(threeDigits(count / factor))}${NO_BREAK_SPACE}${name}`;
  }
  return `${trimZeros(threeDigits(count / 1e12))}${NO_BREAK_SPACE}T`;
}

/** A count with all its digits: `1,668`. */
export function formatExactCount(count: number): string {
  return count.toLocaleString('en');
}

/** A count with its noun: `1 span`, `3.14 k spans`. The plural is the noun and `s` unless given. */
export function formatCounted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** A share of a whole, 0 to 1: `12.3 %`, `<0.1 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return `<0.1${NO_BREAK_SPACE}%`;
  const percent = share * 100;
  const digits = percent >= 99.95 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1);
  return `${digits}${NO_BREAK_SPACE}%`;
}

/** A size: `12 B`, `3.4 kB`, `1.2 MB`, by thousands. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}${NO_BREAK_SPACE}B`;
  const unit = BYTE_UNITS.find(({ below }) => bytes < below) ?? BYTE_UNITS[2];
  return `${trimZeros(threeDigits(bytes / unit.bytes))}${NO_BREAK_SPACE}${unit.name}`;
}

const BYTE_UNITS = [
  { below: 999.5e3, bytes: 1e3, name: 'kB' },
  { below: 999.5e6, bytes: 1e6, name: 'MB' },
  { below: Infinity, bytes: 1e9, name: 'GB' },
] as const;

function formatLongDuration(nanos: number): string {
  const abs = Math.abs(nanos);
  const sign = nanos < 0 ? '-' : '';
  if (abs < NANOS_PER_HOUR - NANOS_PER_SECOND / 2)
    return sign + twoUnits(Math.round(abs / NANOS_PER_SECOND), 60, ['min', 's']);
  if (abs < NANOS_PER_DAY - NANOS_PER_MINUTE / 2)
    return sign + twoUnits(Math.round(abs / NANOS_PER_MINUTE), 60, ['h', 'min']);
  return sign + twoUnits(Math.round(abs / NANOS_PER_HOUR), 24, ['d', 'h']);
}

function twoUnits(total: number, factor: number, names: readonly [string, string]): string {
  const small = String(total % factor).padStart(names[0] === 'd' ? 1 : 2, '0');
  return [Math.floor(total / factor), names[0], small, names[1]].join(NO_BREAK_SPACE);
}

function threeDigits(value: number): string {
  const abs = Math.abs(value);
  if (abs < 9.995) return value.toFixed(2);
  return abs < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}
