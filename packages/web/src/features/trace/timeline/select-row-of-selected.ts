import type { TraceState } from '../../../state/trace-state.ts';

/** Takes the selection along to the row that hides what is selected, if one does now. */
export function selectRowOfSelected(state: TraceState): void {
  const selected = state.selection.get();
  if (selected === undefined) return;
  const { rows } = state.folding.get();
  state.select(rows.spanIndexes[rows.rowOfSpan[selected] ?? 0] ?? selected);
}
