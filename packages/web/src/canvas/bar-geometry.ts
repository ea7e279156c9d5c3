/** Where bars lie, for drawing and for hit-testing alike: they never disagree. */
import type { TimeScale } from '../base/time-scale.ts';
import { lowerBound, upperBound } from '../base/binary-search.ts';
import { coveredUntil } from '../trace/child-coverage.ts';
import type { ChildCoverage } from '../trace/child-coverage.ts';
import type { TraceView } from '../trace/trace-view.ts';

/** Half a row's breathing space above and below a bar. */
export const BAR_HEIGHT_PX = 12;

/** Thinner bars would be hard to see and to hit. */
export const MIN_BAR_WIDTH_PX = 2;

/** Beyond the edges of the view nothing is drawn, but corners are, so bars are cut a little further out. */
const OVERDRAW_PX = 8;

/** A stretch of a row in CSS pixels. */
export interface Stretch {
  readonly leftPx: number;
  readonly rightPx: number;
}

export interface BarStretch extends Stretch {
  /** The span goes on beyond the left or right edge of the view. */
  readonly isCutLeft: boolean;
  readonly isCutRight: boolean;
}

/** Where the bar of a span is visible; `before` or `after` when the span is outside of the view. */
export function layoutBar(
  view: TraceView,
  spanIndex: number,
  scale: TimeScale,
  viewWidthPx: number,
): BarStretch | 'before' | 'after' {
  const offsetNs = view.offsetsNs[spanIndex] ?? 0;
  const startPx = scale.toPx(offsetNs);
  const endPx = Math.max(
    scale.toPx(offsetNs + (view.durationsNs[spanIndex] ?? 0)),
    startPx + MIN_BAR_WIDTH_PX,
  );
  if (endPx <= 0) return 'before';
  if (startPx >= viewWidthPx) return 'after';
  return {
    leftPx: Math.max(startPx, -OVERDRAW_PX),
    rightPx: Math.min(endPx, viewWidthPx + OVERDRAW_PX),
    isCutLeft: startPx < -1,
    isCutRight: endPx > viewWidthPx + 1,
  };
}

/** A share of self time is told in this many steps: finer ones could not be seen. */
const SHARE_STEPS = 8;

/** `selfShare` is 1 where the span itself was working, and between 0 and 1 where it and its children took turns. */
export type VisitSelfStretch = (stretch: Stretch, selfShare: number) => void;

/**
 * Walks the stretches of a bar in which the span itself was working. A bar may have 100,000 children: where they are
 * narrower than a pixel, the pixel gets its share of self time, so that a walk takes no more steps than the bar has
 * pixels and no child is lost between two of them.
 */
export function walkSelfStretches(
  coverage: ChildCoverage,
  spanIndex: number,
  { bar, scale }: { readonly bar: Stretch; readonly scale: TimeScale },
  visit: VisitSelfStretch,
): void {
  const { startsNs, endsNs } = coverage;
  const from = coverage.firsts[spanIndex] ?? 0;
  const to = coverage.firsts[spanIndex + 1] ?? 0;
  const { rightPx } = bar;
  const run = { leftPx: bar.leftPx, share: 0 };
  const finishRun = (untilPx: number, nextShare: number) => {
    if (nextShare === run.share) return;
    if (run.share > 0) visit({ leftPx: run.leftPx, rightPx: untilPx }, run.share);
    run.leftPx = untilPx;
    run.share = nextShare;
  };
  let atPx = bar.leftPx;
  while (atPx < rightPx) {
    const atNs = scale.toNs(atPx);
    const next = upperBound({ values: endsNs, from, to }, atNs);
    const coveredFromPx = next < to ? scale.toPx(startsNs[next] ?? 0) : rightPx;
    const coveredToPx = next < to ? scale.toPx(endsNs[next] ?? 0) : rightPx;
    if (coveredFromPx - atPx >= 1) {
      finishRun(atPx, 1);
      atPx = coveredFromPx;
    } else if (coveredFromPx <= atPx + 1e-6 && coveredToPx - atPx >= 1) {
      finishRun(atPx, 0);
      atPx = coveredToPx;
    } else {
      const untilNs = scale.toNs(atPx + 1);
      const coveredNs =
        coveredUntil(coverage, spanIndex, untilNs) - coveredUntil(coverage, spanIndex, atNs);
      const share = 1 - coveredNs / (untilNs - atNs);
      finishRun(atPx, Math.round(share * SHARE_STEPS) / SHARE_STEPS);
      atPx += 1;
    }
  }
  finishRun(rightPx, -1);
}

/** Marks nearer to each other than this are drawn as one. */
export const EVENT_SPACING_PX = 5;

/** Whether an event is within its span, or is drawn at the edge that it lies beyond. */
export type EventSide = 'within' | 'before' | 'after';

/**
 * Walks the events of a span that are in view, at most one per `EVENT_SPACING_PX`; those before or after the span are one at its edge.
 * `at` indexes the view's events.
 */
export function walkEvents(
  view: TraceView,
  spanIndex: number,
  { scale, viewWidthPx }: { readonly scale: TimeScale; readonly viewWidthPx: number },
  visit: (xPx: number, at: number, side: EventSide) => void,
): void {
  const { firsts, offsetsNs: values } = view.events;
  const from = firsts[spanIndex] ?? 0;
  const to = firsts[spanIndex + 1] ?? 0;
  if (from === to) return;
  const startNs = view.offsetsNs[spanIndex] ?? 0;
  const endNs = startNs + (view.durationsNs[spanIndex] ?? 0);
  const first = lowerBound({ values, from, to }, startNs);
  const end = upperBound({ values, from: first, to }, endNs);
  const visitEdge = (ns: number, at: number, side: EventSide) => {
    const xPx = scale.toPx(ns);
    if (xPx >= 0 && xPx <= viewWidthPx) visit(xPx, at, side);
  };
  if (first > from) visitEdge(startNs, first - 1, 'before');
  let at = lowerBound({ values, from: first, to: end }, scale.toNs(0));
  while (at < end) {
    const xPx = scale.toPx(values[at] ?? 0);
    if (xPx > viewWidthPx) return;
    visit(xPx, at, 'within');
    at = lowerBound({ values, from: at + 1, to: end }, scale.toNs(xPx + EVENT_SPACING_PX));
  }
  if (end < to) visitEdge(endNs, end, 'after');
}
