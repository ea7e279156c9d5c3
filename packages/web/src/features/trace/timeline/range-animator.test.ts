import { describe, expect, test } from 'vitest';
import { FrameScheduler } from '../../../base/frame-scheduler.ts';
import type { FrameCallback } from '../../../base/frame-scheduler.ts';
import { TraceState } from '../../../state/trace-state.ts';
import { orderTrace, toView } from '../../../testing/trace-fixtures.ts';
import { RangeAnimator } from './range-animator.ts';

function start({ isMotionReduced = false } = {}) {
  const waiting: FrameCallback[] = [];
  const scheduler = new FrameScheduler({
    requestAnimationFrame: (callback) => waiting.push(callback),
    cancelAnimationFrame: () => undefined,
  });
  const view = toView(orderTrace());
  const state = new TraceState(view, { isDetailOpen: false, tab: 'attributes' });
  const animator = new RangeAnimator(state, scheduler, () => isMotionReduced);
  let nowMs = 1_000;
  const runFrame = () => {
    nowMs += 16;
    for (const callback of waiting.splice(0)) callback(nowMs);
    return waiting.length > 0;
  };
  return { state, animator, runFrame };
}

const TARGET = { startNs: 40e6, endNs: 50e6 };

describe('RangeAnimator', () => {
  test('arrives at the range it was sent to, and then rests', () => {
    const { state, animator, runFrame } = start();
    animator.moveTo(TARGET);
    let frames = 1;
    while (runFrame()) frames++;
    expect(state.range.get()).toEqual(TARGET);
    expect(frames).toBeGreaterThan(3);
    expect(frames).toBeLessThan(15);
  });

  test('gives way to whoever sets the range meanwhile', () => {
    const { state, animator, runFrame } = start();
    animator.moveTo(TARGET);
    runFrame();
    const wanted = { startNs: 1e6, endNs: 2e6 };
    state.setRange(wanted);
    while (runFrame());
    expect(state.range.get()).toEqual(wanted);
  });

  test('a key pressed again goes on from where the range is going', () => {
    const { animator, runFrame } = start();
    animator.moveTo(TARGET);
    runFrame();
    expect(animator.target).toEqual(TARGET);
  });

  test('jumps where less motion is wanted', () => {
    const { state, animator } = start({ isMotionReduced: true });
    animator.moveTo(TARGET);
    expect(state.range.get()).toEqual(TARGET);
  });
});
