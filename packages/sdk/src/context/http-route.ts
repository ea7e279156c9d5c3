import { context, createContextKey } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';

/**
 * What a framework may tell about the HTTP request that is being served. The key and the shape are those that
 * OpenTelemetry's packages use, so that their instrumentations of Express, Koa and others give our server spans their
 * routes.
 */
export interface HttpRequestMetadata {
  readonly type: 'http';
  readonly span: Span;
  route?: string;
}

const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

/** A context in which `setHttpRoute` and other instrumentations find the request. */
export function withHttpRequest(from: Context, metadata: HttpRequestMetadata): Context {
  return from.setValue(RPC_METADATA, metadata);
}

/**
 * Says which route answers the current HTTP request, as a pattern such as `/users/:id`. Its server span is then named
 * after it (`GET /users/:id`) instead of the bare method. Does nothing outside a request.
 */
export function setHttpRoute(route: string): void {
  const metadata = context.active().getValue(RPC_METADATA);
  if (isHttpRequestMetadata(metadata)) metadata.route = route;
}

function isHttpRequestMetadata(value: unknown): value is HttpRequestMetadata {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'http';
}
