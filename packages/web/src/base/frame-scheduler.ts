/**
 * The only owner of `requestAnimationFrame`. Whoever wants to draw registers a task once and asks for it as often as it
 * likes; a frame runs each task that was asked for once, animations first (they move the state), then everything that
 * draws the state. A task that asks again while it runs gets the next frame, so an animation is a task that keeps
 * asking until it has arrived.
 */

/** What runs in a frame; `nowMs` is the frame's time, the same for all tasks of the frame. */
export type FrameCallback = (nowMs: number) => void;

export type FramePhase = 'animate' | 'draw';

export interface FrameTask {
  /** Runs the task in the next frame; asking twice runs it once. */
  request(): void;
  /** Forgets the task, also when it was asked for. */
  [Symbol.dispose](): void;
}

/** The browser's `window`, or a stand-in that a test drives by hand. */
export interface FrameSource {
  requestAnimationFrame(callback: FrameCallback): number;
  cancelAnimationFrame(handle: number): void;
}

interface Task {
  readonly phase: FramePhase;
  readonly run: FrameCallback;
  requested: boolean;
}

const PHASES: readonly FramePhase[] = ['animate', 'draw'];

export class FrameScheduler {
  readonly #source: FrameSource;
  readonly #tasks = new Set<Task>();
  #handle: number | undefined;
  #onFrame: ((durationMs: number) => void) | undefined;

  constructor(source: FrameSource) {
    this.#source = source;
  }

  addTask(phase: FramePhase, run: FrameCallback): FrameTask {
    const task: Task = { phase, run, requested: false };
    this.#tasks.add(task);
    return {
      request: () => {
        if (!this.#tasks.has(task)) return;
        task.requested = true;
        this.#handle ??= this.#source.requestAnimationFrame(this.#runFrame);
      },
      [Symbol.dispose]: () => {
        this.#tasks.delete(task);
        this.#cancelWhenIdle();
      },
    };
  }

  /** Tells how long the tasks of each frame took, for measuring. */
  onFrame(listener: ((durationMs: number) => void) | undefined): void {
    this.#onFrame = listener;
  }

  readonly #runFrame = (nowMs: number): void => {
    this.#handle = undefined;
    const startMs = performance.now();
    for (const phase of PHASES) this.#runPhase(phase, nowMs);
    this.#onFrame?.(performance.now() - startMs);
  };

  #runPhase(phase: FramePhase, nowMs: number): void {
    for (const task of this.#tasks) {
      if (task.phase !== phase || !task.requested) continue;
      task.requested = false;
      task.run(nowMs);
    }
  }

  #cancelWhenIdle(): void {
    if (this.#handle === undefined) return;
    for (const task of this.#tasks) if (task.requested) return;
    this.#source.cancelAnimationFrame(this.#handle);
    this.#handle = undefined;
  }
}
