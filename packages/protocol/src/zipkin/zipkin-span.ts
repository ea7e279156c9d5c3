import type { Attribute, SpanId, SpanKind, TraceId } from '@clew/model';

/** One side of a span's connection; what is not known is empty or 0. */
export interface ZipkinEndpoint {
  readonly serviceName: string;
  /** The IPv6 address where there is one, else the IPv4 address. */
  readonly ip: string;
  /** 0 to 65535. */
  readonly port: number;
}

export interface ZipkinAnnotation {
  /** Nanoseconds since 1970; the sender counts microseconds. `undefined` when it gave no time. */
  readonly timeNano: bigint | undefined;
  readonly value: string;
}

/** Which span of which trace. */
export interface ZipkinIds {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
}

/**
 * A span in the shape of Zipkin's second version, which all payloads are brought into: whatever was on the wire, ids are
 * ids, times are nanoseconds and what the sender left out is `undefined`.
 *
 * https://zipkin.io/zipkin-api/#/default/post_spans
 */
export interface ZipkinSpan extends ZipkinIds {
  readonly name: string;
  readonly kind: SpanKind;
  /** Nanoseconds since 1970, of any sign. */
  readonly startNano: bigint | undefined;
  readonly durationNano: bigint | undefined;
  readonly localEndpoint: ZipkinEndpoint | undefined;
  readonly remoteEndpoint: ZipkinEndpoint | undefined;
  readonly annotations: readonly ZipkinAnnotation[];
  /** Texts in the second version; the first one's thrift has numbers too. */
  readonly tags: readonly Attribute[];
  readonly droppedTagsCount: number;
  readonly droppedAnnotationsCount: number;
  readonly debug: boolean;
  /** Whether the id was made by the other side of the call, which reports a span of its own under it. */
  readonly shared: boolean;
  /** What was not taken as it was sent, in words. */
  readonly changes: readonly string[];
}
