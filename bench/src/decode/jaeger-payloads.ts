/** Spans of the model as Jaeger's clients would send them: in batches of one process each. */

import type { Attribute, Span } from '@clew/model';
import { writePostSpans } from '../../../packages/protocol/src/testing/jaeger-oracle.ts';
import { writeThrift } from '../../../packages/protocol/src/testing/thrift-oracle.ts';
import type {
  ThriftEncoding,
  ThriftValue,
} from '../../../packages/protocol/src/testing/thrift-oracle.ts';

type Batch = readonly [Span, ...Span[]];

/** The body of a request to `/api/traces` in the binary protocol. */
export function writeJaegerBatch(spans: Batch): Uint8Array {
  return writeThrift('binary', batchStruct(spans));
}

/** A message to the agent. */
export function writeJaegerDatagram(spans: Batch, encoding: ThriftEncoding): Uint8Array {
  return writeThrift(encoding, struct({ 1: batchStruct(spans) }), 'emitBatch');
}

/** A `PostSpansRequest`. */
export function writeJaegerProtobuf(spans: Batch): Uint8Array {
  const { service, attributes } = spans[0].resource;
  return writePostSpans({
    batch: {
      process: { serviceName: service, tags: attributes.map(toKeyValue) },
      spans: spans.map((span) => ({
        traceId: Buffer.from(span.traceId, 'hex'),
        spanId: Buffer.from(span.spanId, 'hex'),
        operationName: span.name,
        references:
          span.parentSpanId === undefined
            ? []
            : [
                {
                  traceId: Buffer.from(span.traceId, 'hex'),
                  spanId: Buffer.from(span.parentSpanId, 'hex'),
                },
              ],
        flags: 1,
        startTime: timestamp(span.startUnixNano),
        duration: timestamp(span.durationNano),
        tags: tagsOf(span).map(toKeyValue),
        logs: span.events.map((event) => ({
          timestamp: timestamp(event.timeUnixNano),
          fields: [eventName(event.name), ...event.attributes].map(toKeyValue),
        })),
      })),
    },
  });
}

function batchStruct(spans: Batch): ThriftValue {
  const { service, attributes } = spans[0].resource;
  return struct({
    1: struct({ 1: text(service), 2: structs(attributes.map(tagStruct)) }),
    2: structs(spans.map(spanStruct)),
  });
}

function spanStruct(span: Span): ThriftValue {
  return struct({
    1: idOf(span.traceId.slice(16)),
    2: idOf(span.traceId.slice(0, 16)),
    3: idOf(span.spanId),
    4: idOf(span.parentSpanId ?? '0'),
    5: text(span.name),
    7: { type: 'i32', value: 1 },
    8: micros(span.startUnixNano),
    9: micros(span.durationNano),
    10: structs(tagsOf(span).map(tagStruct)),
    11: structs(
      span.events.map((event) =>
        struct({
          1: micros(event.timeUnixNano),
          2: structs([eventName(event.name), ...event.attributes].map(tagStruct)),
        }),
      ),
    ),
  });
}

/** With kind and status, which are tags at Jaeger's. */
function tagsOf({ kind, status, attributes }: Span): readonly Attribute[] {
  return [
    { key: 'span.kind', value: { type: 'string', value: kind } },
    ...attributes,
    ...(status === 'error'
      ? [{ key: 'error', value: { type: 'bool', value: true } } as const]
      : []),
  ];
}

function eventName(name: string): Attribute {
  return { key: 'event', value: { type: 'string', value: name } };
}

function tagStruct({ key, value }: Attribute): ThriftValue {
  const of = (type: number, field: number, content: ThriftValue): ThriftValue =>
    struct({ 1: text(key), 2: { type: 'i32', value: type }, [field]: content });
  if (value.type === 'double') return of(1, 4, { type: 'double', value: value.value });
  if (value.type === 'bool') return of(2, 5, { type: 'bool', value: value.value });
  if (value.type === 'int') return of(3, 6, { type: 'i64', value: value.value });
  if (value.type === 'string') return of(0, 3, text(value.value));
  throw new Error(`the shop sends no ${value.type}`);
}

function toKeyValue({ key, value }: Attribute): Record<string, unknown> {
  if (value.type === 'double') return { key, vType: 3, vFloat64: value.value };
  if (value.type === 'bool') return { key, vType: 1, vBool: value.value };
  if (value.type === 'int') return { key, vType: 2, vInt64: String(value.value) };
  if (value.type === 'string') return { key, vType: 0, vStr: value.value };
  throw new Error(`the shop sends no ${value.type}`);
}

function timestamp(nanos: bigint): { readonly seconds: string; readonly nanos: number } {
  return { seconds: String(nanos / 1_000_000_000n), nanos: Number(nanos % 1_000_000_000n) };
}

function struct(fields: Readonly<Record<number, ThriftValue>>): ThriftValue {
  return {
    type: 'struct',
    fields: Object.entries(fields).map(([id, value]) => ({ id: Number(id), value })),
  };
}

function structs(elements: readonly ThriftValue[]): ThriftValue {
  return { type: 'list', elementType: 'struct', elements };
}

function text(value: string): ThriftValue {
  return { type: 'string', value: Buffer.from(value) };
}

function idOf(hex: string): ThriftValue {
  return { type: 'i64', value: BigInt.asIntN(64, BigInt(`0x${hex}`)) };
}

function micros(nanos: bigint): ThriftValue {
  return { type: 'i64', value: nanos / 1000n };
}
