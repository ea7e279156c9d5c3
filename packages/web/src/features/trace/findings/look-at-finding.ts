/** What can be done with findings, by pointer and by keyboard alike. */
import type { Finding } from '@clew/model';
import type { TimeRange } from '../../../base/time-range.ts';
import { clampTimeRange } from '../../../base/time-range.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { findNext } from '../../../trace/find-next.ts';
import { mainSpanOf } from '../../../trace/finding-spans.ts';

/** Opens a finding: marks its spans, selects the one to look at first, and answers the stretch of time they take. */
export function lookAtFinding(state: TraceState, finding: Finding): TimeRange | undefined {
  const view = state.view.get();
  state.insights.open(view, finding);
  const main = mainSpanOf(finding, view.durationsNs);
  if (main === undefined) return undefined;
  state.select(main);
  state.isDetailOpen.set(true);
  return rangeOfSpans(state, finding.spans);
}

/** Selects the next span of the finding that is looked at, in the order of the tree, going round. */
export function stepEvidence(state: TraceState, direction: 1 | -1): void {
  const marks = state.insights.evidence.get();
  if (marks === undefined) return;
  const { tree } = state.view.get();
  const next = findNext(tree, { marks, from: state.selection.get(), direction });
  if (next !== undefined) state.select(next);
}

export function toggleFindings({ insights, view }: TraceState): void {
  if (insights.findings.get() === undefined) insights.open(view.get());
  else insights.close(view.get());
}

/** From the first start to the last end, with a little around it. */
function rangeOfSpans(state: TraceState, spans: readonly number[]): TimeRange {
  let startNs = Number.POSITIVE_INFINITY;
  let endNs = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    const range = state.rangeOf(span);
    startNs = Math.min(startNs, range.startNs);
    endNs = Math.max(endNs, range.endNs);
  }
  const marginNs = Math.max((endNs - startNs) * 0.15, 50);
  return clampTimeRange({ startNs: startNs - marginNs, endNs: endNs + marginNs }, state.bounds);
}
