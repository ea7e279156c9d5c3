import type { TimeRange } from './time-range.ts';

/** Evenly spaced moments of a ruler: `firstNs`, then every `stepNs`, `count` of them. */
export interface TimeTicks {
  readonly firstNs: number;
  readonly stepNs: number;
  readonly count: number;
}

const US = 1e3;
const MS = 1e6;
const S = 1e9;
const MINUTE = 60 * S;
const HOUR = 3600 * S;
const DAY = 24 * HOUR;
const NO_BREAK_SPACE = '\u00a0';

/** Above ten seconds people count in sixties, so the steps do too. */
const LONG_STEPS: readonly number[] = [
  ...[10, 15, 30].map((seconds) => seconds * S),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR),
];

/** Chooses round steps (1, 2, 5 × 10ⁿ; sixties above ten seconds), as many as fit at `minSpacingPx` apart. */
export function computeTicks(range: TimeRange, widthPx: number, minSpacingPx: number): TimeTicks {
  const length = range.endNs - range.startNs;
  const stepNs = roundStep((length * minSpacingPx) / Math.max(widthPx, 1));
  const firstNs = Math.ceil(range.startNs / stepNs) * stepNs;
  const count = Math.max(0, Math.floor((range.endNs - firstNs) / stepNs + 1e-9) + 1);
  return { firstNs, stepNs, count };
}

/**
 * Formats a tick with just the digits that tell it from its neighbours: `1.5 ms` at steps of 500 µs, `1.234567 ms` at
 * steps of a nanosecond.
 */
export function formatTick(ns: number, stepNs: number): string {
  if (Math.abs(ns) < stepNs / 2) return '0';
  if (Math.abs(ns) >= MINUTE) return formatLong(ns, stepNs);
  const [unitNs, unit] = unitOf(Math.abs(ns));
  const decimals = Math.max(0, Math.ceil(-Math.log10(stepNs / unitNs) - 1e-9));
  return `${(ns / unitNs).toFixed(Math.min(decimals, 9))}${NO_BREAK_SPACE}${unit}`;
}

function unitOf(ns: number): readonly [number, string] {
  if (ns >= S) return [S, 's'];
  if (ns >= MS) return [MS, 'ms'];
  return ns >= US ? [US, 'µs'] : [1, 'ns'];
}

function formatLong(ns: number, stepNs: number): string {
  const days = Math.floor(ns / DAY);
  const hours = Math.floor((ns % DAY) / HOUR);
  const minutes = Math.floor((ns % HOUR) / MINUTE);
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(stepNs / S) - 1e-9)));
  const seconds = (ns % MINUTE) / S;
  const parts = [
    days > 0 ? `${days} d` : '',
    hours > 0 ? `${hours} h` : '',
    minutes > 0 || (hours > 0 && seconds > 0) ? `${minutes} min` : '',
    seconds > 0 ? `${seconds.toFixed(decimals)} s` : '',
  ];
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .replaceAll(' ', NO_BREAK_SPACE);
}

function roundStep(atLeastNs: number): number {
  if (atLeastNs <= 1) return 1;
  const decade = 10 ** Math.floor(Math.log10(atLeastNs) + 1e-9);
  const step = [1, 2, 5, 10].map((one) => one * decade).find((one) => one >= atLeastNs - 1e-9);
  if (step !== undefined && step < 10 * S) return step;
  const long = LONG_STEPS.find((one) => one >= atLeastNs);
  return long ?? Math.ceil(atLeastNs / (24 * HOUR)) * 24 * HOUR;
}
