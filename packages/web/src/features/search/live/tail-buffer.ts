import type { FoundSpanJson } from '@clew/api';
import type { Readable } from '../../../state/store.ts';

/** What the live list shows. */
export interface Tail {
  /** The newest, newest first. */
  readonly spans: readonly FoundSpanJson[];
  /** All that arrived since the tail began. */
  readonly seenCount: number;
  /** Of these, those that wait until the reader goes on. */
  readonly heldCount: number;
  /** Those that the server left out, at least. */
  readonly skippedCount: number;
  readonly isPaused: boolean;
}

/** More are not read as they fly past, and the list must not grow while nobody looks. */
export const MAX_TAIL_SPANS = 500;

const EMPTY: Tail = { spans: [], seenCount: 0, heldCount: 0, skippedCount: 0, isPaused: false };

/**
 * The spans of a tail, a bounded number of them. Paused, the list stands still while the newest of what arrives is kept for
 * when the reader goes on. What arrives between two calls of `flush` is told at once.
 */
export class TailBuffer implements Readable<Tail> {
  readonly #listeners = new Set<() => void>();
  /** Newest last; not yet in the list. */
  #arrived: FoundSpanJson[] = [];
  #arrivedCount = 0;
  #skippedCount = 0;
  #tail = EMPTY;

  readonly get = (): Tail => this.#tail;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(span: FoundSpanJson): void {
    this.#arrivedCount++;
    this.#arrived.push(span);
    if (this.#arrived.length > 2 * MAX_TAIL_SPANS) {
      this.#arrived = this.#arrived.slice(-MAX_TAIL_SPANS);
    }
  }

  skip(atLeast: number): void {
    this.#skippedCount += atLeast;
  }

  /** Shows what arrived; of a paused tail only how much that was. */
  flush(): void {
    const { isPaused, heldCount, seenCount } = this.#tail;
    if (this.#arrivedCount === 0 && this.#skippedCount === 0) return;
    const seen = seenCount + this.#arrivedCount;
    const skippedCount = this.#tail.skippedCount + this.#skippedCount;
    const held = heldCount + this.#arrivedCount;
    this.#arrivedCount = 0;
    this.#skippedCount = 0;
    if (isPaused) this.#set({ ...this.#tail, seenCount: seen, heldCount: held, skippedCount });
    else this.#set({ ...this.#tail, spans: this.#takeIn(), seenCount: seen, skippedCount });
  }

  pause(isPaused: boolean): void {
    this.flush();
    if (isPaused === this.#tail.isPaused) return;
    this.#set(
      isPaused
        ? { ...this.#tail, isPaused }
        : { ...this.#tail, isPaused, heldCount: 0, spans: this.#takeIn() },
    );
  }

  clear(): void {
    this.#arrived = [];
    this.#arrivedCount = 0;
    this.#skippedCount = 0;
    this.#set({ ...EMPTY, isPaused: this.#tail.isPaused });
  }

  #takeIn(): readonly FoundSpanJson[] {
    const newest = this.#arrived.reverse();
    this.#arrived = [];
    return [...newest, ...this.#tail.spans].slice(0, MAX_TAIL_SPANS);
  }

  #set(tail: Tail): void {
    this.#tail = tail;
    for (const listener of this.#listeners) listener();
  }
}
