/**
 * The spans that pictures are taken of: an hour of orders at a shop, the same each time. Written by hand as OTLP in JSON, so that
 * neither the demo nor the SDK changes the pictures.
 */

/** 22 November 2026, 12:00 UTC. */
export const END_MS: number = Date.UTC(2026, 10, 22, 12);
export const START_MS: number = END_MS - 3_600_000;
/** The browser's clock stands still a little later. */
export const NOW_MS: number = END_MS + 20_000;

const TRACE_COUNT = 60;
const FAILED = 57;
export const FAILED_TRACE_ID: string = traceIdOf(FAILED);
/** None of their spans failed. */
export const FAST_TRACE_ID: string = traceIdOf(26);
export const SLOW_TRACE_ID: string = traceIdOf(38);
/** Of all traces together. */
export const SPAN_COUNT: number = TRACE_COUNT * 10;

interface FixedSpan {
  readonly service: string;
  readonly name: string;
  /** As OTLP numbers kinds: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** Place of the parent in the list. */
  readonly parent?: number;
  /** Milliseconds after the trace began, and how long it took. */
  readonly at: number;
  readonly ms: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

const ORDER: readonly FixedSpan[] = [
  {
    service: 'order-service',
    name: 'POST /orders',
    kind: 2,
    at: 0,
    ms: 118,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/orders',
      'http.response.status_code': 201,
    },
  },
  {
    service: 'order-service',
    name: 'check the order',
    kind: 1,
    parent: 0,
    at: 2,
    ms: 3,
    attributes: { 'order.items': 2 },
  },
  {
    service: 'order-service',
    name: 'GET',
    kind: 3,
    parent: 0,
    at: 6,
    ms: 31,
    attributes: { 'http.request.method': 'GET', 'server.address': 'user-service' },
  },
  {
    service: 'user-service',
    name: 'GET /users/{id}',
    kind: 2,
    parent: 2,
    at: 9,
    ms: 25,
    attributes: { 'http.route': '/users/{id}', 'http.response.status_code': 200 },
  },
  {
    service: 'user-service',
    name: 'SELECT users',
    kind: 3,
    parent: 3,
    at: 13,
    ms: 18,
    attributes: { 'db.system.name': 'postgresql', 'server.address': 'users-db' },
  },
  {
    service: 'order-service',
    name: 'INSERT orders',
    kind: 3,
    parent: 0,
    at: 39,
    ms: 14,
    attributes: { 'db.system.name': 'postgresql', 'server.address': 'orders-db' },
  },
  {
    service: 'order-service',
    name: 'POST',
    kind: 3,
    parent: 0,
    at: 55,
    ms: 52,
    attributes: { 'http.request.method': 'POST', 'server.address': 'payment-service' },
  },
  {
    service: 'payment-service',
    name: 'POST /charges',
    kind: 2,
    parent: 6,
    at: 58,
    ms: 47,
    attributes: { 'http.route': '/charges', 'payment.method': 'card' },
  },
  {
    service: 'order-service',
    name: 'orders publish',
    kind: 4,
    parent: 0,
    at: 108,
    ms: 5,
    attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' },
  },
  {
    service: 'email-service',
    name: 'orders process',
    kind: 5,
    parent: 8,
    at: 130,
    ms: 40,
    attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' },
  },
];

/** As a request of OTLP over HTTP in JSON. */
export function fixedRequest(): unknown {
  const byService = new Map<string, unknown[]>();
  for (let trace = 0; trace < TRACE_COUNT; trace++) {
    ORDER.forEach((span, place) => {
      const spans = byService.get(span.service) ?? [];
      byService.set(span.service, spans);
      spans.push(spanToOtlp(span, place, trace));
    });
  }
  return {
    resourceSpans: [...byService].map(([service, spans]) => ({
      resource: {
        attributes: attributesToOtlp({
          'service.name': service,
          'host.name': `${service}-1`,
          'deployment.environment.name': 'production',
        }),
      },
      scopeSpans: [{ scope: { name: 'shop', version: '1.4.0' }, spans }],
    })),
  };
}

function spanToOtlp(span: FixedSpan, place: number, trace: number): unknown {
  const { name, kind, parent, at, ms, attributes } = span;
  // Traces are as long as 0.5 to 4 times the pattern, a few of them much longer.
  const scale = 0.5 + ((trace * 37) % 60) / 17 + (trace % 19 === 0 ? 9 : 0);
  const startNs = (START_MS + 20_000 + trace * 59_000) * 1000 + Math.round(at * scale * 1000);
  const isFailed = trace % 11 === FAILED % 11 && (place === 7 || place === 6 || place === 0);
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(trace, place),
    ...(parent === undefined ? {} : { parentSpanId: spanIdOf(trace, parent) }),
    name,
    kind,
    startTimeUnixNano: `${startNs}000`,
    endTimeUnixNano: `${startNs + Math.round(ms * scale * 1000)}000`,
    attributes: attributesToOtlp(attributes),
    status: isFailed ? { code: 2, message: 'the card was declined' } : {},
    events:
      isFailed && place === 7
        ? [
            {
              timeUnixNano: `${startNs + Math.round(ms * scale * 900)}000`,
              name: 'exception',
              attributes: attributesToOtlp({
                'exception.type': 'CardDeclined',
                'exception.message': 'the card was declined',
              }),
            },
          ]
        : [],
  };
}

function attributesToOtlp(attributes: Readonly<Record<string, string | number>>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

function traceIdOf(trace: number): string {
  return `c1e0${(trace + 1).toString(16).padStart(28, '0')}`;
}

/** Of the failed trace they end in `a0` to `a9`. */
function spanIdOf(trace: number, place: number): string {
  const number = trace === FAILED ? 0xa0 + place : (trace + 1) * 0x1000 + place;
  return number.toString(16).padStart(16, '0');
}
