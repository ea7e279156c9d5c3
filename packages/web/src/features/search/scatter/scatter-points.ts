import type { TraceSummaryJson } from '@clew/api';
import { msFromNanos } from '../../../state/search-state.ts';

/** One trace as a point: when its matching span started, and how long the whole trace took. */
export interface ScatterPoint {
  readonly trace: TraceSummaryJson;
  readonly unixMs: number;
  /** At least 1, which a logarithmic axis can show. */
  readonly durationNs: number;
}

export interface ScatterRange {
  readonly startMs: number;
  readonly endMs: number;
}

/** The points, oldest first. */
export function toScatterPoints(traces: readonly TraceSummaryJson[]): readonly ScatterPoint[] {
  const points = traces.map((trace) => ({
    trace,
    unixMs: msFromNanos(trace.matchedStartUnixNano),
    durationNs: Math.max(1, Number(trace.durationNano)),
  }));
  return points.sort((a, b) => a.unixMs - b.unixMs);
}

/**
 * The stretch of time the points speak for. Traces come newest first, so when there are more of them than were loaded the
 * picture begins at the oldest one loaded: left of it would look empty and is only unknown.
 */
export function scatterRange(
  points: readonly ScatterPoint[],
  searched: ScatterRange,
  hasMore: boolean,
): ScatterRange {
  const oldest = points[0];
  if (!hasMore || oldest === undefined) return searched;
  const startMs = Math.max(searched.startMs, oldest.unixMs);
  const margin = (searched.endMs - startMs) * 0.01;
  return { startMs: startMs - margin, endMs: searched.endMs };
}

/** The durations to show, with room above and below, at least a decade in all. */
export function durationRange(points: readonly ScatterPoint[]): readonly [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const { durationNs } of points) {
    min = Math.min(min, durationNs);
    max = Math.max(max, durationNs);
  }
  if (max === 0) return [1e6, 1e9];
  const missing = Math.max(1, 10 / (max / min));
  const room = 1.6 * Math.sqrt(missing);
  return [min / room, max * room];
}
