/** Nanoseconds of each unit, the largest first. */
const UNITS: Readonly<Record<string, bigint>> = {
  y: 31_536_000_000_000_000n,
  w: 604_800_000_000_000n,
  d: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
};

const PART = /(?:(\d+)(?:\.(\d+))?|\.(\d+))(ns|us|µs|μs|ms|s|m|h|d|w|y)/gy;
const PRINTED = ['h', 'm', 's', 'ms', 'us', 'ns'];

/** Nanoseconds of a text such as `1h30m` or `1.5s`, cut to whole ones; `undefined` when it is none. */
export function parseDuration(text: string): bigint | undefined {
  let nanos = 0n;
  let end = 0;
  for (const [part, whole = '', decimals, alone, unit = ''] of text.matchAll(PART)) {
    const fraction = decimals ?? alone ?? '';
    const unitNanos = UNITS[unit] ?? 0n;
    nanos += BigInt(whole) * unitNanos;
    nanos += (BigInt(fraction || '0') * unitNanos) / 10n ** BigInt(fraction.length);
    end += part.length;
  }
  return end > 0 && end === text.length ? nanos : undefined;
}

/** The shortest text of whole units that `parseDuration` reads as the same: `1m30s`. */
export function formatDuration(nanos: bigint): string {
  if (nanos < 0n) return `-${formatDuration(-nanos)}`;
  let text = '';
  let rest = nanos;
  for (const unit of PRINTED) {
    const unitNanos = UNITS[unit] ?? 1n;
    const count = rest / unitNanos;
    if (count > 0n) text += `${count}${unit}`;
    rest %= unitNanos;
  }
  return text === '' ? '0s' : text;
}
