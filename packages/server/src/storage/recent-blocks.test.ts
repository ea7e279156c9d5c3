import { beforeEach, expect, test } from 'vitest';
import { RecentBlocks } from './recent-blocks.ts';
import { ManualClock } from './testing/stores.ts';

const MINUTE_MS = 60_000;

let clock: ManualClock;
let recent: RecentBlocks;

beforeEach(() => {
  clock = new ManualClock();
  recent = new RecentBlocks(clock);
});

test('remembers a block for at least five minutes and at most ten', async () => {
  for (const startMs of [0, 2 * MINUTE_MS, 7 * MINUTE_MS]) {
    clock.ms += startMs;
    recent.add(`at ${startMs}`, Promise.resolve());
    clock.ms += 5 * MINUTE_MS - 1;
    await recent.find(`at ${startMs}`);
    expect(recent.find(`at ${startMs}`)).toBeDefined();
    clock.ms += 5 * MINUTE_MS + 1;
    expect(recent.find(`at ${startMs}`)).toBeUndefined();
  }
});

test('forgets the oldest of very many', () => {
  for (let i = 0; i < 120_000; i++) recent.add(String(i), Promise.resolve());
  expect(recent.find('0')).toBeUndefined();
  expect(recent.find('119999')).toBeDefined();
  expect(recent.find('70000')).toBeDefined();
});

test('does not remember what could not be written', async () => {
  const failed = Promise.reject(new Error('the disk is gone'));
  recent.add('block', failed);
  expect(recent.find('block')).toBe(failed);
  await failed.catch(() => undefined);
  expect(recent.find('block')).toBeUndefined();
});

test('forgets everything when it is told to', () => {
  recent.add('block', Promise.resolve());
  recent.clear();
  expect(recent.find('block')).toBeUndefined();
});
