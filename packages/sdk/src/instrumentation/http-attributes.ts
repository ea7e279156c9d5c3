/** What HTTP spans of both sides say, after OpenTelemetry's stable semantic conventions for HTTP. */
import type { Attributes, Span } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';

const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

/** The method as the conventions want it; one nobody knows must not become a span name of its own. */
export function methodAttributes(method: string): Attributes {
  const upper = method.toUpperCase();
  if (!KNOWN_METHODS.has(upper)) {
    return { 'http.request.method': '_OTHER', 'http.request.method_original': method };
  }
  return upper === method
    ? { 'http.request.method': method }
    : { 'http.request.method': upper, 'http.request.method_original': method };
}

/** The part of the span name that the method gives. */
export function methodName(method: string): string {
  const upper = method.toUpperCase();
  return KNOWN_METHODS.has(upper) ? upper : 'HTTP';
}

/**
 * Sets the status code, and the error that it means: for a client everything from 400, for a server only from 500,
 * because 404 is the server's correct answer to a wrong question.
 */
export function setResponseStatus(span: Span, status: number, firstErrorStatus: 400 | 500): void {
  span.setAttribute('http.response.status_code', status);
  if (status < firstErrorStatus) return;
  span.setAttribute('error.type', String(status));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Query parameters that are known to grant access. */
const SECRET_PARAMETER = /^(?:AWSAccessKeyId|Signature|sig|X-Goog-Signature)$/i;

/** A query string, without its question mark, whose secrets are covered. */
export function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const key = pair.split('=', 1)[0] ?? '';
      return SECRET_PARAMETER.test(key) ? `${key}=REDACTED` : pair;
    })
    .join('&');
}

/** A URL without credentials, whose secrets are covered. */
export function redactUrl(url: URL): string {
  const query = url.search.length > 1 ? `?${redactQuery(url.search.slice(1))}` : '';
  return `${url.protocol}//${url.host}${url.pathname}${query}${url.hash}`;
}

/**
 * What is known of a request before it is made. Spelled out in one piece: an object that is put together from others costs more
 * than the rest of the span.
 */
export function clientAttributes(method: string, url: URL | undefined): Attributes {
  const named = methodAttributes(method);
  const server = url === undefined ? undefined : serverAttributes(url);
  return {
    'http.request.method': named['http.request.method'],
    'http.request.method_original': named['http.request.method_original'],
    'url.full': url === undefined ? undefined : redactUrl(url),
    'server.address': server?.['server.address'],
    'server.port': server?.['server.port'],
  };
}

/** Where a request goes to: `server.address` and `server.port`. */
export function serverAttributes(url: URL): Attributes {
  return {
    'server.address': url.hostname.replace(/^\[|\]$/g, ''),
    'server.port': url.port === '' ? defaultPort(url.protocol) : Number(url.port),
  };
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}
