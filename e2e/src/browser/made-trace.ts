/** A trace made for the screen, the same each time: several services, failures, events, an attribute with few values. */
export interface MadeTrace {
  readonly traceId: string;
  readonly spanCount: number;
  /** What spans are called, by their number; of services and work by default. */
  readonly nameOf?: (index: number) => string;
}

const SERVICES = ['frontend', 'order-service', 'payment-service', 'user-service'] as const;
const NAMES = ['create-order', 'SELECT shop.users', 'charge-card', 'reserve-stock'] as const;
const DURATION_NS = 1_000_000_000n;

/** An `ExportTraceServiceRequest` in OTLP's JSON. The trace began a minute ago. */
export function encodeOtlpTrace({ traceId, spanCount, nameOf }: MadeTrace): object {
  const startUnixNano = BigInt(Date.now() - 60_000) * 1_000_000n;
  const spans = Array.from({ length: spanCount }, (_, index) => ({
    service: SERVICES[index % 3 === 0 ? index % 4 : (index >> 1) % 4] ?? 'frontend',
    span: makeSpan({ traceId, index, startUnixNano, name: nameOf?.(index) }),
  }));
  return {
    resourceSpans: SERVICES.map((service) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [
        { spans: spans.filter((one) => one.service === service).map(({ span }) => span) },
      ],
    })),
  };
}

interface MadeSpan {
  readonly traceId: string;
  readonly index: number;
  readonly startUnixNano: bigint;
  readonly name: string | undefined;
}

/** Each span but the first is below one of the three before it, and lies within it. */
function makeSpan({ traceId, index, startUnixNano, name }: MadeSpan): object {
  const depth = depthOf(index);
  const start = startUnixNano + BigInt(index) * 1_000_000n;
  const end = start + DURATION_NS / BigInt(depth + 1) - BigInt(index) * 1_000_000n;
  const isFailed = index % 11 === 5;
  return {
    traceId,
    spanId: spanId(index),
    ...(index === 0 ? {} : { parentSpanId: spanId(parentOf(index)) }),
    name: name ?? NAMES[index % NAMES.length],
    kind: 1 + (index % 3),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end > start ? end : start + 500_000n),
    status: isFailed ? { code: 2, message: 'declined' } : {},
    attributes: [{ key: 'http.route', value: { stringValue: `/x/${index % 5}` } }],
    events:
      index % 4 === 1
        ? [{ timeUnixNano: String(start + 1000n), name: isFailed ? 'exception' : 'lock-acquired' }]
        : [],
  };
}

function parentOf(index: number): number {
  return index % 7 === 0 ? 0 : Math.max(0, index - 1 - (index % 3));
}

function depthOf(index: number): number {
  return index === 0 ? 0 : depthOf(parentOf(index)) + 1;
}

function spanId(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}
