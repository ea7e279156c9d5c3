import type { TimeRange } from './time-range.ts';

/** A stretch of the screen in CSS pixels. */
export interface PxRange {
  readonly leftPx: number;
  readonly widthPx: number;
}

/**
 * The only place where time becomes pixels and back: a straight line that puts `range.startNs` at `leftPx` and
 * `range.endNs` at `leftPx + widthPx`. Immutable; zooming and panning change the range and make a new scale.
 *
 * Time is in nanoseconds since the trace's start, which a double holds exactly up to 104 days.
 */
export class TimeScale {
  readonly range: TimeRange;
  readonly px: PxRange;
  readonly pxPerNs: number;

  constructor(range: TimeRange, px: PxRange) {
    this.range = range;
    this.px = px;
    this.pxPerNs = px.widthPx / (range.endNs - range.startNs);
  }

  toPx(ns: number): number {
    return this.px.leftPx + (ns - this.range.startNs) * this.pxPerNs;
  }

  /** The width in pixels of a duration. */
  toWidthPx(durationNs: number): number {
    return durationNs * this.pxPerNs;
  }

  toNs(px: number): number {
    return this.range.startNs + (px - this.px.leftPx) / this.pxPerNs;
  }

  /** The duration that a width in pixels stands for. */
  toDurationNs(widthPx: number): number {
    return widthPx / this.pxPerNs;
  }
}
