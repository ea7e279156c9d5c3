import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type { Context, ContextManager } from '@opentelemetry/api';
import { bindEmitter } from './bind-emitter.ts';
import { isContext } from './is-context.ts';
import { TraceContext } from './trace-context.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Carries the active context across `await`, promises, timers and callbacks with Node's `AsyncLocalStorage`. */
export class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? TraceContext.root;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const active = isContext(context) ? context : this.active();
    if (thisArg === undefined) return this.#storage.run(active, fn, ...args);
    return this.#storage.run(active, () => fn.apply(thisArg, args));
  }

  /** The same as `with`, for the tracer, without lists of arguments. */
  run<A, T>(context: Context, fn: (arg: A) => T, arg: A): T {
    return this.#storage.run(context, fn, arg);
  }

  /** A function runs in `context` whenever it is called, an emitter's listeners likewise; anything else stays as it is. */
  bind<T>(context: Context, target: T): T {
    if (!isContext(context)) return target;
    if (target instanceof EventEmitter) {
      bindEmitter(target, (listener) => this.#bindFunction(context, listener));
      return target;
    }
    if (typeof target !== 'function') return target;
    return this.#bindFunction(context, target as unknown as AnyFunction) as unknown as T;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }

  #bindFunction(context: Context, fn: AnyFunction): AnyFunction {
    const storage = this.#storage;
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return storage.run(context, () => fn.apply(this, args));
    };
    // Some libraries, Express among them, look at how many parameters a callback takes.
    Object.defineProperty(bound, 'length', { value: fn.length, configurable: true });
    return bound;
  }
}
