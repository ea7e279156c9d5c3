/**
 * The tree of a trace as typed arrays over the index of its spans. Iterative and linear, because traces come as chains
 * 50,000 deep and as parents of 100,000 children.
 *
 * A span whose parent is not in the trace (an orphan) is a root of its own, and so is one span of every cycle that a
 * broken sender made: every span is reached exactly once, whatever arrives.
 */
import { IdNumbers } from './id-numbers.ts';
import { MISSING_PARENT, NO_PARENT, findParents } from './span-parents.ts';
import type { Span, SpanKind } from './span.ts';

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
  const builder = new TraceTreeBuilder(spans.length);
  for (const span of spans) builder.add(span);
  return builder.finish();
}

/** The same span by span, so that who builds the tree of a large trace can do something else between. */
export class TraceTreeBuilder {
  readonly #numbers = new IdNumbers();
  readonly #ids: Int32Array;
  readonly #parentIds: Int32Array;
  readonly #called: Uint8Array;
  #count = 0;

  constructor(spanCount: number) {
    this.#ids = new Int32Array(spanCount);
    this.#parentIds = new Int32Array(spanCount);
    this.#called = new Uint8Array(spanCount);
  }

  add({ spanId, parentSpanId, kind }: TreeSpan): void {
    const index = this.#count++;
    this.#ids[index] = this.#numbers.numberOfHex(spanId);
    this.#parentIds[index] =
      parentSpanId === undefined ? -1 : this.#numbers.numberOfHex(parentSpanId);
    this.#called[index] = isCalled(kind) ? 1 : 0;
  }

  /** To be called when all spans are there; takes a fifth of the time. */
  finish(): TraceTree {
    return growTraceTree(
      findParents({
        ids: this.#ids,
        parentIds: this.#parentIds,
        called: this.#called,
        idCount: this.#numbers.count,
      }),
    );
  }
}

/** Whether a span is the called side of a call, whose caller may have its id. */
export function isCalled(kind: SpanKind): boolean {
  return kind === 'server' || kind === 'consumer';
}

/** The tree of spans that are ordered by start, from their parents as `findParents` gives them. */
export function growTraceTree(found: Int32Array): TraceTree {
  const parents = found.slice();
  const orphans: number[] = [];
  for (let index = 0; index < found.length; index++) {
    if (found[index] !== MISSING_PARENT) continue;
    orphans.push(index);
    parents[index] = NO_PARENT;
  }
  const { firstChild, nextSibling, roots } = linkChildren(parents);
  const { order, depths, maxDepth } = walk(roots, firstChild, nextSibling);
  return {
    parents,
    depths,
    order,
    descendantCounts: countDescendants(parents, order),
    roots,
    orphans,
    maxDepth,
  };
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

function countDescendants(parents: Int32Array, order: Uint32Array): Uint32Array {
  const counts = new Uint32Array(order.length);
  for (let i = order.length - 1; i >= 0; i--) {
    const index = order[i] ?? 0;
    const parent = parents[index] ?? NO_PARENT;
    if (parent >= 0) counts[parent] = (counts[parent] ?? 0) + (counts[index] ?? 0) + 1;
  }
  return counts;
}
