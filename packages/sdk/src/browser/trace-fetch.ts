import { guard } from '../instrumentation/http-tracer.ts';
import { patchMethod } from './patch-method.ts';
import { RequestSpan } from './request-span.ts';
import type { RequestTracing } from './request-span.ts';

/** Traces `fetch`. A request that begins while not `isOn` is not traced. Answers with how to undo it. */
export function traceFetch(tracing: RequestTracing, isOn: () => boolean): () => void {
  return patchMethod(globalThis, 'fetch', (original) => {
    return function (this: unknown, input, init) {
      const begun = isOn() ? guard(() => begin(tracing, input, init)) : undefined;
      const answer = original.call(this as typeof globalThis, input, begun?.init ?? init);
      return begun === undefined ? answer : end(begun.span, answer);
    };
  });
}

interface Begun {
  readonly span: RequestSpan;
  readonly init: RequestInit | undefined;
}

function begin(
  tracing: RequestTracing,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Begun {
  const request = typeof input === 'object' && 'method' in input ? input : undefined;
  const url = new URL(request?.url ?? (input as string | URL), document.baseURI);
  const method = init?.method ?? request?.method ?? 'GET';
  const carried: [string, string][] = [];
  const span = new RequestSpan(tracing, { method, url }, (...header) => carried.push(header));
  if (carried.length === 0) return { span, init };
  // Headers beside a request replace all of its own.
  const headers = new Headers(init?.headers ?? request?.headers);
  for (const [name, value] of carried) headers.set(name, value);
  return { span, init: { ...init, headers } };
}

async function end(span: RequestSpan, answer: Promise<Response>): Promise<Response> {
  try {
    const response = await answer;
    // An answer of another origin that the page may not see has no status.
    if (response.type === 'opaque') span.end();
    else span.answer(response.status);
    return response;
  } catch (thrown) {
    span.fail(thrown);
    throw thrown;
  }
}
