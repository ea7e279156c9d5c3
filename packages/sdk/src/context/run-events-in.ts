import type { EventEmitter } from 'node:events';
import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

type Emit = (this: unknown, ...args: unknown[]) => boolean;

/**
 * Makes all listeners of an emitter run in a context, whenever they were added. One method is replaced, where `context.bind`, whose
 * listeners may be of different contexts, replaces seven: this is done for each request of a server.
 */
export function runEventsIn(ctx: Context, emitter: EventEmitter): void {
  const inherited = Reflect.get(emitter, 'emit') as Emit;
  const emit: Emit = function (...args) {
    return context.with(ctx, inherited, this, ...args);
  };
  // Not enumerable, so that an emitter that is printed or copied looks as before.
  Object.defineProperty(emitter, 'emit', { value: emit, writable: true, configurable: true });
}
