import type { ClientRequest, IncomingMessage } from 'node:http';
import { errorMonitor } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { SpanKind, context, propagation } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { TraceContext } from '../context/trace-context.ts';
import { failRequest } from './fail-request.ts';
import { clientAttributes, methodName, setResponseStatus } from './http-attributes.ts';
import { parseRequestArguments, withCarriedHeaders } from './http-request-arguments.ts';
import type { RequestArguments } from './http-request-arguments.ts';
import { guard, httpTracer } from './http-tracer.ts';
import { http, https } from '../node-http.ts';

type StartRequest = (...args: unknown[]) => ClientRequest;
type HttpModule = typeof http | typeof https;

/**
 * Traces every request that is made with `http.request`, `http.get` and their `https` twins, and lets it carry the
 * context, while `isOn`. The functions are replaced in the modules, and then in what `import` has already handed out.
 * Answers with how to undo it.
 */
export function instrumentHttpClient(isOn: () => boolean): () => void {
  const undo = [patchModule(http, 'http:', isOn), patchModule(https, 'https:', isOn)];
  syncBuiltinESMExports();
  return () => {
    for (const step of undo) step();
    syncBuiltinESMExports();
  };
}

function patchModule(
  module: HttpModule,
  protocol: 'http:' | 'https:',
  isOn: () => boolean,
): () => void {
  const original = { request: module.request, get: module.get };
  const start = original.request as StartRequest;
  const request: StartRequest = (...args) =>
    isOn() ? startRequest(start, args, protocol) : start(...args);
  const get: StartRequest = (...args) => {
    const started = request(...args);
    started.end();
    return started;
  };
  module.request = request;
  module.get = get;
  return () => {
    if (module.request === request) module.request = original.request;
    if (module.get === get) module.get = original.get;
  };
}

function startRequest(
  start: StartRequest,
  args: readonly unknown[],
  protocol: 'http:' | 'https:',
): ClientRequest {
  const parent = context.active();
  if (isTracingSuppressed(parent)) return start(...args);
  const outgoing = guard(() => prepare(args, protocol, parent));
  if (outgoing === undefined) return start(...args);
  const { span } = outgoing;
  let request: ClientRequest;
  try {
    request = start(...outgoing.args);
  } catch (thrown) {
    failRequest(span, thrown);
    span.end();
    throw thrown;
  }
  guard(() => watch(request, span));
  return request;
}

interface Outgoing {
  readonly span: Span;
  readonly args: readonly unknown[];
}

/** Starts the span and puts its context among the headers. The request itself is made in the context of the caller. */
function prepare(
  args: readonly unknown[],
  protocol: 'http:' | 'https:',
  parent: Context,
): Outgoing {
  const parsed = parseRequestArguments(args, protocol);
  const span = startClientSpan(parsed, parent);
  const carrier: Record<string, string> = {};
  propagation.inject(TraceContext.withSpan(parent, span), carrier);
  return { span, args: withCarriedHeaders(parsed, carrier) };
}

function startClientSpan({ method, url }: RequestArguments, parent: Context): Span {
  return httpTracer().startSpan(
    methodName(method),
    { kind: SpanKind.CLIENT, attributes: clientAttributes(method, url) },
    parent,
  );
}

/**
 * Ends the span with the request. Only `close` and the monitor of errors are listened to: a listener for `response`
 * would keep Node from throwing an unwanted answer away, one for `error` would hide an error that nobody handles.
 */
function watch(request: ClientRequest, span: Span): void {
  let hasFailed = false;
  request.once(errorMonitor, (error: unknown) => {
    hasFailed = true;
    guard(() => failRequest(span, error));
  });
  request.once('close', () => guard(() => endClientSpan(request, span, hasFailed)));
}

function endClientSpan(request: ClientRequest, span: Span, hasFailed: boolean): void {
  const response = responseOf(request);
  if (response !== undefined) {
    setResponseStatus(span, response.statusCode ?? 0, 400);
    span.setAttribute('network.protocol.version', response.httpVersion);
  }
  if (response?.complete !== true && !hasFailed) {
    failRequest(span, new Error('the connection was closed before the answer was complete'));
  }
  span.end();
}

/** Node keeps the response on the request, and has done so since its first versions, but its types do not say so. */
function responseOf(request: ClientRequest): IncomingMessage | undefined {
  const response = 'res' in request ? request.res : undefined;
  return response instanceof http.IncomingMessage ? response : undefined;
}
