/**
 * What a Jaeger sender says, in Jaeger's own words and free of its encoding: thrift, protobuf and JSON are all read into
 * this, and `to-model.ts` says once what it means. Tags are already attributes, since both are typed alike.
 */
import type { Attribute } from '@clew/model';

/** Who sent: OpenTelemetry's resource. */
export interface JaegerProcess {
  readonly serviceName: string;
  readonly tags: readonly Attribute[];
  readonly droppedTagsCount: number;
}

export interface JaegerSpan {
  /** 32 hexadecimal digits; any other even number of them is refused later, with zero, as it is for OTLP. */
  readonly traceId: string;
  /** 16 hexadecimal digits, likewise. */
  readonly spanId: string;
  /** 16 hexadecimal digits; empty or zero when only references tell. */
  readonly parentSpanId: string;
  readonly operationName: string;
  readonly references: readonly JaegerReference[];
  readonly droppedReferencesCount: number;
  readonly flags: number;
  /** Nanoseconds since 1970 as they were sent: may be negative or beyond what 64 bits hold. */
  readonly startNanos: bigint;
  readonly durationNanos: bigint;
  readonly tags: readonly Attribute[];
  readonly droppedTagsCount: number;
  readonly logs: readonly JaegerLog[];
  readonly droppedLogsCount: number;
  /** What the decoder had to change, for people to read. */
  readonly changes: readonly string[];
}

export interface JaegerReference {
  readonly type: 'child_of' | 'follows_from';
  readonly traceId: string;
  readonly spanId: string;
}

export interface JaegerLog {
  readonly timeNanos: bigint;
  readonly fields: readonly Attribute[];
  readonly droppedFieldsCount: number;
}

/** Stands where a sender told no process at all. */
export const NO_PROCESS: JaegerProcess = { serviceName: '', tags: [], droppedTagsCount: 0 };
