import type { SpanId, TraceId } from './ids.ts';
import type { Span, SpanKind } from './span.ts';
import type { UnixNano } from './time.ts';

/**
 * What makes a span one, however often it was sent: senders retry. Zipkin's shared ids, a client and a server span under
 * one id, are two.
 */
export interface SpanIdentity {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly service: string;
  readonly kind: SpanKind;
  readonly startUnixNano: UnixNano;
}

export function identityOf({ traceId, spanId, resource, kind, startUnixNano }: Span): SpanIdentity {
  return { traceId, spanId, service: resource.service, kind, startUnixNano };
}

/** Equal for equal identities, and for no others. */
export function identityKey(identity: SpanIdentity): string {
  return `${identity.traceId}/${identityInTrace(identity)}`;
}

/** The same among the spans of one trace. */
export function identityInTrace({
  spanId,
  service,
  kind,
  startUnixNano,
}: Omit<SpanIdentity, 'traceId'>): string {
  return `${spanId}/${kind}/${startUnixNano}/${service}`;
}
