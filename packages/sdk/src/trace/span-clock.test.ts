import { describe, expect, test } from 'vitest';
import { SpanClock } from './span-clock.ts';
import type { TimeSource } from './span-clock.ts';

/** A wall clock that can be set, beside one that only runs. */
class ManualTime implements TimeSource {
  #wallMs = 1_700_000_000_000;
  #monotonicMs = 5000;

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicNano(): bigint {
    return BigInt(this.#monotonicMs) * 1_000_000n;
  }

  pass(milliseconds: number): void {
    this.#wallMs += milliseconds;
    this.#monotonicMs += milliseconds;
  }

  setWallBy(milliseconds: number): void {
    this.#wallMs += milliseconds;
  }
}

const START_NANO = 1_700_000_000_000_000_000n;

describe('the clock of spans', () => {
  test('gives the wall clock time', () => {
    const clock = new SpanClock(new ManualTime());
    expect(clock.nowUnixNano(clock.currentOffsetNano())).toBe(START_NANO);
  });

  test('keeps the length of a span when the wall clock is set meanwhile', () => {
    const time = new ManualTime();
    const clock = new SpanClock(time);
    const offsetNano = clock.currentOffsetNano();
    time.pass(20);
    time.setWallBy(-3_600_000);
    expect(clock.nowUnixNano(offsetNano) - START_NANO).toBe(20_000_000n);
  });

  test('follows the wall clock in the next local root', () => {
    const time = new ManualTime();
    const clock = new SpanClock(time);
    time.setWallBy(3_600_000);
    expect(clock.nowUnixNano(clock.currentOffsetNano())).toBe(START_NANO + 3_600_000_000_000n);
  });

  test('does not follow what is only the coarseness of the wall clock', () => {
    const time = new ManualTime();
    const clock = new SpanClock(time);
    const offsetNano = clock.currentOffsetNano();
    time.setWallBy(-1);
    expect(clock.currentOffsetNano()).toBe(offsetNano);
  });
});
