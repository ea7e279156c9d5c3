import type { TraceState } from '../../state/trace-state.ts';
import { findNext } from '../../trace/find-next.ts';

/** Selects the next failed span in the order of the tree, folded away or not, and begins anew at the end. */
export function selectNextError(state: TraceState, direction: 1 | -1): void {
  const { tree, errors } = state.view.get();
  const next = findNext(tree, { marks: errors, from: state.selection.get(), direction });
  if (next !== undefined) state.select(next);
}
