import type { Dependencies } from './dependencies.ts';

/**
 * Which span kept a root from ending at each moment of it. The segments follow each other without a gap from its start to its end,
 * so their lengths add up to its duration; in a segment nothing that the span waits for is running.
 */
export interface CriticalPath {
  readonly root: number;
  readonly segmentCount: number;
  /** The span of each segment, ordered by time. */
  readonly spans: Uint32Array;
  /** Nanoseconds since the trace's start, of corrected clocks. */
  readonly fromsNs: Float64Array;
  readonly tosNs: Float64Array;
  /** 1 for spans on the path, with those that only wait for others or have no length; over the index of the span. */
  readonly isOnPath: Uint8Array;
}

/**
 * Goes back from the end of `root`: to the child that it waited for last, through that child, to the sibling that this one
 * waited for last, and so on. Linear in the spans on the path. Any span can be the root, one on no other's path, too.
 */
export function findCriticalPath(dependencies: Dependencies, root: number): CriticalPath {
  const { firsts, awaited, awaitedCounts, waitCounts } = dependencies;
  const { windowStartsNs, windowEndsNs } = dependencies;
  const path = new PathBuilder();
  const isOnPath = new Uint8Array(windowEndsNs.length);
  isOnPath[root] = 1;
  /** The spans that are open, outermost first, and how many of the children of each may still be on the path. */
  const open = [root];
  const lefts = [awaitedCounts[root] ?? 0];
  let toNs = windowEndsNs[root] ?? 0;
  while (open.length > 0) {
    const depth = open.length - 1;
    const span = open[depth] ?? 0;
    const left = lefts[depth] ?? 0;
    if (left === 0) {
      const startNs = windowStartsNs[span] ?? 0;
      path.add(span, startNs, toNs);
      toNs = startNs;
      open.pop();
      lefts.pop();
    } else {
      const child = awaited[(firsts[span] ?? 0) + left - 1] ?? 0;
      const endNs = windowEndsNs[child] ?? 0;
      path.add(span, endNs, toNs);
      toNs = endNs;
      lefts[depth] = waitCounts[child] ?? 0;
      isOnPath[child] = 1;
      open.push(child);
      lefts.push(awaitedCounts[child] ?? 0);
    }
  }
  return { root, isOnPath, ...path.finish() };
}

/** Takes segments from the last to the first. */
class PathBuilder {
  readonly #spans: number[] = [];
  readonly #fromsNs: number[] = [];
  readonly #tosNs: number[] = [];

  add(span: number, fromNs: number, toNs: number): void {
    if (fromNs === toNs) return;
    const last = this.#spans.length - 1;
    // Children without a length do not divide what is around them.
    if (this.#spans[last] === span && this.#fromsNs[last] === toNs) this.#fromsNs[last] = fromNs;
    else {
      this.#spans.push(span);
      this.#fromsNs.push(fromNs);
      this.#tosNs.push(toNs);
    }
  }

  finish(): Omit<CriticalPath, 'root' | 'isOnPath'> {
    return {
      segmentCount: this.#spans.length,
      spans: Uint32Array.from(this.#spans).reverse(),
      fromsNs: Float64Array.from(this.#fromsNs).reverse(),
      tosNs: Float64Array.from(this.#tosNs).reverse(),
    };
  }
}

/** How much of the path is a span's own, over the index of the span. Adds up to the root's duration. */
export function addUpPathTimes({
  segmentCount,
  spans,
  fromsNs,
  tosNs,
  isOnPath,
}: CriticalPath): Float64Array {
  const pathTimesNs = new Float64Array(isOnPath.length);
  for (let at = 0; at < segmentCount; at++) {
    const span = spans[at] ?? 0;
    pathTimesNs[span] = (pathTimesNs[span] ?? 0) + (tosNs[at] ?? 0) - (fromsNs[at] ?? 0);
  }
  return pathTimesNs;
}
