import { CanvasSurface } from '../../../../canvas/canvas-surface.ts';
import { chooseTicks, drawRuler } from '../../../../canvas/ruler.ts';
import { drawWaterfall } from '../../../../canvas/waterfall.ts';
import { pick } from '../../../../state/pick.ts';
import { drawOnChange, shownPath } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';
import { RULER_HEIGHT_PX } from '../timeline-layout.ts';

/** Keeps the waterfall's canvas in step with the stores. */
export function mountWaterfall(context: TimelineContext): Disposable {
  const { elements, state, layout, scheduler, theme, text } = context;
  const surface = new CanvasSurface(elements.waterfall);
  const draw = () => {
    const { waterfallWidthPx: widthPx, heightPx } = layout.sizes.get();
    surface.resize({ widthPx, heightPx, devicePixelRatio });
    const { rows, collapsed } = state.folding.get();
    const hover = state.hover.get();
    const rowOf = (spanIndex: number | undefined) =>
      spanIndex === undefined ? undefined : rows.rowOfSpan[spanIndex];
    const { scale } = layout;
    const canvas = surface.begin();
    const shared = { scale, widthPx, theme: theme.get(), text };
    drawWaterfall(canvas, {
      ...shared,
      view: state.view.get(),
      rows,
      collapsed,
      path: shownPath(state),
      evidence: state.insights.evidence.get(),
      window: layout.window,
      ticks: chooseTicks(canvas, shared),
      hoverRow: rowOf(hover.spanIndex),
      selectedRow: rowOf(state.selection.get()),
      cursorPx: hover.timeNs === undefined ? undefined : scale.toPx(hover.timeNs),
      draft: state.draftRange.get(),
    });
  };
  const { view, folding, range, selection, hover, draftRange } = state;
  const { insight, path, evidence } = state.insights;
  const { sizes, scrollTopPx } = layout;
  const seen = [view, folding, range, selection, hover, draftRange, insight, path, evidence];
  const drawn = [...seen, sizes, scrollTopPx, theme];
  return drawOnChange(scheduler, drawn, draw);
}

/** Keeps the ruler's canvas in step with the stores. */
export function mountRuler(context: TimelineContext): Disposable {
  const { elements, state, layout, scheduler, theme, text } = context;
  const surface = new CanvasSurface(elements.ruler);
  const draw = () => {
    const { waterfallWidthPx: widthPx } = layout.sizes.get();
    surface.resize({ widthPx, heightPx: RULER_HEIGHT_PX, devicePixelRatio });
    const { timeNs } = state.hover.get();
    const { scale } = layout;
    const canvas = surface.begin();
    const shared = { scale, widthPx, theme: theme.get(), text };
    drawRuler(canvas, {
      ...shared,
      ticks: chooseTicks(canvas, shared),
      heightPx: RULER_HEIGHT_PX,
      cursorPx: timeNs === undefined ? undefined : scale.toPx(timeNs),
      draft: state.draftRange.get(),
    });
  };
  const { range, hover, draftRange } = state;
  // What is under the pointer changes with each frame of a scroll, and the ruler has nothing of it.
  const hoverTime = pick(hover, ({ timeNs }) => timeNs);
  return drawOnChange(scheduler, [range, hoverTime, draftRange, layout.sizes, theme], draw);
}
