import { ROOT_CONTEXT, createContextKey } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepContext } from './keep-context.ts';
import { TurnContextManager } from './turn-context-manager.ts';

const KEY = createContextKey('test');
const OUTER = ROOT_CONTEXT.setValue(KEY, 'outer');
const INNER = ROOT_CONTEXT.setValue(KEY, 'inner');

let contexts: TurnContextManager;
let undo: () => void;

beforeEach(() => {
  contexts = new TurnContextManager();
  undo = keepContext(contexts);
});

afterEach(() => {
  undo();
  contexts.disable();
});

/** What is active here. */
function here(): unknown {
  return contexts.active().getValue(KEY);
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}

/** Resolves in a task that nobody has asked for in any context. */
function foreignTask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('the active context', () => {
  test('is that of the innermost function, and that before again after it, thrown or not', () => {
    const seen: unknown[] = [];
    contexts.with(OUTER, () => {
      contexts.with(INNER, () => seen.push(here()));
      expect(() =>
        contexts.with(INNER, () => {
          throw new Error('no');
        }),
      ).toThrow('no');
      seen.push(here());
    });
    expect([...seen, here()]).toEqual(['inner', 'outer', undefined]);
  });

  test('goes along with timers and microtasks, and is gone after them', async () => {
    const seen: unknown[] = [];
    contexts.with(OUTER, () => {
      setTimeout(() => seen.push(here()), 5);
      queueMicrotask(() => seen.push(here()));
      setTimeout(() => setTimeout(() => seen.push(here()), 5), 5);
    });
    await expect.poll(() => seen.length).toBe(3);
    expect([...seen, here()]).toEqual(['outer', 'outer', 'outer', undefined]);
  });

  test('is found again after what a function has waited for, however deep in others', async () => {
    const seen: unknown[] = [];
    const innermost = async (): Promise<void> => {
      await sleep(1);
      seen.push(here());
    };
    const middle = async (): Promise<void> => {
      await innermost();
      seen.push(here());
    };
    await contexts.with(OUTER, async () => {
      await middle();
      seen.push(here());
      await new Response('{}').json();
      seen.push(here());
    });
    expect([...seen, here()]).toEqual(['outer', 'outer', 'outer', 'outer', undefined]);
  });

  test('is that from before for whoever waits for a function in another one', async () => {
    const seen: unknown[] = [];
    await contexts.with(OUTER, async () => {
      await sleep(1);
      await contexts.with(INNER, async () => {
        await sleep(1);
        seen.push(here());
      });
      seen.push(here());
      const failed = contexts.with(INNER, async () => {
        await sleep(1);
        throw new Error('no');
      });
      await failed.catch(() => undefined);
      seen.push(here());
    });
    expect(seen).toEqual(['inner', 'outer', 'outer']);
  });

  test('of two that are under way at once is never the other’s', async () => {
    const work = async (name: string): Promise<readonly unknown[]> => {
      const seen: unknown[] = [];
      for (let i = 0; i < 20; i++) {
        await sleep(i % 3);
        seen.push(here() === name);
      }
      return seen;
    };
    const both = [
      contexts.with(OUTER, () => work('outer')),
      contexts.with(INNER, () => work('inner')),
    ];
    expect((await Promise.all(both)).flat()).not.toContain(false);
  });

  test('of an event is held through the microtasks between its listeners, until the next task', async () => {
    contexts.hold(OUTER);
    const held = here();
    for (let i = 0; i < 200; i++) await Promise.resolve();
    const later = here();
    await foreignTask();
    await foreignTask();
    expect([held, later, here()]).toEqual(['outer', 'outer', undefined]);
  });

  test('does not stay when a task goes on for ever in microtasks', async () => {
    contexts.enter(OUTER);
    for (let i = 0; i < 500; i++) await Promise.resolve();
    expect(here()).toBeUndefined();
  });

  test('binds functions and leaves everything else', () => {
    expect(contexts.bind(OUTER, here)()).toBe('outer');
    expect(contexts.bind(OUTER, 7)).toBe(7);
  });
});

test('a rejection that nobody handles is still told', async () => {
  const told: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (cause) => told.push(cause));
  void contexts.with(OUTER, async () => {
    throw new Error('unhandled');
  });
  await foreignTask();
  await foreignTask();
  process.removeAllListeners('unhandledRejection');
  for (const listener of listeners) process.on('unhandledRejection', listener);
  expect(told).toMatchObject([{ message: 'unhandled' }]);
});
