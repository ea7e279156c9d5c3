/**
 * The duration of a trace, divided among its spans. A moment belongs in equal parts to the spans that work at it: those
 * that run while none of their children does. So shares are self times in which nothing counts twice, and together with
 * the moments at which nothing runs they are the duration of the trace, whatever runs beside what, outlasts its parent or
 * has a clock that is wrong.
 *
 * Equal parts rather than the critical path, because shares are compared between traces: of two calls side by side that
 * take equally long, a path holds the whole of one and nothing of the other, and which one is chance.
 */
import type { SpanTimes } from './self-time.ts';

export interface TimeShares {
  /** Nanoseconds, over the index of the spans. */
  readonly sharesNs: Float64Array;
  /** Nanoseconds between the trace's start and its end in which no span runs. */
  readonly idleNs: number;
}

/**
 * Needs n log n: spans must be ordered by start, as `assembleTrace` leaves them, and `parents` be those of their tree.
 * Exact but for rounding in traces of up to 104 days.
 */
export function computeTimeShares(
  { startsNs, durationsNs }: SpanTimes,
  parents: Int32Array,
): TimeShares {
  const spanCount = parents.length;
  const endsNs = startsNs.map((startNs, index) => startNs + (durationsNs[index] ?? 0));
  const byEnd = Uint32Array.from(endsNs, (_, index) => index).sort(
    (a, b) => (endsNs[a] ?? 0) - (endsNs[b] ?? 0),
  );
  const clock = new ShareClock(parents);
  let started = 0;
  for (const ending of byEnd) {
    const endNs = endsNs[ending] ?? 0;
    // A span without a length starts before it ends, too.
    for (; started < spanCount && (startsNs[started] ?? 0) <= endNs; started++)
      clock.start(started, startsNs[started] ?? 0);
    clock.end(ending, endNs);
  }
  return { sharesNs: clock.sharesNs, idleNs: clock.idleNs };
}

/** Runs through the trace from one start or end to the next. */
class ShareClock {
  readonly sharesNs: Float64Array;
  idleNs = 0;
  readonly #parents: Int32Array;
  readonly #running: Uint8Array;
  readonly #runningChildren: Uint32Array;
  /** What one span would have by now if it had worked all the time: a span's share is the growth while it works. */
  readonly #partsAtBegin: Float64Array;
  #partNs = 0;
  #nowNs = 0;
  #workingCount = 0;

  constructor(parents: Int32Array) {
    this.sharesNs = new Float64Array(parents.length);
    this.#parents = parents;
    this.#running = new Uint8Array(parents.length);
    this.#runningChildren = new Uint32Array(parents.length);
    this.#partsAtBegin = new Float64Array(parents.length);
  }

  start(index: number, ns: number): void {
    this.#advance(ns);
    this.#running[index] = 1;
    if (this.#runningChildren[index] === 0) this.#beginWork(index);
    const parent = this.#parents[index] ?? -1;
    if (parent < 0) return;
    if (this.#isWorking(parent)) this.#endWork(parent);
    this.#runningChildren[parent] = (this.#runningChildren[parent] ?? 0) + 1;
  }

  end(index: number, ns: number): void {
    this.#advance(ns);
    if (this.#isWorking(index)) this.#endWork(index);
    this.#running[index] = 0;
    const parent = this.#parents[index] ?? -1;
    if (parent < 0) return;
    this.#runningChildren[parent] = (this.#runningChildren[parent] ?? 0) - 1;
    if (this.#isWorking(parent)) this.#beginWork(parent);
  }

  #advance(ns: number): void {
    const passedNs = ns - this.#nowNs;
    if (this.#workingCount > 0) this.#partNs += passedNs / this.#workingCount;
    else this.idleNs += passedNs;
    this.#nowNs = ns;
  }

  #isWorking(index: number): boolean {
    return this.#running[index] === 1 && this.#runningChildren[index] === 0;
  }

  #beginWork(index: number): void {
    this.#workingCount++;
    this.#partsAtBegin[index] = this.#partNs;
  }

  #endWork(index: number): void {
    this.#workingCount--;
    const growth = this.#partNs - (this.#partsAtBegin[index] ?? 0);
    this.sharesNs[index] = (this.sharesNs[index] ?? 0) + growth;
  }
}
