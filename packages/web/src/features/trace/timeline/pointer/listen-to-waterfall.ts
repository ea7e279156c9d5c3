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
  const stopRange = state.range.subscribe(updateHover);
  const pinch = listenToPinch(context);
  const stopDrags = listenToDrags(waterfall, (start) => ({
    onMove: (_, delta) => {
      if (pinch.fingerCount() > 1) return;
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
  return {
    [Symbol.dispose]: () => {
      controller.abort();
      stopScroll();
      stopDrags[Symbol.dispose]();
      stopRange();
      pinch[Symbol.dispose]();
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

interface Pinch extends Disposable {
  /** How many fingers are on the waterfall. */
  readonly fingerCount: () => number;
}

/** Two fingers: their distance zooms, their middle moves along. */
function listenToPinch({ elements, state, layout }: TimelineContext): Pinch {
  const controller = new AbortController();
  const { signal } = controller;
  const { waterfall } = elements;
  const fingers = new Map<number, number>();
  const onDown = (event: PointerEvent) => {
    if (event.pointerType === 'touch') fingers.set(event.pointerId, event.offsetX);
  };
  const onMove = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    const before = describePinch(fingers);
    fingers.set(event.pointerId, event.offsetX);
    if (fingers.size !== 2) return;
    const after = describePinch(fingers);
    const zoom = { atNs: layout.scale.toNs(before.middlePx), factor: before.spanPx / after.spanPx };
    state.setRange(zoomTimeRange(state.range.get(), zoom, state.bounds));
    const deltaNs = layout.scale.toDurationNs(before.middlePx - after.middlePx);
    state.setRange(panTimeRange(state.range.get(), deltaNs, state.bounds));
  };
  const onEnd = (event: PointerEvent) => fingers.delete(event.pointerId);
  waterfall.addEventListener('pointerdown', onDown, { signal });
  waterfall.addEventListener('pointermove', onMove, { signal });
  waterfall.addEventListener('pointerup', onEnd, { signal });
  waterfall.addEventListener('pointercancel', onEnd, { signal });
  return { fingerCount: () => fingers.size, [Symbol.dispose]: () => controller.abort() };
}

/** Fingers closer than this are taken for this far apart, or the zoom would leap. */
const MIN_PINCH_PX = 20;

function describePinch(fingers: ReadonlyMap<number, number>): {
  readonly middlePx: number;
  readonly spanPx: number;
} {
  const [a = 0, b = a] = fingers.values();
  return { middlePx: (a + b) / 2, spanPx: Math.max(Math.abs(a - b), MIN_PINCH_PX) };
}
