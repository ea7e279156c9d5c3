/**
 * Jaeger's `api_v2` as another implementation reads and writes it: protobufjs, with the fields declared here from the
 * published model.proto and collector.proto.
 */
import protobuf from 'protobufjs';

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const root = protobuf.Root.fromJSON({
  nested: {
    PostSpansRequest: { fields: { batch: field(1, 'Batch') } },
    Batch: { fields: { spans: list(1, 'Span'), process: field(2, 'Process') } },
    Process: { fields: { serviceName: field(1, 'string'), tags: list(2, 'KeyValue') } },
    Span: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        operationName: field(3, 'string'),
        references: list(4, 'SpanRef'),
        flags: field(5, 'uint32'),
        startTime: field(6, 'Timestamp'),
        duration: field(7, 'Timestamp'),
        tags: list(8, 'KeyValue'),
        logs: list(9, 'Log'),
        process: field(10, 'Process'),
        processId: field(11, 'string'),
        warnings: list(12, 'string'),
      },
    },
    SpanRef: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        refType: field(3, 'SpanRefType'),
      },
    },
    SpanRefType: { values: { CHILD_OF: 0, FOLLOWS_FROM: 1 } },
    Log: { fields: { timestamp: field(1, 'Timestamp'), fields: list(2, 'KeyValue') } },
    KeyValue: {
      fields: {
        key: field(1, 'string'),
        vType: field(2, 'ValueType'),
        vStr: field(3, 'string'),
        vBool: field(4, 'bool'),
        vInt64: field(5, 'int64'),
        vFloat64: field(6, 'double'),
        vBinary: field(7, 'bytes'),
      },
    },
    ValueType: { values: { STRING: 0, BOOL: 1, INT64: 2, FLOAT64: 3, BINARY: 4 } },
    // Durations have the same fields.
    Timestamp: { fields: { seconds: field(1, 'int64'), nanos: field(2, 'int32') } },
  },
});

const PostSpansRequest = root.lookupType('PostSpansRequest');

/** Numbers of 64 bits may be given as decimal digits, enums by name. */
export function writePostSpans(request: Record<string, unknown>): Uint8Array {
  const bytes = PostSpansRequest.encode(PostSpansRequest.fromObject(request)).finish();
  return Uint8Array.from(bytes);
}

/** A message as protobufjs' own objects, for comparing how long it takes. */
export function decodePostSpans(bytes: Uint8Array): unknown {
  return PostSpansRequest.decode(bytes);
}

/** As JSON that people can read. */
export function readPostSpans(bytes: Uint8Array): unknown {
  return PostSpansRequest.toObject(PostSpansRequest.decode(bytes), {
    longs: String,
    enums: String,
    bytes: String,
  });
}
