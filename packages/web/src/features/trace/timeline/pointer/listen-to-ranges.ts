import { isSameTimeRange, panTimeRange, timeRangeBetween } from '../../../../base/time-range.ts';
import type { TimeScale } from '../../../../base/time-scale.ts';
import { gripAt } from '../../../../canvas/minimap.ts';
import type { MinimapGrip } from '../../../../canvas/minimap.ts';
import { listenToDrags } from './pointer-drag.ts';
import type { DragHandler } from './pointer-drag.ts';
import type { TimelineContext } from '../timeline-context.ts';

/** Drag on the ruler draws up a range, which becomes the visible one on release. */
export function listenToRuler(context: TimelineContext): Disposable {
  const { elements, layout } = context;
  const stopHover = followTime(context, elements.ruler, () => layout.scale);
  const stopDrags = listenToDrags(elements.ruler, (start) =>
    draftRange(context, layout.scale.toNs(start.xPx), () => layout.scale),
  );
  return disposeBoth(stopHover, stopDrags);
}

/** On the minimap, drag moves the window or one of its edges; beside the window it draws up a new one. */
export function listenToMinimap(context: TimelineContext): Disposable {
  const { elements, layout } = context;
  const { minimap } = elements;
  const stopHover = followTime(context, minimap, () => layout.overviewScale);
  const onMove = (event: PointerEvent) => {
    if (event.buttons === 0) minimap.dataset['grip'] = gripUnder(context, event.offsetX);
  };
  minimap.addEventListener('pointermove', onMove);
  const stopDrags = listenToDrags(minimap, (start) => startMinimapDrag(context, start.xPx));
  return disposeBoth(disposeBoth(stopHover, stopDrags), {
    [Symbol.dispose]: () => minimap.removeEventListener('pointermove', onMove),
  });
}

function startMinimapDrag(context: TimelineContext, xPx: number): DragHandler {
  const { state, layout } = context;
  const scale = layout.overviewScale;
  const grip = gripUnder(context, xPx);
  const { startNs, endNs } = state.range.get();
  if (grip === 'outside') return draftRange(context, scale.toNs(xPx), () => scale);
  const onEnd = () => undefined;
  if (grip === 'window') {
    const onMove: DragHandler['onMove'] = (_, delta) => {
      const deltaNs = scale.toDurationNs(delta.xPx);
      state.setRange(panTimeRange(state.range.get(), deltaNs, state.bounds));
    };
    return { onMove, onEnd };
  }
  const fixedNs = grip === 'start' ? endNs : startNs;
  return {
    onMove: (point) => {
      state.setRange(
        timeRangeBetween(fixedNs, clampToBounds(context, scale.toNs(point.xPx)), state.bounds),
      );
    },
    onEnd,
  };
}

function gripUnder({ state, layout }: TimelineContext, xPx: number): MinimapGrip {
  const range = state.range.get();
  const visible = isSameTimeRange(range, state.bounds) ? undefined : range;
  return gripAt({ scale: layout.overviewScale, visible }, xPx);
}

function draftRange(
  context: TimelineContext,
  fromNs: number,
  scaleOf: () => TimeScale,
): DragHandler {
  const { state, animator } = context;
  const start = clampToBounds(context, fromNs);
  return {
    onMove: (point) => {
      const end = clampToBounds(context, scaleOf().toNs(point.xPx));
      state.draftRange.set({ startNs: Math.min(start, end), endNs: Math.max(start, end) });
    },
    onEnd: () => {
      const draft = state.draftRange.get();
      state.draftRange.set(undefined);
      if (draft !== undefined && draft.endNs > draft.startNs) {
        animator.moveTo(timeRangeBetween(draft.startNs, draft.endNs, state.bounds));
      }
    },
  };
}

/** Shows the pointer's time in all pictures at once, and takes a double click for "show all". */
function followTime(
  { state, animator }: TimelineContext,
  element: HTMLElement,
  scaleOf: () => TimeScale,
): Disposable {
  const controller = new AbortController();
  const { signal } = controller;
  element.addEventListener(
    'pointermove',
    (event) => state.hover.set({ timeNs: scaleOf().toNs(event.offsetX) }),
    { signal },
  );
  element.addEventListener('pointerleave', () => state.hover.set({}), { signal });
  element.addEventListener('dblclick', () => animator.moveTo(state.bounds), { signal });
  return { [Symbol.dispose]: () => controller.abort() };
}

function clampToBounds({ state }: TimelineContext, ns: number): number {
  return Math.min(Math.max(ns, state.bounds.startNs), state.bounds.endNs);
}

function disposeBoth(a: Disposable, b: Disposable): Disposable {
  return {
    [Symbol.dispose]: () => {
      a[Symbol.dispose]();
      b[Symbol.dispose]();
    },
  };
}
