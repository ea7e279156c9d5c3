/** What happens around the steps of an iteration. */
export interface IterationHooks {
  /** Runs one step. */
  readonly run: <T>(step: () => T) => T;
  /** The iteration is over, or was left. */
  readonly end: () => void;
  /** A step threw, or rejected. */
  readonly fail: (thrown: unknown) => void;
}

type AnyFunction = (...args: readonly unknown[]) => unknown;

const STEPS: ReadonlySet<string | symbol> = new Set(['next', 'return', 'throw']);

/**
 * Whether a function that gave this is not done before it has been gone through: a generator, or an async iterator. Not an array,
 * which is complete, and not a stream, which may be read in other ways.
 */
export function isIterated(value: object): boolean {
  try {
    const isGenerator =
      Symbol.iterator in value && 'next' in value && typeof value.next === 'function';
    return isGenerator || (Symbol.asyncIterator in value && !('pipe' in value));
  } catch {
    return false; // It throws when it is looked at.
  }
}

/** The same object, with the hooks around each step. */
export function traceIteration<T extends object>(target: T, hooks: IterationHooks): T {
  const proxy: T = new Proxy(target, {
    get: (_, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const method = (value as AnyFunction).bind(target);
      if (STEPS.has(key)) return (...args: readonly unknown[]) => step(key, method, args);
      if (key !== Symbol.iterator && key !== Symbol.asyncIterator) return method;
      return () => {
        const iterator = method();
        if (iterator === target) return proxy;
        return isObject(iterator) ? traceIteration(iterator, hooks) : iterator;
      };
    },
  });
  const settle = (key: string | symbol, result: unknown): unknown => {
    if (key === 'return' || (isObject(result) && 'done' in result && result.done === true)) {
      hooks.end();
    }
    return result;
  };
  const step = (key: string | symbol, method: AnyFunction, args: readonly unknown[]): unknown => {
    try {
      const result = hooks.run(() => method(...args));
      if (!(result instanceof Promise)) return settle(key, result);
      return result.then(
        (value: unknown) => settle(key, value),
        (thrown: unknown) => {
          hooks.fail(thrown);
          throw thrown;
        },
      );
    } catch (thrown) {
      hooks.fail(thrown);
      throw thrown;
    }
  };
  return proxy;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
