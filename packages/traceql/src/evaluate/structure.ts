/**
 * How spans are related in the tree of their trace. Right-hand spans are kept that stand in the relation to a left-hand one;
 * with `!` those that do to none; with `&` the left-hand ones of such pairs too. Linear in the number of spans for every relation:
 * a trace may be a chain of 50,000.
 */
import { unreachable } from '@clew/model';
import type { TraceTree } from '@clew/model';
import type { Relation, StructuralOperator } from '../syntax-tree.ts';

/** Spans by their index in the trace; 1 where a span is meant. */
export type SpanSet = Uint8Array;

export function relate(
  operator: StructuralOperator,
  tree: TraceTree,
  left: SpanSet,
  right: SpanSet,
): SpanSet {
  const { mode, relation } = split(operator);
  const related = markRelated(relation, tree, left);
  const kept = right.map((isMeant, index) => {
    const isRelated = related[index] === 1;
    return isMeant === 1 && isRelated === (mode !== '!') ? 1 : 0;
  });
  if (mode !== '&') return kept;
  const back = markRelated(INVERSE[relation], tree, right);
  return kept.map((isKept, index) =>
    isKept === 1 || (left[index] === 1 && back[index] === 1) ? 1 : 0,
  );
}

const INVERSE: Readonly<Record<Relation, Relation>> = {
  '>': '<',
  '<': '>',
  '>>': '<<',
  '<<': '>>',
  '~': '~',
};

function split(operator: StructuralOperator): {
  readonly mode: '' | '!' | '&';
  readonly relation: Relation;
} {
  const first = operator[0];
  const mode = first === '!' || first === '&' ? first : '';
  return { mode, relation: operator.slice(mode.length) as Relation };
}

/** The spans, whichever, that stand in the relation to one that is meant. */
function markRelated(relation: Relation, tree: TraceTree, meant: SpanSet): SpanSet {
  switch (relation) {
    case '>':
      return markChildren(tree, meant);
    case '>>':
      return markDescendants(tree, meant);
    case '<':
      return markParents(tree, meant);
    case '<<':
      return markAncestors(tree, meant);
    case '~':
      return markSiblings(tree, meant);
    default:
      return unreachable(relation);
  }
}

function markChildren({ parents }: TraceTree, meant: SpanSet): SpanSet {
  const marked = new Uint8Array(meant.length);
  parents.forEach((parent, index) => {
    if (parent >= 0) marked[index] = meant[parent] ?? 0;
  });
  return marked;
}

/** Parents come before their children in `order`. */
function markDescendants({ parents, order }: TraceTree, meant: SpanSet): SpanSet {
  const marked = new Uint8Array(meant.length);
  for (const index of order) {
    const parent = parents[index] ?? -1;
    if (parent >= 0 && (meant[parent] === 1 || marked[parent] === 1)) marked[index] = 1;
  }
  return marked;
}

function markParents({ parents }: TraceTree, meant: SpanSet): SpanSet {
  const marked = new Uint8Array(meant.length);
  parents.forEach((parent, index) => {
    if (parent >= 0 && meant[index] === 1) marked[parent] = 1;
  });
  return marked;
}

function markAncestors({ parents, order }: TraceTree, meant: SpanSet): SpanSet {
  const marked = new Uint8Array(meant.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const index = order[at] ?? 0;
    const parent = parents[index] ?? -1;
    if (parent >= 0 && (meant[index] === 1 || marked[index] === 1)) marked[parent] = 1;
  }
  return marked;
}

/** Roots are nobody's siblings, and no span is its own. */
function markSiblings({ parents }: TraceTree, meant: SpanSet): SpanSet {
  const counts = new Uint32Array(meant.length);
  parents.forEach((parent, index) => {
    if (parent >= 0 && meant[index] === 1) counts[parent] = (counts[parent] ?? 0) + 1;
  });
  return meant.map((isMeant, index) => {
    const parent = parents[index] ?? -1;
    return parent >= 0 && (counts[parent] ?? 0) > isMeant ? 1 : 0;
  });
}
