import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { ROOT_CONTEXT, createContextKey } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { AsyncContextManager } from './async-context-manager.ts';

const KEY = createContextKey('key');
const ctx = ROOT_CONTEXT.setValue(KEY, 'bound');
const manager = new AsyncContextManager();

function current(): unknown {
  return manager.active().getValue(KEY);
}

describe('with', () => {
  test('passes this and arguments on, and restores the context when the function throws', () => {
    const target = { factor: 2 };
    const times = function (this: typeof target, value: number): number {
      return value * this.factor;
    };
    expect(manager.with(ctx, times, target, 21)).toBe(42);
    expect(() =>
      manager.with(ctx, () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(current()).toBeUndefined();
  });
});

describe('bind', () => {
  test('makes a function run in the context, with its own this, arguments and length', () => {
    const target = { name: 'target' };
    const bound = manager.bind(ctx, function (this: typeof target, a: string, b: string) {
      return [this.name, a, b, current()];
    });
    expect(bound.call(target, 'a', 'b')).toEqual(['target', 'a', 'b', 'bound']);
    expect(bound).toHaveLength(2);
    expect(current()).toBeUndefined();
  });

  test('leaves alone what is neither a function nor an emitter', () => {
    const promise = Promise.resolve(1);
    expect(manager.bind(ctx, promise)).toBe(promise);
    expect(manager.bind(ctx, undefined)).toBeUndefined();
  });

  test('makes listeners of an emitter run in the context however they were added', () => {
    const emitter = manager.bind(ctx, new EventEmitter());
    const seen: unknown[] = [];
    const listen = (): void => void seen.push(current());
    emitter.on('event', listen).addListener('event', listen).prependListener('event', listen);
    emitter.once('event', listen).prependOnceListener('event', listen);
    emitter.emit('event');
    expect(seen).toEqual(Array.from({ length: 5 }, () => 'bound'));
    emitter.emit('event');
    expect(seen).toHaveLength(8);
  });

  test('lets listeners be removed by the function that was added', () => {
    const emitter = manager.bind(ctx, new EventEmitter());
    const listen = (): void => undefined;
    emitter.on('event', listen).once('event', listen).on('event', listen);
    expect(emitter.listeners('event')[0]).toBe(listen);
    emitter.off('event', listen).removeListener('event', listen).off('event', listen);
    expect(emitter.listenerCount('event')).toBe(0);
    emitter.once('event', listen).on('other', listen);
    emitter.removeAllListeners();
    expect(emitter.eventNames()).toEqual([]);
  });

  test('keeps streams working', async () => {
    const stream = manager.bind(ctx, Readable.from(['a', 'b']));
    const seen: unknown[] = [];
    stream.on('data', (chunk: string) => void seen.push(chunk, current()));
    await once(stream, 'end');
    expect(seen).toEqual(['a', 'bound', 'b', 'bound']);
    expect(await manager.bind(ctx, Readable.from(['c'])).toArray()).toEqual(['c']);
  });
});
