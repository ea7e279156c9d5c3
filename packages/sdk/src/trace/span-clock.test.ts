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

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  pass(milliseconds: number): void {
    this.#wallMs += milliseconds;
    this.#monotonicMs += milliseconds;
  }

  setWallBy(milliseconds: number): void {
    this.#wallMs += milliseconds;
  }
}

const START_SECONDS = 1_700_000_000;

/** Milliseconds since the start of the test. */
function readMs(clock: SpanClock): number {
  return (clock.seconds - START_SECONDS) * 1000 + clock.nanoseconds / 1e6;
}

describe('the clock of spans', () => {
  test('gives the wall clock time', () => {
    const clock = new SpanClock(new ManualTime());
    clock.readInRoot();
    expect([clock.seconds, clock.nanoseconds]).toEqual([START_SECONDS, 0]);
  });

  test('carries what is over a second', () => {
    const time = new ManualTime();
    time.setWallBy(900);
    const clock = new SpanClock(time);
    const anchor = clock.readInRoot();
    time.pass(250.000125);
    clock.read(anchor);
    expect([clock.seconds, clock.nanoseconds]).toEqual([START_SECONDS + 1, 150_000_125]);
  });

  test('keeps the length of a span when the wall clock is set meanwhile', () => {
    const time = new ManualTime();
    const clock = new SpanClock(time);
    const anchor = clock.readInRoot();
    time.pass(200);
    time.setWallBy(-3_600_000);
    clock.read(anchor);
    expect(readMs(clock)).toBe(200);
  });

  test('follows the wall clock in the next local root', () => {
    const time = new ManualTime();
    const clock = new SpanClock(time);
    time.pass(200);
    time.setWallBy(3_600_000);
    clock.readInRoot();
    expect(readMs(clock)).toBe(3_600_200);
  });

  test('does not follow what is only the coarseness of the wall clock', () => {
    const time = new ManualTime();
    const clock = new SpanClock(time);
    const anchor = clock.readInRoot();
    time.pass(200);
    time.setWallBy(-1);
    expect(clock.readInRoot()).toBe(anchor);
  });
});
