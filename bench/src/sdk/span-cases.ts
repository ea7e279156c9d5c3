import { SpanKind } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';

/** What an application does for one span. */
export const SPAN_CASES: Readonly<Record<string, (tracer: Tracer) => void>> = {
  bare: (tracer) => tracer.startSpan('get-user').end(),
  '10 attributes': (tracer) => {
    const span = tracer.startSpan('GET /users/:id', { kind: SpanKind.SERVER });
    span.setAttribute('http.request.method', 'GET');
    span.setAttribute('url.path', '/users/42');
    span.setAttribute('http.response.status_code', 200);
    span.setAttribute('server.address', 'user-service');
    span.setAttribute('server.port', 8080);
    span.setAttribute('user_agent.original', 'node-fetch/1.0');
    span.setAttribute('network.protocol.version', '1.1');
    span.setAttribute('client.address', '10.1.2.3');
    span.setAttribute('http.route', '/users/:id');
    span.setAttribute('cache.hit', true);
    span.end();
  },
  '2 events': (tracer) => {
    const span = tracer.startSpan('get-user');
    span.addEvent('cache.miss', { 'cache.key': 'user:42' });
    span.addEvent('retry', { attempt: 2 });
    span.end();
  },
  'active, in a parent': (tracer) => {
    tracer.startActiveSpan('get-user', (span) => span.end());
  },
};
