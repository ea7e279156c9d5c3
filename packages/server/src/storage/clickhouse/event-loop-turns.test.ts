import { expect, test } from 'vitest';
import { EventLoopTurns } from './event-loop-turns.ts';

/** As long as it takes until others should have a turn. */
function compute(turns: EventLoopTurns): void {
  while (!turns.isOver);
}

test('lets others run between two things that are computed', async () => {
  const turns = new EventLoopTurns(undefined);
  let isHeard = false;
  setImmediate(() => (isHeard = true));
  compute(turns);
  expect(isHeard).toBe(false);
  await turns.next();
  expect(isHeard).toBe(true);
  expect(turns.isOver).toBe(false);
});

test('ends when nobody waits for the result any more', async () => {
  const caller = new AbortController();
  const turns = new EventLoopTurns(caller.signal);
  setImmediate(() => caller.abort(new Error('gone')));
  compute(turns);
  await expect(turns.next()).rejects.toThrow('gone');
});

test('what can pause is computed in turns, and ends when nobody waits for the result any more', async () => {
  const caller = new AbortController();
  const turns = new EventLoopTurns(caller.signal);
  function* steps(): Generator<undefined, string, undefined> {
    compute(turns);
    yield;
    return 'done';
  }
  let isHeard = false;
  setImmediate(() => (isHeard = true));
  expect(await turns.run(steps())).toBe('done');
  expect(isHeard).toBe(true);
  setImmediate(() => caller.abort(new Error('gone')));
  await expect(turns.run(steps())).rejects.toThrow('gone');
});
