import { patchMethod } from './patch-method.ts';
import type { TurnContextManager } from './turn-context-manager.ts';
import { getWork } from './work.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type BodyReader = 'arrayBuffer' | 'blob' | 'formData' | 'json' | 'text';

const BODY_READERS: readonly BodyReader[] = ['arrayBuffer', 'blob', 'formData', 'json', 'text'];

/**
 * Brings the active context from where a task is asked for to where it runs: timers, animation frames, microtasks, the answers of
 * `fetch` and their bodies, and `XMLHttpRequest`. Answers with how to undo it.
 */
export function keepContext(contexts: TurnContextManager): () => void {
  const later = <F extends (callback: never, ...rest: never[]) => unknown>(original: F): F =>
    function (this: unknown, callback: unknown, ...rest: never[]) {
      return original.call(this, enterBefore(contexts, callback) as never, ...rest);
    } as unknown as F;
  const awaited = <F extends (...args: never[]) => Promise<unknown>>(original: F): F =>
    function (this: unknown, ...args: never[]) {
      return enterAfter(contexts, original.apply(this, args));
    } as unknown as F;
  const undo = [
    patchMethod(globalThis, 'setTimeout', later),
    patchMethod(globalThis, 'setInterval', later),
    patchMethod(globalThis, 'requestAnimationFrame', later),
    patchMethod(globalThis, 'requestIdleCallback', later),
    patchMethod(globalThis, 'queueMicrotask', (original) => (callback) => {
      original.call(globalThis, contexts.bind(contexts.active(), callback));
    }),
    patchMethod(globalThis, 'fetch', awaited),
    ...BODY_READERS.map((name) => patchMethod(globalThis.Response?.prototype, name, awaited)),
    patchMethod(globalThis.XMLHttpRequest?.prototype, 'send', (original) => {
      return function (this: XMLHttpRequest, body) {
        holdWhenAnswered(contexts, this);
        original.call(this, body);
      };
    }),
  ];
  return () => {
    for (const step of undo.splice(0)) step();
  };
}

/** Text that is to be run as a program is left to the browser, and to the page's policy. */
function enterBefore(contexts: TurnContextManager, callback: unknown): unknown {
  if (typeof callback !== 'function') return callback;
  const context = contexts.active();
  return function (this: unknown, ...args: unknown[]): unknown {
    contexts.enter(context);
    return (callback as AnyFunction).apply(this, args);
  };
}

function enterAfter<T>(contexts: TurnContextManager, answer: Promise<T>): Promise<T> {
  const context = contexts.active();
  const work = getWork(context);
  work?.begin();
  const entered = contexts.enterAfter(context, answer);
  if (work === undefined) return entered;
  return entered.finally(() => work.finish());
}

function holdWhenAnswered(contexts: TurnContextManager, request: XMLHttpRequest): void {
  const context = contexts.active();
  const work = getWork(context);
  work?.begin();
  request.addEventListener('readystatechange', () => {
    if (request.readyState !== 4) return;
    contexts.hold(context);
    work?.finish();
  });
}
