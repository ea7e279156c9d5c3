import type { FrameScheduler, FrameTask } from '../../../base/frame-scheduler.ts';
import type { TimeRange } from '../../../base/time-range.ts';
import type { TraceState } from '../../../state/trace-state.ts';

const DURATION_MS = 140;

interface Flight {
  readonly from: TimeRange;
  readonly to: TimeRange;
  startMs: number | undefined;
}

/**
 * Moves the visible range over a few frames, so that the eye keeps hold of what it was looking at. Whoever sets the range
 * meanwhile wins. Where the reader wants less motion, the range jumps.
 */
export class RangeAnimator {
  readonly #state: TraceState;
  readonly #task: FrameTask;
  readonly #isMotionReduced: () => boolean;
  #flight: Flight | undefined;
  #lastSet: TimeRange | undefined;

  constructor(state: TraceState, scheduler: FrameScheduler, isMotionReduced: () => boolean) {
    this.#state = state;
    this.#isMotionReduced = isMotionReduced;
    this.#task = scheduler.addTask('animate', (nowMs) => this.#step(nowMs));
  }

  /** Where the range is going, or is: what a key pressed again goes on from. */
  get target(): TimeRange {
    const range = this.#state.range.get();
    return this.#flight !== undefined && range === this.#lastSet ? this.#flight.to : range;
  }

  moveTo(to: TimeRange): void {
    if (this.#isMotionReduced()) {
      this.#state.setRange(to);
      return;
    }
    const from = this.#state.range.get();
    this.#lastSet = from;
    this.#flight = { from, to, startMs: undefined };
    this.#task.request();
  }

  [Symbol.dispose](): void {
    this.#task[Symbol.dispose]();
  }

  #step(nowMs: number): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    if (this.#state.range.get() !== this.#lastSet) {
      this.#flight = undefined;
      return;
    }
    flight.startMs ??= nowMs - 16;
    const share = Math.min(1, (nowMs - flight.startMs) / DURATION_MS);
    this.#state.setRange(share === 1 ? flight.to : between(flight, 1 - (1 - share) ** 3));
    this.#lastSet = this.#state.range.get();
    if (share === 1) this.#flight = undefined;
    else this.#task.request();
  }
}

function between({ from, to }: Flight, share: number): TimeRange {
  return {
    startNs: from.startNs + (to.startNs - from.startNs) * share,
    endNs: from.endNs + (to.endNs - from.endNs) * share,
  };
}
