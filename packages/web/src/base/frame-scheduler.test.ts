import { describe, expect, test } from 'vitest';
import { FrameScheduler } from './frame-scheduler.ts';
import type { FrameCallback, FrameSource } from './frame-scheduler.ts';

class ManualFrames implements FrameSource {
  readonly #waiting = new Map<number, FrameCallback>();
  #last = 0;

  get waitingCount(): number {
    return this.#waiting.size;
  }

  requestAnimationFrame(callback: FrameCallback): number {
    this.#waiting.set(++this.#last, callback);
    return this.#last;
  }

  cancelAnimationFrame(handle: number): void {
    this.#waiting.delete(handle);
  }

  run(nowMs: number): void {
    const due = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const callback of due) callback(nowMs);
  }
}

describe('FrameScheduler', () => {
  test('runs a task once a frame, however often it was asked for', () => {
    const frames = new ManualFrames();
    const scheduler = new FrameScheduler(frames);
    const ran: number[] = [];
    const task = scheduler.addTask('draw', (nowMs) => ran.push(nowMs));
    task.request();
    task.request();
    frames.run(16);
    frames.run(32);
    expect(ran).toEqual([16]);
    expect(frames.waitingCount).toBe(0);
  });

  test('runs animations before drawing', () => {
    const frames = new ManualFrames();
    const scheduler = new FrameScheduler(frames);
    const order: string[] = [];
    const draw = scheduler.addTask('draw', () => order.push('draw'));
    const animate = scheduler.addTask('animate', () => {
      order.push('animate');
      draw.request();
    });
    animate.request();
    frames.run(16);
    expect(order).toEqual(['animate', 'draw']);
  });

  test('a task that asks again gets the next frame', () => {
    const frames = new ManualFrames();
    const scheduler = new FrameScheduler(frames);
    let left = 3;
    const task = scheduler.addTask('animate', () => {
      if (--left > 0) task.request();
    });
    task.request();
    for (let frame = 1; frame <= 3; frame++) frames.run(frame * 16);
    expect(left).toBe(0);
    expect(frames.waitingCount).toBe(0);
  });

  test('forgets a disposed task and asks for no frame in vain', () => {
    const frames = new ManualFrames();
    const scheduler = new FrameScheduler(frames);
    let ran = false;
    const task = scheduler.addTask('draw', () => (ran = true));
    task.request();
    task[Symbol.dispose]();
    task.request();
    expect(frames.waitingCount).toBe(0);
    frames.run(16);
    expect(ran).toBe(false);
  });
});
