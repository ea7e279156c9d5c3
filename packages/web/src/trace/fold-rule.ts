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
  return collapseWhere(tree, (index) => {
    const parent = tree.parents[index] ?? -1;
    return parent >= 0 && serviceIndexes[parent] !== serviceIndexes[index];
  });
}

function collapseInsides({ tree, serviceIndexes }: TraceView): CollapsedSpans {
  const reachesOthers = new Uint8Array(tree.order.length);
  climb(tree, (index, parent) => {
    if (reachesOthers[index] === 1 || serviceIndexes[index] !== serviceIndexes[parent]) {
      reachesOthers[parent] = 1;
    }
  });
  return collapseWhere(tree, (index) => reachesOthers[index] !== 1);
}

function collapseService(view: TraceView, service: string): CollapsedSpans {
  const { tree, services, serviceIndexes } = view;
  const wanted = services.findIndex((one) => one.service === service);
  return collapseWhere(tree, (index) => serviceIndexes[index] === wanted);
}

function collapseBelow({ tree, durationsNs }: TraceView, durationNs: number): CollapsedSpans {
  const hasLong = new Uint8Array(tree.order.length);
  climb(tree, (index, parent) => {
    if (hasLong[index] === 1 || (durationsNs[index] ?? 0) >= durationNs) hasLong[parent] = 1;
  });
  return collapseWhere(tree, (index) => hasLong[index] !== 1);
}

/** Visits each span that has a parent after all that is below it. */
function climb({ order, parents }: TraceTree, visit: (index: number, parent: number) => void) {
  for (let position = order.length - 1; position >= 0; position--) {
    const index = order[position] ?? 0;
    const parent = parents[index] ?? -1;
    if (parent >= 0) visit(index, parent);
  }
}

function collapseWhere(
  { descendantCounts }: TraceTree,
  isWanted: (index: number) => boolean,
): CollapsedSpans {
  const collapsed = new Uint8Array(descendantCounts.length);
  for (let index = 0; index < collapsed.length; index++) {
    if ((descendantCounts[index] ?? 0) > 0 && isWanted(index)) collapsed[index] = 1;
  }
  return collapsed;
}
