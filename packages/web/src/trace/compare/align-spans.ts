/**
 * The spans of two traces as one tree: partners are one row, and what only one of the traces has stands where it happened,
 * below the same parent. Children go by the first trace's order; one that only the second has follows the sibling that it
 * followed there.
 *
 * No recursion, and no more than n log n.
 */
import { growTraceTree } from '@clew/model';
import type { ComparedSide, TraceComparison } from '@clew/model';

/** One row a span or pair, in the order of the tree. */
export interface AlignedSpans {
  /** The index in the first trace; -1 where only the second has it. */
  readonly baseIndexes: Int32Array;
  /** The index in the second trace; -1 where only the first has it. */
  readonly otherIndexes: Int32Array;
  readonly depths: Uint32Array;
  /** The row of each span of the first trace, and of the second. */
  readonly baseRows: Uint32Array;
  readonly otherRows: Uint32Array;
}

export function alignSpans({ base, other }: TraceComparison): AlignedSpans {
  const baseCount = base.partners.length;
  const nodes = orderNodes(base, other);
  const numberOfBase = new Uint32Array(baseCount);
  const numberOfOther = new Uint32Array(other.partners.length);
  nodes.forEach((node, number) => {
    if (node >= baseCount) {
      numberOfOther[node - baseCount] = number;
      return;
    }
    numberOfBase[node] = number;
    const partner = base.partners[node] ?? -1;
    if (partner >= 0) numberOfOther[partner] = number;
  });
  const parents = Int32Array.from(nodes, (node) => {
    const isOther = node >= baseCount;
    const parent = (isOther ? other.tree.parents[node - baseCount] : base.tree.parents[node]) ?? -1;
    if (parent < 0) return -1;
    return (isOther ? numberOfOther : numberOfBase)[parent] ?? -1;
  });
  const { order, depths } = growTraceTree(parents);
  return {
    ...toRows(order, { nodes, base, baseCount }),
    depths: order.map((number) => depths[number] ?? 0),
    ...findRows(order, { numberOfBase, numberOfOther }),
  };
}

/**
 * The nodes of the tree, in an order in which siblings stand as they are to be shown: the spans of the first trace by their
 * index, and those that only the second has behind them, by theirs.
 */
function orderNodes(base: ComparedSide, other: ComparedSide): Uint32Array {
  const baseCount = base.partners.length;
  const anchors = findAnchors(other);
  const extra = other.partners.reduce((count, partner) => count + (partner < 0 ? 1 : 0), 0);
  const added = new Uint32Array(extra);
  let count = 0;
  other.partners.forEach((partner, index) => {
    if (partner < 0) added[count++] = index;
  });
  // Sorting is stable: those behind the same sibling keep their order.
  added.sort((a, b) => (anchors[a] ?? -1) - (anchors[b] ?? -1));
  const nodes = new Uint32Array(baseCount + extra);
  let at = 0;
  let next = 0;
  for (let index = -1; index < baseCount; index++) {
    if (index >= 0) nodes[at++] = index;
    for (; next < extra && anchors[added[next] ?? 0] === index; next++)
      nodes[at++] = baseCount + (added[next] ?? 0);
  }
  return nodes;
}

/** Of each span that only the second trace has: the partner of the sibling before it; -1 where there is none. */
function findAnchors(other: ComparedSide): Int32Array {
  const anchors = new Int32Array(other.partners.length).fill(-1);
  const lastPartners = new Int32Array(other.partners.length + 1).fill(-1);
  other.partners.forEach((partner, index) => {
    const parent = (other.tree.parents[index] ?? -1) + 1;
    const last = lastPartners[parent] ?? -1;
    if (partner < 0) anchors[index] = last;
    // Of siblings that changed places, the later one is where the next is put behind.
    else lastPartners[parent] = Math.max(last, partner);
  });
  return anchors;
}

function toRows(
  order: Uint32Array,
  {
    nodes,
    base,
    baseCount,
  }: {
    readonly nodes: Uint32Array;
    readonly base: ComparedSide;
    readonly baseCount: number;
  },
): Pick<AlignedSpans, 'baseIndexes' | 'otherIndexes'> {
  const baseIndexes = new Int32Array(order.length).fill(-1);
  const otherIndexes = new Int32Array(order.length).fill(-1);
  order.forEach((number, row) => {
    const node = nodes[number] ?? 0;
    if (node < baseCount) {
      baseIndexes[row] = node;
      otherIndexes[row] = base.partners[node] ?? -1;
    } else {
      otherIndexes[row] = node - baseCount;
    }
  });
  return { baseIndexes, otherIndexes };
}

function findRows(
  order: Uint32Array,
  {
    numberOfBase,
    numberOfOther,
  }: { readonly numberOfBase: Uint32Array; readonly numberOfOther: Uint32Array },
): Pick<AlignedSpans, 'baseRows' | 'otherRows'> {
  const rowOfNumber = new Uint32Array(order.length);
  order.forEach((number, row) => (rowOfNumber[number] = row));
  return {
    baseRows: numberOfBase.map((number) => rowOfNumber[number] ?? 0),
    otherRows: numberOfOther.map((number) => rowOfNumber[number] ?? 0),
  };
}
