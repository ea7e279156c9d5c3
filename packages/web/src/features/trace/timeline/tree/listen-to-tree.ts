import { setCollapsed } from '../../../../trace/collapse.ts';
import type { TimelineContext } from '../timeline-context.ts';

/** In the tree, a click on a caret folds, one on a row opens its details, a double click zooms to the span. */
export function listenToTree({ elements, state, animator }: TimelineContext): Disposable {
  const controller = new AbortController();
  const { signal } = controller;
  const { rows } = elements;
  rows.addEventListener(
    'click',
    (event) => {
      const spanIndex = spanOf(event.target);
      if (spanIndex === undefined) return;
      if (isOn(event.target, '.tree-caret, .tree-hidden')) {
        const { collapsed } = state.folding.get();
        state.setCollapsed(setCollapsed(collapsed, spanIndex, collapsed[spanIndex] !== 1));
        return;
      }
      state.select(spanIndex);
      state.isDetailOpen.set(true);
    },
    { signal },
  );
  rows.addEventListener(
    'dblclick',
    (event) => {
      const spanIndex = spanOf(event.target);
      if (spanIndex === undefined || isOn(event.target, '.tree-caret, .tree-hidden')) return;
      animator.moveTo(state.closeRangeOf(spanIndex));
    },
    { signal },
  );
  rows.addEventListener(
    'pointermove',
    (event) => {
      const spanIndex = spanOf(event.target);
      if (spanIndex !== state.hover.get().spanIndex) state.hover.set({ spanIndex });
    },
    { signal },
  );
  rows.addEventListener('pointerleave', () => state.hover.set({}), { signal });
  return { [Symbol.dispose]: () => controller.abort() };
}

function spanOf(target: EventTarget | null): number | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>('.tree-row');
  return row === null ? undefined : Number(row.dataset['span']);
}

function isOn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
