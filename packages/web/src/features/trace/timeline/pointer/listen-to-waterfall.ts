import { panTimeRange, zoomTimeRange } from '../../../../base/time-range.ts';
import { hitTestWaterfall } from '../../../../canvas/hit-test.ts';
import type { WaterfallHit } from '../../../../canvas/hit-test.ts';
import { listenToDrags } from './pointer-drag.ts';
import type { TimelineContext } from '../timeline-context.ts';

interface Point {
  readonly xPx: number;
  readonly yPx: number;
}

/** Hover, click, drag to pan, two fingers to zoom, double click to see all. */
export function listenToWaterfall(context: TimelineContext): Disposable {
  const { elements, state, layout, animator } = context;
  const { waterfall } = elements;
  const controller = new AbortController();
  const { signal } = controller;
  let pointer: Point | undefined;

  const updateHover = () => {
    if (pointer === undefined) return;
    const hit = hitTest(context, pointer);
    const isOnSomething = hit !== undefined && (hit.isOnBar || hit.event !== undefined);
    waterfall.dataset['over'] = isOnSomething ? 'bar' : 'ground';
    state.hover.set({
      spanIndex: hit?.spanIndex,
      event: hit?.event,
      timeNs: layout.scale.toNs(pointer.xPx),
      at: isOnSomething ? 'bar' : 'ground',
    });
  };
  waterfall.addEventListener(
    'pointermove',
    (event) => {
      pointer = { xPx: event.offsetX, yPx: event.offsetY };
      updateHover();
    },
    { signal },
  );
  waterfall.addEventListener(
    'pointerleave',
    () => {
      pointer = undefined;
      state.hover.set({});
    },
    { signal },
  );
  waterfall.addEventListener('dblclick', () => animator.moveTo(state.bounds), { signal });
  const stopScroll = layout.scrollTopPx.subscribe(updateHover);
  const stopDrags = listenToDrags(waterfall, (start) => ({
    onMove: (_, delta) => {
      waterfall.dataset['over'] = 'drag';
      const range = state.range.get();
      const deltaNs = -layout.scale.toDurationNs(delta.xPx);
      state.setRange(panTimeRange(range, deltaNs, state.bounds));
      layout.scrollBy(-delta.yPx);
    },
    onEnd: (_, isClick) => {
      updateHover();
      if (isClick) click(context, start);
    },
  }));
  const stopPinch = listenToPinch(context);
  return {
    [Symbol.dispose]: () => {
      controller.abort();
      stopScroll();
      stopDrags[Symbol.dispose]();
      stopPinch[Symbol.dispose]();
    },
  };
}

/** A click on a bar opens its details; one beside it selects the row and no more, so that a double click opens nothing. */
function click(context: TimelineContext, point: Point): void {
  const { state } = context;
  const hit = hitTest(context, point);
  if (hit === undefined) return;
  state.selection.set(hit.spanIndex);
  if (hit.event !== undefined) state.tab.set('events');
  if (hit.isOnBar || hit.event !== undefined) state.isDetailOpen.set(true);
}

function hitTest({ state, layout }: TimelineContext, point: Point): WaterfallHit | undefined {
  return hitTestWaterfall(
    {
      view: state.view.get(),
      rows: state.folding.get().rows,
      window: layout.window,
      scale: layout.scale,
      widthPx: layout.sizes.get().waterfallWidthPx,
    },
    point,
  );
}

/** Two fingers: their distance zooms around their middle. */
function listenToPinch({ elements, state, layout }: TimelineContext): Disposable {
  const controller = new AbortController();
  const { signal } = controller;
  const { waterfall } = elements;
  const fingers = new Map<number, number>();
  waterfall.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'touch') fingers.set(event.pointerId, event.offsetX);
    },
    { signal },
  );
  waterfall.addEventListener(
    'pointermove',
    (event) => {
      if (!fingers.has(event.pointerId)) return;
      const before = [...fingers.values()];
      fingers.set(event.pointerId, event.offsetX);
      if (fingers.size !== 2) return;
      const [a = 0, b = 0] = before;
      const [c = 0, d = 0] = fingers.values();
      const factor = Math.max(Math.abs(a - b), 20) / Math.max(Math.abs(c - d), 20);
      const atNs = layout.scale.toNs((c + d) / 2);
      state.setRange(zoomTimeRange(state.range.get(), { atNs, factor }, state.bounds));
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const) {
    waterfall.addEventListener(end, (event) => fingers.delete(event.pointerId), { signal });
  }
  return { [Symbol.dispose]: () => controller.abort() };
}
