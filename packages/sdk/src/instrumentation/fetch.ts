import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SpanKind, context, propagation } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { TraceContext } from '../context/trace-context.ts';
import { failRequest } from './fail-request.ts';
import { clientAttributes, methodName, setResponseStatus } from './http-attributes.ts';
import { guard, httpTracer } from './http-tracer.ts';

/** As much of undici's request as is used. Up to version 5 its headers were one string, since then they are a list. */
interface UndiciRequest {
  readonly origin?: unknown;
  readonly path: string;
  readonly method: string;
  readonly headers: string | unknown[];
  addHeader(name: string, value: string): unknown;
}

/**
 * Traces `fetch`, and everything else that is made with undici, through the diagnostics channels that undici offers.
 * A request
 * that begins while not `isOn` is not traced. Answers with how to undo it.
 */
export function instrumentFetch(isOn: () => boolean): () => void {
  const spans = new WeakMap<object, Span>();
  const listeners: readonly (readonly [string, (message: unknown) => void])[] = [
    ['undici:request:create', onRequest((request) => isOn() && start(request, spans))],
    ['undici:request:headers', onRequest((request, message) => answer(request, message, spans))],
    ['undici:request:trailers', onRequest((request) => end(request, spans))],
    ['undici:request:error', onRequest((request, message) => fail(request, message, spans))],
  ];
  for (const [channel, listener] of listeners) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of listeners) unsubscribe(channel, listener);
  };
}

type Spans = WeakMap<object, Span>;
type Message = Readonly<Record<string, unknown>>;

function onRequest(
  step: (request: UndiciRequest, message: Message) => unknown,
): (message: unknown) => void {
  return (message) =>
    guard(() => {
      const record = message as Message;
      if (isUndiciRequest(record['request'])) step(record['request'], record);
    });
}

function isUndiciRequest(value: unknown): value is UndiciRequest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    'addHeader' in value &&
    typeof value.addHeader === 'function'
  );
}

function start(request: UndiciRequest, spans: Spans): void {
  const parent = context.active();
  if (isTracingSuppressed(parent)) return;
  const url = resolveUrl(request);
  const span = httpTracer().startSpan(
    methodName(request.method),
    { kind: SpanKind.CLIENT, attributes: clientAttributes(request.method, url) },
    parent,
  );
  spans.set(request, span);
  propagation.inject(TraceContext.withSpan(parent, span), request, { set: setHeader });
}

function resolveUrl({ origin, path }: UndiciRequest): URL | undefined {
  const base = origin instanceof URL ? origin.origin : origin;
  const address = `${typeof base === 'string' ? base : ''}${path}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** A second header of the name would contradict the first, as when a proxy hands on what it received. */
function setHeader(request: UndiciRequest, name: string, value: string): void {
  const { headers } = request;
  const at = Array.isArray(headers) ? findHeader(headers, name) : -1;
  if (at >= 0 && Array.isArray(headers)) headers[at + 1] = value;
  else request.addHeader(name, value);
}

function findHeader(headers: readonly unknown[], name: string): number {
  for (let i = 0; i < headers.length; i += 2) {
    const header = headers[i];
    if (typeof header === 'string' && header.toLowerCase() === name) return i;
  }
  return -1;
}

function answer(request: UndiciRequest, message: Message, spans: Spans): void {
  const response = message['response'];
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return;
  const span = spans.get(request);
  if (span !== undefined) setResponseStatus(span, Number(response.statusCode), 400);
}

function end(request: UndiciRequest, spans: Spans): void {
  spans.get(request)?.end();
  spans.delete(request);
}

function fail(request: UndiciRequest, message: Message, spans: Spans): void {
  const span = spans.get(request);
  if (span !== undefined) failRequest(span, message['error']);
  end(request, spans);
}
