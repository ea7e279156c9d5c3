import { TraceTreeBuilder, buildTraceTree } from '@clew/model';
import type { Span, Trace, TraceTree } from '@clew/model';
import type { MatchBudget } from './match-budget.ts';
import { isPause } from './pausable.ts';
import type { Pausable } from './pausable.ts';

/** A trace, and what follows from it as a whole; computed when it is first asked for. */
export class TraceContext {
  readonly trace: Trace;
  /** Of the query, which other traces spend as well. */
  readonly matchBudget: MatchBudget;
  #tree: TraceTree | undefined;
  /** -1 where there is none. */
  #rootIndex: number | undefined;
  #childCounts: Uint32Array | undefined;
  #nestedSets: NestedSets | undefined;
  #durationNano: bigint | undefined;

  constructor(trace: Trace, matchBudget: MatchBudget) {
    this.trace = trace;
    this.matchBudget = matchBudget;
  }

  get spans(): readonly Span[] {
    return this.trace.spans;
  }

  get tree(): TraceTree {
    this.#tree ??= buildTraceTree(this.spans);
    return this.#tree;
  }

  /** The same, with pauses. */
  *growTree(): Pausable<TraceTree> {
    if (this.#tree !== undefined) return this.#tree;
    const builder = new TraceTreeBuilder(this.spans.length);
    for (const [i, span] of this.spans.entries()) {
      if (isPause(i)) yield;
      builder.add(span);
    }
    this.#tree = builder.finish();
    return this.#tree;
  }

  /** The earliest span that names no parent. */
  get rootSpan(): Span | undefined {
    this.#rootIndex ??= this.spans.findIndex((span) => span.parentSpanId === undefined);
    return this.spans[this.#rootIndex];
  }

  /** From the earliest start to the latest end. */
  get durationNano(): bigint {
    this.#durationNano ??= computeDuration(this.spans);
    return this.#durationNano;
  }

  get childCounts(): Uint32Array {
    this.#childCounts ??= countChildren(this.tree);
    return this.#childCounts;
  }

  get nestedSets(): NestedSets {
    this.#nestedSets ??= numberNestedSets(this.tree, this.spans);
    return this.#nestedSets;
  }
}

/**
 * Each span's interval on a walk through the tree that counts coming and going from 1, and its parent's left end, -1 for a
 * span that names no parent. Spans that hang together with no such span, below an orphan or in a circle, have 0 everywhere.
 */
export interface NestedSets {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
}

function computeDuration(spans: readonly Span[]): bigint {
  const [first] = spans;
  if (first === undefined) return 0n;
  let start: bigint = first.startUnixNano;
  let end = start;
  for (const span of spans) {
    if (span.startUnixNano < start) start = span.startUnixNano;
    const spanEnd = span.startUnixNano + span.durationNano;
    if (spanEnd > end) end = spanEnd;
  }
  return end - start;
}

function countChildren({ parents }: TraceTree): Uint32Array {
  const counts = new Uint32Array(parents.length);
  for (const parent of parents) {
    if (parent >= 0) counts[parent] = (counts[parent] ?? 0) + 1;
  }
  return counts;
}

function numberNestedSets(tree: TraceTree, spans: readonly Span[]): NestedSets {
  const { order, depths, descendantCounts, parents } = tree;
  const left = new Int32Array(order.length);
  const right = new Int32Array(order.length);
  const parent = new Int32Array(order.length);
  let entered = 0;
  let isConnected = true;
  order.forEach((index) => {
    const depth = depths[index] ?? 0;
    if (depth === 0) isConnected = spans[index]?.parentSpanId === undefined;
    if (!isConnected) return;
    // Each span that was entered counts once, and once more when it was left: those are not among the ancestors.
    const number = 2 * entered - depth + 1;
    left[index] = number;
    right[index] = number + 2 * (descendantCounts[index] ?? 0) + 1;
    const above = parents[index] ?? -1;
    // The server's side of a shared id hangs below the client's, and names no parent all the same.
    const isRoot = spans[index]?.parentSpanId === undefined;
    parent[index] = isRoot ? -1 : (left[above] ?? 0);
    entered++;
  });
  return { left, right, parent };
}
