/**
 * How much each span matters to the duration of a root, in the model of `dependencies.ts`, in which every moment is the latest of
 * some others plus own work: a graph whose longest way from the root's start to its end is the root's duration.
 *
 * - Slack: how much longer a span may take, or how much later it may begin, until the root takes longer. It is what the longest
 *   way through the span is short of the root's duration.
 * - Drag: how much less the root would take if the span, with all that it waits for, took no time. Then the longest way is the
 *   one through the span less its duration, or the longest one that goes around the span: for a span on the critical path
 *   drag = min(duration, margin), where the margin is what the longest way around is short of the root's duration.
 *
 * A way around a span goes around its parent or through it, so margin(c) = min(margin(p), margin of c within p). Within the parent
 * the children are edges between the moments at which 0, 1, 2, … of them have ended: from the one with as many as the child waits for to
 * the one with its own place. A way around the child passes the place before its end by another edge that begins before
 * this place and ends behind it, a sibling's, or comes from the place before. The best edge is the one with the least slack.
 */
import type { CriticalPath } from './critical-path.ts';
import { lengthOf } from './dependencies.ts';
import type { Dependencies } from './dependencies.ts';
import { sortRange } from './sort-range.ts';

/** Over the index of the span; nanoseconds. */
export interface SpanSlack {
  /** `Infinity` for a span that the root does not wait for. */
  readonly slacksNs: Float64Array;
  /** 0 for spans that are not on the critical path; never more than the duration. */
  readonly dragsNs: Float64Array;
  /** What the root's duration falls by at most, however much a span on the path is shortened; 0 beside the path. */
  readonly marginsNs: Float64Array;
}

/** With respect to the root of the path. Takes n log n at most. */
export function computeSpanSlack(
  dependencies: Dependencies,
  { root, isOnPath }: CriticalPath,
): SpanSlack {
  const { tree } = dependencies;
  const spanCount = isOnPath.length;
  const slacksNs = new Float64Array(spanCount).fill(Infinity);
  const marginsNs = new Float64Array(spanCount);
  const dragsNs = new Float64Array(spanCount);
  slacksNs[root] = 0;
  marginsNs[root] = lengthOf(dependencies, root);
  const worker = new ChildSlack(dependencies, slacksNs, marginsNs);
  for (const span of tree.order) {
    if (slacksNs[span] === Infinity) continue;
    worker.computeSlacks(span);
    if (isOnPath[span] !== 1) continue;
    worker.computeMargins(span, isOnPath);
    dragsNs[span] = Math.min(lengthOf(dependencies, span), marginsNs[span] ?? 0);
  }
  return { slacksNs, dragsNs, marginsNs };
}

class ChildSlack {
  readonly #dependencies: Dependencies;
  readonly #slacksNs: Float64Array;
  readonly #marginsNs: Float64Array;
  /** Of the moment after which so many of the span's children have ended. */
  #momentSlacksNs = new Float64Array(16);
  /** Of each place the nearest one from it on that is not settled; found by following. */
  #nextOpen = new Uint32Array(16);
  #bySlack = new Uint32Array(16);
  /** Of each span among its siblings by end, from 1 on. */
  readonly #places: Uint32Array;

  constructor(dependencies: Dependencies, slacksNs: Float64Array, marginsNs: Float64Array) {
    this.#dependencies = dependencies;
    this.#slacksNs = slacksNs;
    this.#marginsNs = marginsNs;
    this.#places = new Uint32Array(slacksNs.length);
  }

