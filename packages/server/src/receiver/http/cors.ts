import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** How long a browser may remember the answer to a preflight request; Chromium's own maximum. */
const MAX_AGE_SECONDS = 7200;

/** The headers that let a page of an allowed origin read the answer. */
export function corsHeaders(origin: string | undefined, isAllowed: boolean): OutgoingHttpHeaders {
  if (origin === undefined || !isAllowed) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    // What a page sends with `sendBeacon` comes with cookies, of which nothing here takes notice.
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After',
  };
}

/** The answer to a browser that asks whether it may send. */
export function preflightHeaders(request: IncomingMessage): OutgoingHttpHeaders {
  const asked = request.headers['access-control-request-headers'];
  return {
    'access-control-allow-methods': 'POST',
    // A sender may be configured with any header, such as a tenant's or a proxy's token.
    ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
    'access-control-max-age': String(MAX_AGE_SECONDS),
  };
}
