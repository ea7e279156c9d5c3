import { guard } from '../instrumentation/http-tracer.ts';
import { patchMethod } from './patch-method.ts';
import { RequestSpan } from './request-span.ts';
import type { RequestTracing } from './request-span.ts';

/** What is known of a request before it is sent. */
interface OpenedRequest {
  readonly method: string;
  readonly url: string;
  /** The headers that the page has set, in lower case: one that is set twice is sent with both values. */
  readonly headers: Set<string>;
}

/** The events with which a request ends that has no answer. */
const FAILURES = ['error', 'abort', 'timeout'] as const;

/** Traces `XMLHttpRequest`. A request that is sent while not `isOn` is not traced. Answers with how to undo it. */
export function traceXhr(tracing: RequestTracing, isOn: () => boolean): () => void {
  const opened = new WeakMap<XMLHttpRequest, OpenedRequest>();
  const prototype = globalThis.XMLHttpRequest?.prototype;
  const undo = [
    patchMethod(prototype, 'open', (original) => {
      return function (this: XMLHttpRequest, ...args: readonly unknown[]) {
        const [method, url] = args;
        opened.set(this, { method: String(method), url: String(url), headers: new Set() });
        Reflect.apply(original, this, args);
      };
    }),
    patchMethod(prototype, 'setRequestHeader', (original) => {
      return function (this: XMLHttpRequest, name, value) {
        opened.get(this)?.headers.add(name.toLowerCase());
        original.call(this, name, value);
      };
    }),
    patchMethod(prototype, 'send', (original) => {
      return function (this: XMLHttpRequest, body) {
        const known = opened.get(this);
        const span =
          known !== undefined && isOn() ? guard(() => begin(tracing, this, known)) : undefined;
        try {
          original.call(this, body);
        } catch (thrown) {
          span?.fail(thrown);
          throw thrown;
        }
      };
    }),
  ];
  return () => {
    for (const step of undo.splice(0)) step();
  };
}

function begin(
  tracing: RequestTracing,
  request: XMLHttpRequest,
  known: OpenedRequest,
): RequestSpan {
  const url = new URL(known.url, document.baseURI);
  const span = new RequestSpan(tracing, { method: known.method, url }, (name, value) => {
    if (!known.headers.has(name)) request.setRequestHeader(name, value);
  });
  const once = { once: true };
  request.addEventListener('load', () => span.answer(request.status), once);
  for (const type of FAILURES) request.addEventListener(type, () => span.failAs(type), once);
  return span;
}
