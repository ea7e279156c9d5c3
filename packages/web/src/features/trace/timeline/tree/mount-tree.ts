import { drawOnChange, shownPath } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';
import { rowElementId } from './tree-row-element.ts';
import { TreeRows } from './tree-rows.ts';

/** Keeps the rows of the tree in step with the stores. */
export function mountTree(context: TimelineContext): Disposable {
  const { elements, state, layout, scheduler, matches } = context;
  const rows = new TreeRows(elements.rows, elements.depth);
  const draw = () => {
    const selectedSpan = state.selection.get();
    rows.draw({
      view: state.view.get(),
      ...state.folding.get(),
      window: layout.window,
      treeWidthPx: layout.sizes.get().treeWidthPx,
      selectedSpan,
      hoverSpan: state.hover.get().spanIndex,
      matches: matches.get(),
      path: shownPath(state),
      evidence: state.insights.evidence.get(),
    });
    const { scroller } = elements;
    scroller.setAttribute('aria-rowcount', String(layout.window.rowCount));
    if (selectedSpan === undefined) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', rowElementId(selectedSpan));
  };
  const { view, folding, selection, hover } = state;
  const { insight, path, evidence } = state.insights;
  const seen = [view, folding, selection, hover, insight, path, evidence, matches];
  const drawn = [...seen, layout.sizes, layout.scrollTopPx];
  return drawOnChange(scheduler, drawn, draw);
}
