/**
 * The active context in a browser, which has no `AsyncLocalStorage`. While a function runs it is a stack. Beyond that a browser
 * works in tasks: a timer, an event, the answer to a request; and after each all microtasks run, which are the continuations of
 * `await` and `then`. Everything up to the next task follows from the one that is running, so the context in which a task
 * belongs stays active for its microtasks too. Whoever starts tasks (`keep-context.ts`) says which context that is.
 *
 * What is not known this way: a context that begins inside a task, in `with`, is left when its function returns its promise. Its
 * continuations find it again after the next timer or answer that the function itself has waited for; and when the promise is
 * settled, whoever waits for it finds its own.
 */
import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Context, ContextManager } from '@opentelemetry/api';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** How many microtasks may follow one another and still be told to belong to the task. Each `await` takes one to three. */
const MAX_HOPS = 100;

export class TurnContextManager implements ContextManager {
  readonly #channel = new MessageChannel();
  readonly #nextTask: (() => void)[] = [];
  // Ours are not to be bound to a context.
  readonly #queueMicrotask = queueMicrotask.bind(globalThis);
  #active: Context = ROOT_CONTEXT;
  #turn = 0;

  constructor() {
    this.#channel.port1.addEventListener('message', () => this.#nextTask.shift()?.());
    this.#channel.port1.start();
  }

  active(): Context {
    return this.#active;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const before = this.#active;
    const result = this.#run(context, () => fn.apply(thisArg, args));
    if (!(result instanceof Promise)) return result;
    return this.enterAfter(before, result) as ReturnType<F>;
  }

  /** A function runs in `context` whenever it is called; anything else stays as it is. */
  bind<T>(context: Context, target: T): T {
    if (typeof target !== 'function') return target;
    const fn = target as unknown as AnyFunction;
    const run = <R>(step: () => R): R => this.#run(context, step);
    return function (this: unknown, ...args: unknown[]): unknown {
      return run(() => fn.apply(this, args));
    } as unknown as T;
  }

  /** To be called when a task begins: `context` is active in it and in its microtasks. */
  enter(context: Context): void {
    const turn = this.#begin(context);
    if (context === ROOT_CONTEXT) return;
    let hopCount = 0;
    const hop = (): void => {
      if (++hopCount === MAX_HOPS) this.#end(turn);
      else if (this.#turn === turn) this.#queueMicrotask(hop);
    };
    this.#queueMicrotask(hop);
  }

  /**
   * The same promise, for whoever waits for it in `context`. It is made here, so that a rejection nobody handles is still told by the
   * browser.
   */
  enterAfter<T>(context: Context, promise: Promise<T>): Promise<T> {
    return promise.then(
      (value) => {
        this.enter(context);
        return value;
      },
      (thrown: unknown) => {
        this.enter(context);
        throw thrown;
      },
    );
  }

  /** As `enter`, when microtasks run in the middle of the task, as they do between the listeners of an event. */
  hold(context: Context): void {
    const turn = this.#begin(context);
    this.inNextTask(() => this.#end(turn));
  }

  /** Calls `step` in a task of its own, as soon as can be. */
  inNextTask(step: () => void): void {
    this.#nextTask.push(step);
    this.#channel.port2.postMessage(undefined);
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#channel.port1.close();
    this.#begin(ROOT_CONTEXT);
    return this;
  }

  #run<T>(context: Context, step: () => T): T {
    const before = this.#active;
    this.#active = context;
    try {
      return step();
    } finally {
      this.#active = before;
    }
  }

  #begin(context: Context): number {
    this.#active = context;
    return ++this.#turn;
  }

  #end(turn: number): void {
    if (this.#turn === turn) this.#active = ROOT_CONTEXT;
  }
}