  /** Of the children of `parent`, from its own. */
  computeSlacks(parent: number): void {
    const { firsts, awaited, awaitedCounts, waitCounts, windowEndsNs } = this.#dependencies;
    const from = firsts[parent] ?? 0;
    const count = awaitedCounts[parent] ?? 0;
    if (count === 0) return;
    this.#reserve(count + 2);
    const moments = this.#momentSlacksNs.fill(Infinity, 0, count + 1);
    moments[count] = this.#slacksNs[parent] ?? Infinity;
    for (let place = count; place > 0; place--) {
      const child = awaited[from + place - 1] ?? 0;
      const slackNs = moments[place] ?? Infinity;
      this.#slacksNs[child] = slackNs;
      const waits = waitCounts[child] ?? 0;
      moments[waits] = Math.min(moments[waits] ?? Infinity, slackNs);
      // The moment before may as well be late until this one is.
      const before = awaited[from + place - 2];
      if (place === 1 || before === undefined) continue;
      const laterNs = (windowEndsNs[child] ?? 0) - (windowEndsNs[before] ?? 0);
      moments[place - 1] = Math.min(moments[place - 1] ?? Infinity, slackNs + laterNs);
    }
  }

  /** Of the children of `parent` that are on the path, from its own. */
  computeMargins(parent: number, isOnPath: Uint8Array): void {
    const { firsts, awaited, awaitedCounts, windowStartsNs, windowEndsNs } = this.#dependencies;
    const from = firsts[parent] ?? 0;
    const to = from + (awaitedCounts[parent] ?? 0);
    const parentMarginNs = this.#marginsNs[parent] ?? 0;
    let beforeNs = windowStartsNs[parent] ?? 0;
    for (let at = from; at < to; at++) {
      const child = awaited[at] ?? 0;
      const endNs = windowEndsNs[child] ?? 0;
      if (isOnPath[child] === 1)
        this.#marginsNs[child] = Math.min(parentMarginNs, endNs - beforeNs);
      beforeNs = endNs;
    }
    if (to > from + 1) this.#goAround(from, to - from, isOnPath);
  }

  /** Siblings in the order of their slack settle the places they lead around, each place once. */
  #goAround(from: number, count: number, isOnPath: Uint8Array): void {
    const { awaited, waitCounts } = this.#dependencies;
    this.#openPlaces(from, count, isOnPath);
    this.#orderBySlack(from, count);
    for (let at = 0; at < count; at++) {
      const sibling = this.#bySlack[at] ?? 0;
      const place = this.#places[sibling] ?? 0;
      const slackNs = this.#slacksNs[sibling] ?? 0;
      let around = this.#findOpen((waitCounts[sibling] ?? 0) + 1);
      for (; around < place; around = this.#findOpen(around + 1)) {
        const child = awaited[from + around - 1] ?? 0;
        this.#marginsNs[child] = Math.min(this.#marginsNs[child] ?? 0, slackNs);
        this.#nextOpen[around] = around + 1;
      }
    }
  }

  /** Places behind the last are open: they end every search. */
  #openPlaces(from: number, count: number, isOnPath: Uint8Array): void {
    const { awaited } = this.#dependencies;
    this.#reserve(count + 2);
    this.#nextOpen[count + 1] = count + 1;
    for (let place = count; place > 0; place--)
      this.#nextOpen[place] = isOnPath[awaited[from + place - 1] ?? 0] === 1 ? place : place + 1;
  }

  #findOpen(place: number): number {
    let at = place;
    for (let next = this.#nextOpen[at] ?? at; next !== at; next = this.#nextOpen[at] ?? at) {
      this.#nextOpen[at] = this.#nextOpen[next] ?? next;
      at = next;
    }
    return at;
  }

  #orderBySlack(from: number, count: number): void {
    const { awaited } = this.#dependencies;
    for (let place = 1; place <= count; place++) {
      const child = awaited[from + place - 1] ?? 0;
      this.#bySlack[place - 1] = child;
      this.#places[child] = place;
    }
    sortRange(this.#bySlack, { from: 0, to: count }, this.#compareSlacks);
  }

  readonly #compareSlacks = (a: number, b: number): number =>
    (this.#slacksNs[a] ?? 0) - (this.#slacksNs[b] ?? 0);

  #reserve(length: number): void {
    if (this.#momentSlacksNs.length >= length) return;
    this.#momentSlacksNs = new Float64Array(2 * length);
    this.#nextOpen = new Uint32Array(2 * length);
    this.#bySlack = new Uint32Array(2 * length);
  }
}
