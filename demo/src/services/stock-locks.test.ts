import { describe, expect, test } from 'vitest';
import { StockLocks } from './stock-locks.ts';

describe('locks', () => {
  test('are held by one at a time, in the order in which they were asked for', async () => {
    const locks = new StockLocks();
    const log: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      log.push(`${name} begins`);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      log.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all(['a', 'b', 'c'].map((name) => locks.hold('tea', work(name))));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  test('of other names are others, and one is free again after an error', async () => {
    const locks = new StockLocks();
    const failing = locks.hold('tea', async () => {
      expect(await locks.hold('cup', () => Promise.resolve('cup'))).toBe('cup');
      throw new Error('spilt');
    });
    const next = locks.hold('tea', () => Promise.resolve('tea'));
    await expect(failing).rejects.toThrow('spilt');
    expect(await next).toBe('tea');
  });
});
