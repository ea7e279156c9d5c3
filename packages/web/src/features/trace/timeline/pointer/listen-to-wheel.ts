import { panTimeRange, zoomTimeRange } from '../../../../base/time-range.ts';
import type { TimelineContext } from '../timeline-context.ts';

/** Lines to pixels, for mice that count in lines. */
const LINE_PX = 16;

/** A notch of a mouse is 100 pixels and a step of a pinch is 3: both must feel like one step. */
const MAX_ZOOM_STEP_PX = 30;

/** Zooms by the `ctrl` or `⌘` key or a pinch (which browsers report as `ctrl`), pans sideways; up and down stays scrolling. */
export function listenToWheel({ elements, state, layout }: TimelineContext): Disposable {
  const controller = new AbortController();
  const onWheel = (event: WheelEvent) => {
    const unitPx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const range = state.range.get();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const delta = Math.min(Math.max(event.deltaY * unitPx, -MAX_ZOOM_STEP_PX), MAX_ZOOM_STEP_PX);
      const leftPx = elements.waterfall.getBoundingClientRect().left;
      const { scale } = layout;
      const atNs = Math.max(scale.toNs(event.clientX - leftPx), range.startNs);
      const zoom = { atNs, factor: Math.exp(delta * 0.01) };
      state.setRange(zoomTimeRange(range, zoom, state.bounds));
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    const deltaNs = layout.scale.toDurationNs(sideways * unitPx);
    state.setRange(panTimeRange(range, deltaNs, state.bounds));
  };
  elements.root.addEventListener('wheel', onWheel, { passive: false, signal: controller.signal });
  return { [Symbol.dispose]: () => controller.abort() };
}
