import { CanvasSurface } from '../../../../canvas/canvas-surface.ts';
import { drawTree, hitTestTree } from '../../../../canvas/tree.ts';
import type { TreeHit, TreePlaces } from '../../../../canvas/tree.ts';
import { messages } from '../../../../messages/messages.ts';
import { pick } from '../../../../state/pick.ts';
import { setCollapsed } from '../../../../trace/collapse.ts';
import { drawOnChange } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';

/** Keeps the picture of the tree in step with the stores, and listens to what is pressed in it. */
export function mountTreePicture(context: TimelineContext): Disposable {
  const { elements, state, layout, scheduler, theme, text, matches } = context;
  const surface = new CanvasSurface(elements.treePicture);
  let places: TreePlaces | undefined;
  const draw = () => {
    const { treeWidthPx: widthPx, heightPx } = layout.sizes.get();
    surface.resize({ widthPx, heightPx, devicePixelRatio });
    places = drawTree(surface.begin(), {
      view: state.view.get(),
      ...state.folding.get(),
      window: layout.window,
      widthPx,
      theme: theme.get(),
      text,
      selectedSpan: state.selection.get(),
      hoverSpan: state.hover.get().spanIndex,
      matches: matches.get(),
      evidence: state.insights.evidence.get(),
      words: messages.trace,
    });
    const { baseDepth } = places.indent;
    const note = baseDepth > 0 ? messages.trace.fromDepth(baseDepth + 1) : '';
    if (elements.depth.textContent !== note) elements.depth.textContent = note;
  };
  const { view, folding, selection, hover } = state;
  // The pointer's time changes with each frame of a zoom, and the tree has nothing of it.
  const hoverSpan = pick(hover, ({ spanIndex }) => spanIndex);
  const seen = [view, folding, selection, hoverSpan, state.insights.evidence, matches];
  const drawn = drawOnChange(scheduler, [...seen, layout.sizes, layout.scrollTopPx, theme], draw);
  const listening = listenToTree(context, (point) => {
    const { rows, collapsed } = folding.get();
    if (places === undefined) return undefined;
    return hitTestTree({ view: view.get(), rows, collapsed, window: layout.window }, places, point);
  });
  return {
    [Symbol.dispose]: () => {
      drawn[Symbol.dispose]();
      listening[Symbol.dispose]();
    },
  };
}

type HitTest = (point: { readonly xPx: number; readonly yPx: number }) => TreeHit | undefined;

/** A click on a caret folds, one on a row opens its details, a double click zooms to the span. */
function listenToTree(
  { elements, state, animator }: TimelineContext,
  hitTest: HitTest,
): Disposable {
  const controller = new AbortController();
  const { signal } = controller;
  const { tree } = elements;
  const hitOf = (event: MouseEvent) => {
    const box = tree.getBoundingClientRect();
    return hitTest({ xPx: event.clientX - box.left, yPx: event.clientY - box.top });
  };
  const onClick = (event: MouseEvent) => {
    const hit = hitOf(event);
    if (hit === undefined) return;
    const { spanIndex } = hit;
    if (hit.isOnFold) {
      const { collapsed } = state.folding.get();
      state.setCollapsed(setCollapsed(collapsed, spanIndex, collapsed[spanIndex] !== 1));
      return;
    }
    state.select(spanIndex);
    state.isDetailOpen.set(true);
  };
  const onDoubleClick = (event: MouseEvent) => {
    const hit = hitOf(event);
    if (hit?.isOnFold === false) animator.moveTo(state.closeRangeOf(hit.spanIndex));
  };
  const onMove = (event: PointerEvent) => {
    const hit = hitOf(event);
    tree.dataset['over'] = hit?.isOnFold === true ? 'fold' : 'row';
    if (hit?.spanIndex !== state.hover.get().spanIndex) {
      state.hover.set({ spanIndex: hit?.spanIndex });
    }
  };
  tree.addEventListener('click', onClick, { signal });
  tree.addEventListener('dblclick', onDoubleClick, { signal });
  tree.addEventListener('pointermove', onMove, { signal });
  tree.addEventListener('pointerleave', () => state.hover.set({}), { signal });
  return { [Symbol.dispose]: () => controller.abort() };
}
