/** Batches of jaeger.thrift for tests, written by Apache's thrift; a test names only what it is about. */
import { writeThrift } from './thrift-oracle.ts';
import type { ThriftEncoding, ThriftField, ThriftValue } from './thrift-oracle.ts';

export type TagInput = string | boolean | bigint | number | Uint8Array | ThriftValue;

export interface SpanInput {
  readonly traceIdLow?: bigint;
  readonly traceIdHigh?: bigint;
  readonly spanId?: bigint;
  readonly parentSpanId?: bigint;
  readonly name?: string | Uint8Array;
  readonly references?: readonly ReferenceInput[];
  readonly flags?: number;
  readonly startMicros?: bigint;
  readonly durationMicros?: bigint;
  readonly tags?: readonly (readonly [string | Uint8Array, TagInput])[];
  readonly logs?: readonly LogInput[];
}

export interface ReferenceInput {
  readonly type: 0 | 1;
  readonly traceIdLow: bigint;
  readonly traceIdHigh?: bigint;
  readonly spanId: bigint;
}

export interface LogInput {
  readonly timeMicros: bigint;
  readonly fields: readonly (readonly [string, TagInput])[];
}

export interface BatchInput {
  readonly service?: string | Uint8Array;
  readonly tags?: SpanInput['tags'];
  readonly spans?: readonly SpanInput[];
}

export function writeBatch(
  batch: BatchInput,
  encoding: ThriftEncoding = 'binary',
  method?: string,
): Uint8Array {
  const value = batchStruct(batch);
  if (method === undefined) return writeThrift(encoding, value);
  return writeThrift(encoding, struct({ 1: value }), method);
}

function batchStruct({ service = 'order-service', tags = [], spans = [{}] }: BatchInput) {
  return struct({
    1: struct({ 1: text(service), 2: list(tags.map(tagStruct)) }),
    2: list(spans.map(spanStruct)),
  });
}

function spanStruct(span: SpanInput): ThriftValue {
  return struct({
    1: i64(span.traceIdLow ?? 0x11n),
    2: span.traceIdHigh === undefined ? undefined : i64(span.traceIdHigh),
    3: i64(span.spanId ?? 0x22n),
    4: i64(span.parentSpanId ?? 0n),
    5: text(span.name ?? 'create-order'),
    6: span.references === undefined ? undefined : list(span.references.map(referenceStruct)),
    7: { type: 'i32', value: span.flags ?? 1 },
    8: i64(span.startMicros ?? 1_700_000_000_000_000n),
    9: i64(span.durationMicros ?? 5000n),
    10: span.tags === undefined ? undefined : list(span.tags.map(tagStruct)),
    11: span.logs === undefined ? undefined : list(span.logs.map(logStruct)),
  });
}

function referenceStruct(reference: ReferenceInput): ThriftValue {
  return struct({
    1: { type: 'i32', value: reference.type },
    2: i64(reference.traceIdLow),
    3: i64(reference.traceIdHigh ?? 0n),
    4: i64(reference.spanId),
  });
}

function logStruct({ timeMicros, fields }: LogInput): ThriftValue {
  return struct({ 1: i64(timeMicros), 2: list(fields.map(tagStruct)) });
}

function tagStruct([key, value]: readonly [string | Uint8Array, TagInput]): ThriftValue {
  const tag = (vType: number, id: number, content: ThriftValue): ThriftValue =>
    struct({ 1: text(key), 2: { type: 'i32', value: vType }, [id]: content });
  if (typeof value === 'string') return tag(0, 3, text(value));
  if (typeof value === 'number') return tag(1, 4, { type: 'double', value });
  if (typeof value === 'boolean') return tag(2, 5, { type: 'bool', value });
  if (typeof value === 'bigint') return tag(3, 6, i64(value));
  if (value instanceof Uint8Array) return tag(4, 7, { type: 'string', value });
  return value;
}

/** Fields by id; those that are `undefined` are left out. */
export function struct(fields: Readonly<Record<number, ThriftValue | undefined>>): ThriftValue {
  const present = Object.entries(fields).flatMap(([id, value]): ThriftField[] =>
    value === undefined ? [] : [{ id: Number(id), value }],
  );
  return { type: 'struct', fields: present };
}

export function text(value: string | Uint8Array): ThriftValue {
  return { type: 'string', value: typeof value === 'string' ? Buffer.from(value) : value };
}

function i64(value: bigint): ThriftValue {
  return { type: 'i64', value };
}

function list(elements: readonly ThriftValue[]): ThriftValue {
  return { type: 'list', elementType: 'struct', elements };
}
