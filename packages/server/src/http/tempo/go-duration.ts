const SECOND = 1_000_000_000n;
/** Of what is shorter than a second. */
const UNITS = [
  ['ms', 1_000_000n],
  ['\u00b5s', 1000n],
  ['ns', 1n],
] as const;

/** A duration in nanoseconds as Go prints it: `1m30.5s`, `20ms`, `0s`. */
export function formatGoDuration(nanos: bigint): string {
  if (nanos < 0n) return `-${formatGoDuration(-nanos)}`;
  if (nanos === 0n) return '0s';
  if (nanos < SECOND) {
    const [name, unit] = UNITS.find(([, unit]) => nanos >= unit) ?? UNITS[2];
    return `${formatDecimal(nanos, unit)}${name}`;
  }
  const minutes = nanos / (60n * SECOND);
  const seconds = `${formatDecimal(nanos % (60n * SECOND), SECOND)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** So many units, without zeros at the end. */
function formatDecimal(nanos: bigint, unit: bigint): string {
  const rest = nanos % unit;
  if (rest === 0n) return String(nanos / unit);
  const digits = String(rest).padStart(String(unit).length - 1, '0');
  return `${nanos / unit}.${digits.replace(/0+$/, '')}`;
}
