/**
 * The tree of a trace as typed arrays over the index of its spans. Iterative and linear, because traces come as chains
 * 50,000 deep and as parents of 100,000 children.
 *
 * A span whose parent is not in the trace (an orphan) is a root of its own, and so is one span of every cycle that a
 * broken sender made: every span is reached exactly once, whatever arrives. Where a client and a server span share an
 * id (Zipkin), the server span is the client's child and children belong to the server span.
 */
import type { Span } from './span.ts';

export interface TraceTree {
  /** Index of the parent, -1 for a root. */
  readonly parents: Int32Array;
  /** Distance from the root. */
  readonly depths: Uint32Array;
  /** Indexes of all spans, parents before children, siblings by start: the order of the rows on the screen. */
  readonly order: Uint32Array;
  /** Number of spans below each span, at any depth. */
  readonly descendantCounts: Uint32Array;
  /** Indexes of the roots by start. */
  readonly roots: readonly number[];
  /** Roots that name a parent which is not in the trace. */
  readonly orphans: readonly number[];
  readonly maxDepth: number;
}

/** What the tree needs of a span. `spans` must be ordered by start, as `assembleTrace` leaves them. */
export type TreeSpan = Pick<Span, 'spanId' | 'parentSpanId' | 'kind'>;

export function buildTraceTree(spans: readonly TreeSpan[]): TraceTree {
  const { parents, orphans } = findParents(spans);
  breakCycles(parents);
  const { firstChild, nextSibling, roots } = linkChildren(parents);
  const { order, depths, maxDepth } = walk(roots, firstChild, nextSibling);
  const descendantCounts = new Uint32Array(spans.length);
  for (let i = order.length - 1; i >= 0; i--) {
    const index = order[i] ?? 0;
    const parent = parents[index] ?? -1;
    if (parent >= 0) {
      descendantCounts[parent] =
        (descendantCounts[parent] ?? 0) + (descendantCounts[index] ?? 0) + 1;
    }
  }
  return { parents, depths, order, descendantCounts, roots, orphans, maxDepth };
}

function findParents(spans: readonly TreeSpan[]): { parents: Int32Array; orphans: number[] } {
  const clientById = new Map<string, number>();
  const serverById = new Map<string, number>();
  spans.forEach((span, index) => {
    const byId = isCalled(span) ? serverById : clientById;
    if (!byId.has(span.spanId)) byId.set(span.spanId, index);
  });
  const parents = new Int32Array(spans.length).fill(-1);
  const orphans: number[] = [];
  spans.forEach((span, index) => {
    const shared = isCalled(span) ? clientById.get(span.spanId) : undefined;
    if (shared !== undefined) {
      parents[index] = shared;
      return;
    }
    if (span.parentSpanId === undefined) return;
    const parent = serverById.get(span.parentSpanId) ?? clientById.get(span.parentSpanId);
    if (parent === undefined) orphans.push(index);
    else if (parent !== index) parents[index] = parent;
  });
  return { parents, orphans };
}

function isCalled(span: TreeSpan): boolean {
  return span.kind === 'server' || span.kind === 'consumer';
}

/** Makes the first span of every cycle a root. Each span is walked once: `pass` remembers which walk saw it. */
function breakCycles(parents: Int32Array): void {
  const pass = new Int32Array(parents.length);
  for (let start = 0; start < parents.length; start++) {
    let index = start;
    while (index >= 0 && pass[index] === 0) {
      pass[index] = start + 1;
      index = parents[index] ?? -1;
    }
    if (index >= 0 && pass[index] === start + 1) parents[findFirstOfCycle(parents, index)] = -1;
  }
}

/** The walk may enter a cycle anywhere, from a span that hangs below it. */
function findFirstOfCycle(parents: Int32Array, entry: number): number {
  let first = entry;
  for (let index = parents[entry] ?? -1; index !== entry; index = parents[index] ?? -1) {
    first = Math.min(first, index);
  }
  return first;
}

interface Links {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly roots: number[];
}

function linkChildren(parents: Int32Array): Links {
  const firstChild = new Int32Array(parents.length).fill(-1);
  const nextSibling = new Int32Array(parents.length).fill(-1);
  const roots: number[] = [];
  for (let index = parents.length - 1; index >= 0; index--) {
    const parent = parents[index] ?? -1;
    if (parent < 0) {
      roots.push(index);
      continue;
    }
    nextSibling[index] = firstChild[parent] ?? -1;
    firstChild[parent] = index;
  }
  return { firstChild, nextSibling, roots: roots.reverse() };
}

function walk(
  roots: readonly number[],
  firstChild: Int32Array,
  nextSibling: Int32Array,
): { order: Uint32Array; depths: Uint32Array; maxDepth: number } {
  const order = new Uint32Array(firstChild.length);
  const depths = new Uint32Array(firstChild.length);
  const stack: number[] = [];
  let count = 0;
  let maxDepth = 0;
  for (const root of roots) {
    stack.push(root);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      order[count++] = index;
      const depth = depths[index] ?? 0;
      maxDepth = Math.max(maxDepth, depth);
      const sibling = nextSibling[index] ?? -1;
      if (sibling >= 0) {
        depths[sibling] = depth;
        stack.push(sibling);
      }
      const child = firstChild[index] ?? -1;
      if (child >= 0) {
        depths[child] = depth + 1;
        stack.push(child);
      }
    }
  }
  return { order, depths, maxDepth };
}
