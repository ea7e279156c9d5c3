import { OverloadedError } from '@clew/model';
import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

test('lets in as many as there are places, the others in their order', async () => {
  const turnstile = new Turnstile({ places: 1, waitMs: 10_000 });
  const entered: string[] = [];
  const enter = async (name: string): Promise<void> => {
    await turnstile.enter();
    entered.push(name);
  };
  await enter('a');
  const others = [enter('b'), enter('c')];
  await Promise.resolve();
  expect(entered).toEqual(['a']);
  turnstile.leave();
  await others[0];
  expect(entered).toEqual(['a', 'b']);
  turnstile.leave();
  await others[1];
  turnstile.leave();
  await enter('d');
  expect(entered).toEqual(['a', 'b', 'c', 'd']);
});

test('who has waited too long is told to come again, and leaves the line', async () => {
  const turnstile = new Turnstile({ places: 1, waitMs: 5 });
  await turnstile.enter();
  await expect(turnstile.enter()).rejects.toThrow(OverloadedError);
  turnstile.leave();
  await turnstile.enter();
});

test('who goes away leaves the line', async () => {
  const turnstile = new Turnstile({ places: 1, waitMs: 10_000 });
  await turnstile.enter();
  const visitor = new AbortController();
  const waiting = turnstile.enter(visitor.signal);
  visitor.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(turnstile.enter(visitor.signal)).rejects.toThrow('gone');
  turnstile.leave();
  await turnstile.enter();
});
