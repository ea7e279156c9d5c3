import { SpanKind, SpanStatusCode, propagation, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { failRequest } from '../instrumentation/fail-request.ts';
import {
  clientAttributes,
  methodName,
  setResponseStatus,
} from '../instrumentation/http-attributes.ts';
import { httpTracer } from '../instrumentation/http-tracer.ts';

/** What the spans of requests of either kind have to know. */
export interface RequestTracing {
  readonly active: () => Context;
  /** Whether a request to there carries the trace. */
  readonly propagates: (url: URL) => boolean;
  /** Those that are not over. */
  readonly open: Set<RequestSpan>;
}

/** The span of a request that this page makes, from its start to the head of its answer. */
export class RequestSpan {
  readonly #span: Span;
  readonly #open: Set<RequestSpan>;

  /** `setHeader` is called with what the request is to carry, if it is to. */
  constructor(
    { active, propagates, open }: RequestTracing,
    { method, url }: { readonly method: string; readonly url: URL },
    setHeader: (name: string, value: string) => void,
  ) {
    const context = active();
    const attributes = clientAttributes(method, url);
    const kind = SpanKind.CLIENT;
    this.#span = httpTracer().startSpan(methodName(method), { kind, attributes }, context);
    this.#open = open.add(this);
    if (!propagates(url)) return;
    const set = (_: unknown, name: string, value: string): void => setHeader(name, value);
    propagation.inject(trace.setSpan(context, this.#span), undefined, { set });
  }

  answer(status: number): void {
    setResponseStatus(this.#span, status, 400);
    this.end();
  }

  fail(thrown: unknown): void {
    failRequest(this.#span, thrown);
    this.end();
  }

  /** There is no answer, and no more is known. */
  failAs(type: string): void {
    this.#span.setAttribute('error.type', type);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.end();
  }

  /** Whatever became of it: the page goes away. */
  end(): void {
    this.#open.delete(this);
    this.#span.end();
  }
}
