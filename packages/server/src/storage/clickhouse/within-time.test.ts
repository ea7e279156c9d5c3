import { setTimeout as sleep } from 'node:timers/promises';
import { StorageError } from '@clew/model';
import { expect, test } from 'vitest';
import { withinTime } from './within-time.ts';

function forever(signal: AbortSignal): Promise<never> {
  return sleep(60_000, undefined, { signal }).catch(() => {
    throw signal.reason as Error;
  }) as Promise<never>;
}

test('what takes too long is stopped, and says so', async () => {
  const late = withinTime(10, undefined, forever);
  await expect(late).rejects.toBeInstanceOf(StorageError);
  await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
});

test('what its caller gives up ends with the reason of the caller', async () => {
  const caller = new AbortController();
  const given = withinTime(60_000, caller.signal, forever);
  caller.abort(new Error('gone'));
  await expect(given).rejects.toThrow('gone');
});

test('what is quick enough is answered', async () => {
  expect(await withinTime(60_000, undefined, () => Promise.resolve(7))).toBe(7);
});
