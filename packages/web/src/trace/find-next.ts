import type { TraceTree } from '@clew/model';

export interface FindNextOptions {
  /** 1 for the spans that are looked for. */
  readonly marks: Uint8Array;
  /** The span to go on from; without one, from the beginning. */
  readonly from: number | undefined;
  readonly direction: 1 | -1;
}

/** The next marked span in the order of the tree, going round at its ends; `undefined` when none is marked. */
export function findNext({ order }: TraceTree, options: FindNextOptions): number | undefined {
  const { marks, from, direction } = options;
  const start = from === undefined ? (direction === 1 ? -1 : order.length) : order.indexOf(from);
  for (let step = 1; step <= order.length; step++) {
    const position = (start + direction * step + 2 * order.length) % order.length;
    const spanIndex = order[position] ?? 0;
    if (marks[spanIndex] === 1) return spanIndex;
  }
  return undefined;
}

/** Which of the marked spans, counted from 1 in the order of the tree, a span is; 0 when it is not marked. */
export function rankOfMark(
  { order }: TraceTree,
  marks: Uint8Array,
  spanIndex: number | undefined,
): number {
  if (spanIndex === undefined || marks[spanIndex] !== 1) return 0;
  let rank = 0;
  for (const index of order) {
    rank += marks[index] ?? 0;
    if (index === spanIndex) return rank;
  }
  return 0;
}
