import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventEmitter } from 'node:events';
import { TLSSocket } from 'node:tls';
import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { withHttpRequest } from '../context/http-route.ts';
import type { HttpRequestMetadata } from '../context/http-route.ts';
import { runEventsIn } from '../context/run-events-in.ts';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { TraceContext } from '../context/trace-context.ts';
import { failRequest } from './fail-request.ts';
import {
  methodAttributes,
  methodName,
  redactQuery,
  serverAttributes,
  setResponseStatus,
} from './http-attributes.ts';
import { guard, httpTracer } from './http-tracer.ts';
import { http, https } from '../node-http.ts';

type Emit = (this: EventEmitter, event: string | symbol, ...args: unknown[]) => boolean;

/**
 * Traces every request that a server of `node:http` or `node:https` in this process answers. A server announces a
 * request by emitting `request`; while `isOn`, all its listeners run inside the request's span. Answers with how to undo
 * it.
 */
export function instrumentHttpServer(isOn: () => boolean): () => void {
  const undo = [http.Server.prototype, https.Server.prototype].map((prototype) =>
    patchEmit(prototype, isOn),
  );
  return () => {
    for (const step of undo) step();
  };
}

function patchEmit(prototype: EventEmitter, isOn: () => boolean): () => void {
  const before = Object.getOwnPropertyDescriptor(prototype, 'emit');
  const inherited = Reflect.get(prototype, 'emit') as Emit;
  const emit: Emit = function (event, ...args) {
    if (event !== 'request' || !isOn()) return inherited.call(this, event, ...args);
    const [request, response] = args;
    if (!isRequest(request) || !isResponse(response)) return inherited.call(this, event, ...args);
    const ctx = guard(() => startServerSpan(request, response));
    if (ctx === undefined) return inherited.call(this, event, ...args);
    return context.with(ctx, () => callListeners(ctx, () => inherited.call(this, event, ...args)));
  };
  Object.defineProperty(prototype, 'emit', { value: emit, writable: true, configurable: true });
  return () => {
    if (Reflect.get(prototype, 'emit') !== emit) return;
    // Node's servers inherit `emit`; somebody else's instrumentation may have given them one before this.
    if (before === undefined) Reflect.deleteProperty(prototype, 'emit');
    else Object.defineProperty(prototype, 'emit', before);
  };
}

/** What a listener throws ends the process or is caught further up; either way the span should tell. */
function callListeners(ctx: Context, emit: () => boolean): boolean {
  try {
    return emit();
  } catch (thrown) {
    const span = trace.getSpan(ctx);
    if (span !== undefined) failRequest(span, thrown);
    throw thrown;
  }
}

function isRequest(value: unknown): value is IncomingMessage {
  return value instanceof http.IncomingMessage;
}

function isResponse(value: unknown): value is ServerResponse {
  return value instanceof http.ServerResponse;
}

function startServerSpan(request: IncomingMessage, response: ServerResponse): Context | undefined {
  // A server emits outside of every request, except where a test or another server hands a request on.
  const active = context.active();
  if (isTracingSuppressed(active)) return undefined;
  const parent = propagation.extract(TraceContext.root, request.headers);
  const method = methodName(request.method ?? '');
  const span = httpTracer().startSpan(
    method,
    { kind: SpanKind.SERVER, attributes: requestAttributes(request) },
    parent,
  );
  const metadata: HttpRequestMetadata = { type: 'http', span };
  response.once('close', () => guard(() => endServerSpan(response, method, metadata)));
  const ctx = withHttpRequest(TraceContext.withSpan(parent, span), metadata);
  // Node emits the events of a request's body from the connection, which knows of no context.
  runEventsIn(ctx, request);
  runEventsIn(ctx, response);
  return ctx;
}

function endServerSpan(
  response: ServerResponse,
  method: string,
  { span, route }: HttpRequestMetadata,
): void {
  if (route !== undefined) {
    span.setAttribute('http.route', route);
    span.updateName(`${method} ${route}`);
  }
  if (response.headersSent) setResponseStatus(span, response.statusCode, 500);
  if (!response.writableFinished) endAsAborted(span);
  span.end();
}

function endAsAborted(span: Span): void {
  span.setAttribute('error.type', 'aborted');
  span.setStatus({
    code: SpanStatusCode.ERROR,
    message: 'the connection was closed before the answer was complete',
  });
}

/** Spelled out in one piece: an object that is put together from others costs more than the rest of the span. */
function requestAttributes(request: IncomingMessage): Attributes {
  const { headers, socket } = request;
  const scheme = socket instanceof TLSSocket ? 'https' : 'http';
  const method = methodAttributes(request.method ?? '');
  const url = parseTarget(request.url ?? '/', scheme, headers.host);
  const peer = socket.remoteAddress;
  return {
    'http.request.method': method['http.request.method'],
    'http.request.method_original': method['http.request.method_original'],
    'url.scheme': scheme,
    'url.path': url.path,
    'url.query': url.query,
    'server.address': url.server['server.address'],
    'server.port': url.server['server.port'],
    'network.protocol.version': request.httpVersion,
    'network.peer.address': peer,
    'network.peer.port': socket.remotePort,
    'client.address': firstForwarded(headers['x-forwarded-for']) ?? peer,
    'user_agent.original': headers['user-agent'],
  };
}

interface Target {
  readonly path: string;
  readonly query: string | undefined;
  readonly server: Attributes;
}

/** The target of a request is a path; from a client of a proxy it is a whole URL; whatever else it is stays as it is. */
function parseTarget(target: string, scheme: string, host: string | undefined): Target {
  const isPath = target.startsWith('/');
  const full = !isPath && URL.canParse(target) ? new URL(target) : undefined;
  const path = full ? `${full.pathname}${full.search}` : target;
  const queryStart = path.indexOf('?');
  const origin = full ? full.origin : `${scheme}://${host ?? ''}`;
  return {
    path: queryStart < 0 ? path : path.slice(0, queryStart),
    query: queryStart < 0 ? undefined : redactQuery(path.slice(queryStart + 1)),
    server: attributesOfOrigin(origin),
  };
}

/** A server is asked by few names, and reading a URL costs more than the rest of a span. */
const MAX_ORIGINS = 100;
const knownOrigins = new Map<string, Attributes>();

function attributesOfOrigin(origin: string): Attributes {
  const known = knownOrigins.get(origin);
  if (known !== undefined) return known;
  const attributes = URL.canParse(origin) ? serverAttributes(new URL(origin)) : {};
  if (knownOrigins.size >= MAX_ORIGINS) knownOrigins.clear();
  knownOrigins.set(origin, attributes);
  return attributes;
}

function firstForwarded(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',', 1)[0]?.trim() || undefined;
}
