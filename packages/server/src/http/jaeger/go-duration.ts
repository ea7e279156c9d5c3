import { durationNano } from '@clew/model';
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
