/** A stretch of time in nanoseconds since the trace's start; `endNs` is greater than `startNs`. */
export interface TimeRange {
  readonly startNs: number;
  readonly endNs: number;
}

/** Zooming in stops here: 20 ns across the screen shows single nanoseconds, and nothing is measured finer. */
export const MIN_RANGE_NS = 20;

/** The bounds of a trace; one that takes no time at all still gets a microsecond to be drawn in. */
export function boundsOf(durationNs: number): TimeRange {
  return { startNs: 0, endNs: durationNs > 0 ? Math.max(durationNs, MIN_RANGE_NS) : 1_000 };
}

/** Moves a range into the bounds, keeping its length where it can: shorter than the minimum grows, longer is cut. */
export function clampTimeRange(range: TimeRange, bounds: TimeRange): TimeRange {
  const longest = bounds.endNs - bounds.startNs;
  const length = Math.min(Math.max(range.endNs - range.startNs, MIN_RANGE_NS), longest);
  if (length >= longest) return bounds;
  const startNs = Math.min(Math.max(range.startNs, bounds.startNs), bounds.endNs - length);
  return { startNs, endNs: startNs + length };
}

/** Makes the range `factor` times as long (below 1 zooms in) around `atNs`, which keeps its place on the screen. */
export function zoomTimeRange(
  range: TimeRange,
  zoom: { readonly atNs: number; readonly factor: number },
  bounds: TimeRange,
): TimeRange {
  const length = range.endNs - range.startNs;
  const longest = bounds.endNs - bounds.startNs;
  const newLength = Math.min(Math.max(length * zoom.factor, MIN_RANGE_NS), longest);
  const startNs = zoom.atNs - (zoom.atNs - range.startNs) * (newLength / length);
  return clampTimeRange({ startNs, endNs: startNs + newLength }, bounds);
}

/** Shifts the range by `deltaNs`, as far as the bounds let it. */
export function panTimeRange(range: TimeRange, deltaNs: number, bounds: TimeRange): TimeRange {
  return clampTimeRange({ startNs: range.startNs + deltaNs, endNs: range.endNs + deltaNs }, bounds);
}

/** Puts two moments, in whichever order, into a range within the bounds. */
export function timeRangeBetween(aNs: number, bNs: number, bounds: TimeRange): TimeRange {
  return clampTimeRange({ startNs: Math.min(aNs, bNs), endNs: Math.max(aNs, bNs) }, bounds);
}

/** Moves the range the least that brings `target` into it; a target longer than the range shows its beginning. */
export function revealInTimeRange(
  range: TimeRange,
  target: TimeRange,
  bounds: TimeRange,
): TimeRange {
  if (target.endNs >= range.startNs && target.startNs <= range.endNs) return range;
  const length = range.endNs - range.startNs;
  const margin = length * 0.1;
  const startNs =
    target.endNs - target.startNs > length - 2 * margin
      ? target.startNs - margin
      : (target.startNs + target.endNs - length) / 2;
  return clampTimeRange({ startNs, endNs: startNs + length }, bounds);
}

/** True when both show the same, to within a thousandth of a range. */
export function isSameTimeRange(a: TimeRange, b: TimeRange): boolean {
  const tolerance = (a.endNs - a.startNs) / 1_000;
  return Math.abs(a.startNs - b.startNs) <= tolerance && Math.abs(a.endNs - b.endNs) <= tolerance;
}
