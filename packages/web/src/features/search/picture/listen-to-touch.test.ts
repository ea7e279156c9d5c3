import { expect, test } from 'vitest';
import { boxOfDrag } from './listen-to-touch.ts';

const SIZE = { width: 300, height: 100 };
const LIMITS = { minDragPx: 6, oneWayPx: 16 };
const drag = (from: readonly [number, number], to: readonly [number, number]) =>
  boxOfDrag({ x: from[0], y: from[1] }, { x: to[0], y: to[1] }, SIZE, LIMITS);

test('a drag draws the box between its ends, whichever way it goes', () => {
  const box = { left: 20, top: 30, width: 80, height: 40 };
  expect(drag([20, 30], [100, 70])).toEqual(box);
  expect(drag([100, 70], [20, 30])).toEqual(box);
});

test('a flat drag is one of time, whatever the durations', () => {
  expect(drag([20, 50], [120, 58])).toEqual({ left: 20, top: 0, width: 100, height: 100 });
});

test('a narrow drag is one of duration, at any time', () => {
  expect(drag([50, 20], [58, 80])).toEqual({ left: 0, top: 20, width: 300, height: 60 });
});

test('a box ends where the picture does, however far the finger goes', () => {
  expect(drag([250, 60], [900, -40])).toEqual({ left: 250, top: 0, width: 50, height: 60 });
});

test('a tap is no box', () => {
  expect(drag([20, 30], [23, 33])).toBeUndefined();
});
