import type { EventEmitter } from 'node:events';

type Listener = (this: unknown, ...args: unknown[]) => unknown;
type BindListener = (listener: Listener) => Listener;
type EventName = string | symbol;

const ADD_METHODS = [
  'on',
  'addListener',
  'once',
  'prependListener',
  'prependOnceListener',
] as const;
const REMOVE_METHODS = ['off', 'removeListener'] as const;

/**
 * Makes the listeners that are added to an emitter from now on run in the context that `bind` gives them. A listener
 * is still removed by passing the function that was added, and `listeners()` still answers with that function.
 */
export function bindEmitter(emitter: EventEmitter, bind: BindListener): void {
  const boundByListener = new WeakMap<Listener, Listener>();
  const bounds = new WeakSet<Listener>();

  const bindOnce = (listener: Listener): Listener => {
    if (isBound(listener, bounds)) return listener;
    const bound = boundByListener.get(listener) ?? Object.assign(bind(listener), { listener });
    boundByListener.set(listener, bound);
    bounds.add(bound);
    return bound;
  };

  for (const method of ADD_METHODS) {
    const original = emitter[method];
    override(emitter, method, (event, listener) =>
      original.call(emitter, event, typeof listener === 'function' ? bindOnce(listener) : listener),
    );
  }
  for (const method of REMOVE_METHODS) {
    const original = emitter[method];
    override(emitter, method, (event, listener) =>
      original.call(emitter, event, boundByListener.get(listener) ?? listener),
    );
  }
}

/** `once` of Node wraps the listener, keeps it in the wrapper's `listener`, and adds the wrapper with `on`. */
function isBound(listener: Listener, bounds: WeakSet<Listener>): boolean {
  if (bounds.has(listener)) return true;
  const inner: unknown = 'listener' in listener ? listener.listener : undefined;
  return typeof inner === 'function' && bounds.has(inner as Listener);
}

/** Not enumerable, so that an emitter that is printed or copied looks as before. */
function override(
  emitter: EventEmitter,
  method: (typeof ADD_METHODS)[number] | (typeof REMOVE_METHODS)[number],
  value: (event: EventName, listener: Listener) => EventEmitter,
): void {
  Object.defineProperty(emitter, method, { value, writable: true, configurable: true });
}
