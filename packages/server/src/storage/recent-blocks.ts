/**
 * Which blocks were accepted lately. A sender that did not get its answer repeats the request, and it would be counted twice by
 * everything that counts spans; so a block that is here already is not written again.
 *
 * Two generations: when the young one is old or full, the old one is forgotten.
 */
import type { Clock } from '@clew/model';
import type { BlockFingerprint } from './native/block-fingerprint.ts';

/** Senders give up after minutes; what is imported again after that may have expired meanwhile. */
const GENERATION_MS = 5 * 60_000;
/** About 100 bytes each. */
const GENERATION_SIZE = 50_000;

export class RecentBlocks {
  readonly #clock: Clock;
  #young = new Map<BlockFingerprint, Promise<void>>();
  #old = new Map<BlockFingerprint, Promise<void>>();
  #youngSinceMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#youngSinceMs = clock.nowMs();
  }

  /** The writing of the same block, which may be going on. */
  find(fingerprint: BlockFingerprint): Promise<void> | undefined {
    this.#age();
    return this.#young.get(fingerprint) ?? this.#old.get(fingerprint);
  }

  /** Remembers a block, unless its writing fails. */
  add(fingerprint: BlockFingerprint, written: Promise<void>): void {
    this.#age();
    this.#young.set(fingerprint, written);
    written.catch(() => {
      for (const generation of [this.#young, this.#old]) {
        if (generation.get(fingerprint) === written) generation.delete(fingerprint);
      }
    });
  }

  /** For when what was accepted may have been removed since. */
  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  #age(): void {
    const ageMs = this.#clock.nowMs() - this.#youngSinceMs;
    if (ageMs < GENERATION_MS && this.#young.size < GENERATION_SIZE) return;
    this.#old = ageMs < 2 * GENERATION_MS ? this.#young : new Map();
    this.#young = new Map();
    this.#youngSinceMs = this.#clock.nowMs();
  }
}
