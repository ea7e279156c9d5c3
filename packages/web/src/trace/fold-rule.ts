/** Rules that say which spans are folded, whatever is in the trace: by service, and by duration. Each is linear in the spans. */
import { unreachable } from '@clew/model';
import type { TraceTree } from '@clew/model';
import type { CollapsedSpans } from './span-rows.ts';
import type { TraceView } from './trace-view.ts';

/**
 * - `borders`: where another service begins, so that a service shows its own work and one row for each call of others.
 * - `insides`: what stays in one service, so that rows are left for what calls other services, and for what is called.
 * - `service`: every span of the service.
 * - `below`: what has only spans below it that take less than `durationNs`; none that takes as long is hidden.
 */
export type FoldRule =
  | { readonly type: 'borders' | 'insides' }
  | { readonly type: 'service'; readonly service: string }
  | { readonly type: 'below'; readonly durationNs: number };

/** Collapses what the rule says, and nothing else. */
export function collapseByRule(view: TraceView, rule: FoldRule): CollapsedSpans {
  switch (rule.type) {
    case 'borders':
      return collapseBorders(view);
    case 'insides':
      return collapseInsides(view);
    case 'service':
      return collapseService(view, rule.service);
    case 'below':
      return collapseBelow(view, rule.durationNs);
    default:
      return unreachable(rule);
  }
}

/** Whether the trace has a span of the service that a rule names. */
export function isRuleOf(view: TraceView, rule: FoldRule): boolean {
  if (rule.type !== 'service') return true;
  return view.services.some(({ service, spanCount }) => service === rule.service && spanCount > 0);
}

function collapseBorders({ tree, serviceIndexes }: TraceView): CollapsedSpans {
  return collapseMarked(tree, markBorders(tree, serviceIndexes), 1);
}

function collapseInsides({ tree, serviceIndexes }: TraceView): CollapsedSpans {
  return collapseMarked(tree, markAbove(tree, markBorders(tree, serviceIndexes)), 0);
}

function collapseService(view: TraceView, service: string): CollapsedSpans {
  const { tree, services, serviceIndexes } = view;
  const wanted = services.findIndex((one) => one.service === service);
  const marks = new Uint8Array(serviceIndexes.length);
  for (let index = 0; index < marks.length; index++) {
    if (serviceIndexes[index] === wanted) marks[index] = 1;
  }
  return collapseMarked(tree, marks, 1);
}

function collapseBelow({ tree, durationsNs }: TraceView, durationNs: number): CollapsedSpans {
  const marks = new Uint8Array(durationsNs.length);
  for (let index = 0; index < marks.length; index++) {
    if ((durationsNs[index] ?? 0) >= durationNs) marks[index] = 1;
  }
  return collapseMarked(tree, markAbove(tree, marks), 0);
}

/** Marks the spans whose parent is of another service. */
function markBorders({ parents }: TraceTree, serviceIndexes: Uint32Array): Uint8Array {
  const marks = new Uint8Array(parents.length);
  for (let index = 0; index < marks.length; index++) {
    const parent = parents[index] ?? -1;
    if (parent >= 0 && serviceIndexes[parent] !== serviceIndexes[index]) marks[index] = 1;
  }
  return marks;
}

/** Marks what has a marked span below it. */
function markAbove({ order, parents }: TraceTree, marks: Uint8Array): Uint8Array {
  const above = new Uint8Array(marks.length);
  for (let position = order.length - 1; position >= 0; position--) {
    const index = order[position] ?? 0;
    const parent = parents[index] ?? -1;
    if (parent >= 0 && (marks[index] === 1 || above[index] === 1)) above[parent] = 1;
  }
  return above;
}

/** Collapses the spans that have children and this mark. */
function collapseMarked(
  { descendantCounts }: TraceTree,
  marks: Uint8Array,
  mark: 0 | 1,
): CollapsedSpans {
  const collapsed = new Uint8Array(marks.length);
  for (let index = 0; index < collapsed.length; index++) {
    if (marks[index] === mark && (descendantCounts[index] ?? 0) > 0) collapsed[index] = 1;
  }
  return collapsed;
}
