import { shownPath } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';
import { rowElementId } from './tree-row-element.ts';
import { TreeRows } from './tree-rows.ts';

/** Rows are written once nothing has moved for so long: who reads them reads what has come to rest. */
const REST_MS = 80;

/** Keeps the rows of the tree in step with the stores, a moment behind the picture. */
export function mountTree({ elements, state, layout, matches }: TimelineContext): Disposable {
  const rows = new TreeRows(elements.rows);
  const write = () => {
    const selectedSpan = state.selection.get();
    rows.draw({
      view: state.view.get(),
      ...state.folding.get(),
      window: layout.window,
      selectedSpan,
      matches: matches.get(),
      path: shownPath(state),
      evidence: state.insights.evidence.get(),
    });
    const { scroller } = elements;
    scroller.setAttribute('aria-rowcount', String(layout.window.rowCount));
    if (selectedSpan === undefined) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', rowElementId(selectedSpan));
  };
  const { view, folding, selection } = state;
  const { insight, path, evidence } = state.insights;
  const seen = [view, folding, selection, insight, path, evidence, matches];
  const written = [...seen, layout.sizes, layout.scrollTopPx];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  };
  const stops = written.map((store) => store.subscribe(writeSoon));
  write();
  return {
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    },
  };
}
