/**
 * Which whole minutes a query looks at. Counters are known by the minute: at a moment they have counted the minutes that
 * ended by then. A window is as many whole minutes as fit its length best, at least one, up to its end; so a rate is the
 * exact count of these minutes by their length, and nothing is extrapolated.
 */

const MINUTE_MS = 60_000;

/** At each step: minutes since 1970, from the first to before the last. */
export interface MinuteWindows {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** Intervals of equal length, on whose borders all windows begin and end. */
export interface MinuteGrid {
  readonly firstMinute: number;
  readonly stepMinutes: number;
  readonly intervalCount: number;
}

export function windowsOf(
  timesMs: readonly number[],
  { offsetMs, rangeMs }: { readonly offsetMs: number; readonly rangeMs: number },
): MinuteWindows {
  const minuteCount = minutesOf(rangeMs);
  const to = endsOf(timesMs, offsetMs);
  return { from: to.map((minute) => minute - minuteCount), to };
}

/** The same first minute at all steps: that of `originMs`, before which no step is. */
export function growingWindowsOf(
  timesMs: readonly number[],
  { offsetMs, originMs }: { readonly offsetMs: number; readonly originMs: number },
): MinuteWindows {
  const first = Math.floor(originMs / MINUTE_MS);
  const to = endsOf(timesMs, offsetMs);
  return { from: to.map(() => first), to };
}

function endsOf(timesMs: readonly number[], offsetMs: number): readonly number[] {
  return timesMs.map((timeMs) => Math.floor((timeMs - offsetMs) / MINUTE_MS));
}

/** How many minutes a window of a length is. */
export function minutesOf(rangeMs: number): number {
  return Math.max(1, Math.round(rangeMs / MINUTE_MS));
}

export function gridOf({ from, to }: MinuteWindows): MinuteGrid {
  let [firstMinute, lastMinute] = [Infinity, -Infinity];
  for (const [i, minute] of from.entries()) {
    firstMinute = Math.min(firstMinute, minute);
    lastMinute = Math.max(lastMinute, to[i] ?? minute);
  }
  let stepMinutes = 0;
  for (const [i, minute] of from.entries()) {
    stepMinutes = greatestDivisor(stepMinutes, minute - firstMinute);
    stepMinutes = greatestDivisor(stepMinutes, (to[i] ?? minute) - firstMinute);
  }
  const intervalCount = Math.round((lastMinute - firstMinute) / stepMinutes);
  return { firstMinute, stepMinutes, intervalCount };
}

function greatestDivisor(a: number, b: number): number {
  let [larger, smaller] = [Math.max(a, b), Math.min(a, b)];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
