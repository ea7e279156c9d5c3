/**
 * Which span of one trace is which of another. From the roots down: below two spans that are partners, children of the
 * same service, name and kind become partners in the order they began. A span without a partner has none below it.
 *
 * Of such children, those at the front and at the back that look alike with all that is below them are paired first, and
 * the rest in order. So where one trace has a failed attempt more, the failed one is left over and not the last. Linear
 * in the spans, for chains and for wide parents.
 */
import type { MeasuredTrace } from './measured-trace.ts';
import { computeShapes } from './subtree-shapes.ts';

/** Over the index of the base's spans: the index of the partner in the other trace, -1 for none. */
export function matchSpans(base: MeasuredTrace, other: MeasuredTrace): Int32Array {
  return new Matcher(base, other).match();
}

class Matcher {
  readonly #base: MeasuredTrace;
  readonly #other: MeasuredTrace;
  readonly #baseShapes: Uint32Array;
  readonly #otherShapes: Uint32Array;
  readonly #partners: Int32Array;

  constructor(base: MeasuredTrace, other: MeasuredTrace) {
    this.#base = base;
    this.#other = other;
    this.#baseShapes = computeShapes(base);
    this.#otherShapes = computeShapes(other);
    this.#partners = new Int32Array(base.columns.spanCount).fill(-1);
  }

  match(): Int32Array {
    const otherRows = findRows(this.#other);
    this.#pairChildren(this.#base.tree.roots, this.#other.tree.roots);
    this.#base.tree.order.forEach((index, row) => {
      const partner = this.#partners[index] ?? -1;
      if (partner < 0) return;
      const children = listChildren(this.#base, row);
      this.#pairChildren(children, listChildren(this.#other, otherRows[partner] ?? 0));
    });
    return this.#partners;
  }

  /** Below partners, which are of one group, spans of the same service, name and kind are of one group, too. */
  #pairChildren(bases: readonly number[], others: readonly number[]): void {
    if (bases.length === 0 || others.length === 0) return;
    const othersByGroup = groupIndexes(others, this.#other.groupIds);
    for (const [groupId, siblings] of groupIndexes(bases, this.#base.groupIds))
      this.#pairSiblings(siblings, othersByGroup.get(groupId) ?? []);
  }

  #pairSiblings(bases: readonly number[], others: readonly number[]): void {
    const count = Math.min(bases.length, others.length);
    const surplus = others.length - bases.length;
    let front = 0;
    while (front < count && this.#looksAlike(bases[front], others[front])) front++;
    let back = bases.length;
    const leastBack = back - (count - front);
    while (back > leastBack && this.#looksAlike(bases[back - 1], others[back - 1 + surplus]))
      back--;
    bases.forEach((index, at) => {
      const isInFront = at < count - (bases.length - back);
      const partner = at >= back ? others[at + surplus] : isInFront ? others[at] : undefined;
      if (partner !== undefined) this.#partners[index] = partner;
    });
  }

  #looksAlike(base: number | undefined, other: number | undefined): boolean {
    return this.#baseShapes[base ?? 0] === this.#otherShapes[other ?? 0];
  }
}

function findRows({ tree }: MeasuredTrace): Uint32Array {
  const rows = new Uint32Array(tree.order.length);
  tree.order.forEach((index, row) => {
    rows[index] = row;
  });
  return rows;
}

/** The children of the span in `row`, by start. */
function listChildren({ tree: { order, descendantCounts } }: MeasuredTrace, row: number): number[] {
  const children: number[] = [];
  const end = row + (descendantCounts[order[row] ?? 0] ?? 0);
  for (let next = row + 1; next <= end;) {
    const child = order[next] ?? 0;
    children.push(child);
    next += 1 + (descendantCounts[child] ?? 0);
  }
  return children;
}

function groupIndexes(indexes: readonly number[], groupIds: Uint32Array): Map<number, number[]> {
  const indexesByGroup = new Map<number, number[]>();
  for (const index of indexes) {
    const groupId = groupIds[index] ?? 0;
    const indexes = indexesByGroup.get(groupId);
    if (indexes === undefined) indexesByGroup.set(groupId, [index]);
    else indexes.push(index);
  }
  return indexesByGroup;
}
