import type { FoundSpanJson } from '@clew/api';
import { expect, test } from 'vitest';
import { MAX_TAIL_SPANS, TailBuffer } from './tail-buffer.ts';

const span = (number: number) => ({ spanId: String(number) }) as FoundSpanJson;
const ids = (buffer: TailBuffer) => buffer.get().spans.map(({ spanId }) => spanId);

test('shows what arrived, newest first, and tells once for all of it', () => {
  const buffer = new TailBuffer();
  let told = 0;
  buffer.subscribe(() => told++);
  for (const number of [1, 2, 3]) buffer.add(span(number));
  buffer.flush();
  buffer.flush();
  expect(ids(buffer)).toEqual(['3', '2', '1']);
  expect(buffer.get().seenCount).toBe(3);
  expect(told).toBe(1);
});

test('holds a bounded number of spans, the newest', () => {
  const buffer = new TailBuffer();
  for (let number = 0; number < 5 * MAX_TAIL_SPANS; number++) buffer.add(span(number));
  buffer.flush();
  expect(buffer.get().spans).toHaveLength(MAX_TAIL_SPANS);
  expect(ids(buffer)[0]).toBe(String(5 * MAX_TAIL_SPANS - 1));
  expect(buffer.get().seenCount).toBe(5 * MAX_TAIL_SPANS);
});

test('stands still while it is paused, counts what it holds back, and goes on with it', () => {
  const buffer = new TailBuffer();
  buffer.add(span(1));
  buffer.pause(true);
  buffer.add(span(2));
  buffer.flush();
  buffer.add(span(3));
  buffer.flush();
  expect(ids(buffer)).toEqual(['1']);
  expect(buffer.get()).toMatchObject({ heldCount: 2, seenCount: 3, isPaused: true });
  buffer.pause(false);
  expect(ids(buffer)).toEqual(['3', '2', '1']);
  expect(buffer.get()).toMatchObject({ heldCount: 0, isPaused: false });
});

test('adds up what the server left out', () => {
  const buffer = new TailBuffer();
  buffer.skip(10);
  buffer.flush();
  buffer.skip(5);
  buffer.flush();
  expect(buffer.get().skippedCount).toBe(15);
});
