/**
 * OTLP as another implementation reads it: protobufjs, with the fields declared here from the published .proto files
 * (opentelemetry-proto 1.x). Nothing of this package's codec is used, so that it cannot agree with itself.
 */
import protobuf from 'protobufjs';

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const root = protobuf.Root.fromJSON({
  nested: {
    ExportTraceServiceRequest: { fields: { resourceSpans: list(1, 'ResourceSpans') } },
    ResourceSpans: {
      fields: {
        resource: field(1, 'Resource'),
        scopeSpans: list(2, 'ScopeSpans'),
        schemaUrl: field(3, 'string'),
      },
    },
    ScopeSpans: {
      fields: {
        scope: field(1, 'InstrumentationScope'),
        spans: list(2, 'Span'),
        schemaUrl: field(3, 'string'),
      },
    },
    Resource: {
      fields: { attributes: list(1, 'KeyValue'), droppedAttributesCount: field(2, 'uint32') },
    },
    InstrumentationScope: {
      fields: {
        name: field(1, 'string'),
        version: field(2, 'string'),
        attributes: list(3, 'KeyValue'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    Span: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        traceState: field(3, 'string'),
        parentSpanId: field(4, 'bytes'),
        name: field(5, 'string'),
        kind: field(6, 'SpanKind'),
        startTimeUnixNano: field(7, 'fixed64'),
        endTimeUnixNano: field(8, 'fixed64'),
        attributes: list(9, 'KeyValue'),
        droppedAttributesCount: field(10, 'uint32'),
        events: list(11, 'Event'),
        droppedEventsCount: field(12, 'uint32'),
        links: list(13, 'Link'),
        droppedLinksCount: field(14, 'uint32'),
        status: field(15, 'Status'),
        flags: field(16, 'fixed32'),
      },
    },
    SpanKind: {
      values: {
        SPAN_KIND_UNSPECIFIED: 0,
        SPAN_KIND_INTERNAL: 1,
        SPAN_KIND_SERVER: 2,
        SPAN_KIND_CLIENT: 3,
        SPAN_KIND_PRODUCER: 4,
        SPAN_KIND_CONSUMER: 5,
      },
    },
    Event: {
      fields: {
        timeUnixNano: field(1, 'fixed64'),
        name: field(2, 'string'),
        attributes: list(3, 'KeyValue'),
        droppedAttributesCount: field(4, 'uint32'),
      },
    },
    Link: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        traceState: field(3, 'string'),
        attributes: list(4, 'KeyValue'),
        droppedAttributesCount: field(5, 'uint32'),
        flags: field(6, 'fixed32'),
      },
    },
    Status: { fields: { message: field(2, 'string'), code: field(3, 'StatusCode') } },
    StatusCode: { values: { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 } },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: field(1, 'string'),
        boolValue: field(2, 'bool'),
        intValue: field(3, 'int64'),
        doubleValue: field(4, 'double'),
        arrayValue: field(5, 'ArrayValue'),
        kvlistValue: field(6, 'KeyValueList'),
        bytesValue: field(7, 'bytes'),
      },
    },
    ArrayValue: { fields: { values: list(1, 'AnyValue') } },
    KeyValueList: { fields: { values: list(1, 'KeyValue') } },
    ExportTraceServiceResponse: {
      fields: { partialSuccess: field(1, 'ExportTracePartialSuccess') },
    },
    ExportTracePartialSuccess: {
      fields: { rejectedSpans: field(1, 'int64'), errorMessage: field(2, 'string') },
    },
    RpcStatus: { fields: { code: field(1, 'int32'), message: field(2, 'string') } },
  },
});

export type OtlpMessage = 'ExportTraceServiceRequest' | 'ExportTraceServiceResponse' | 'RpcStatus';

/**
 * A message as plain data: ids and bytes in hexadecimal, 64-bit numbers as text, enums by name, no defaults. Attributes
 * are sorted by key: their order means nothing, and Clew keeps it by type only.
 */
export function readOtlp(message: OtlpMessage, bytes: Uint8Array): unknown {
  const type = root.lookupType(message);
  const options = { longs: String, enums: String, json: true };
  return normalize(type.toObject(type.decode(bytes), options));
}

/** A message as protobufjs' own objects: all that its decoder does, for comparing how long it takes. */
export function decodeOtlp(message: OtlpMessage, bytes: Uint8Array): unknown {
  return root.lookupType(message).decode(bytes);
}

/** The bytes of a message that is given as plain data, as protobufjs takes it. */
export function writeOtlp(message: OtlpMessage, value: Record<string, unknown>): Uint8Array {
  const type = root.lookupType(message);
  return type.encode(type.fromObject(value)).finish();
}

function normalize(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, normalize(member)] as const)
    .filter(([name, member]) => !isDefault(name, member))
    .map(([name, member]) => [name, name === 'attributes' ? sortByKey(member) : member]);
  return Object.fromEntries(members);
}

/** Some encoders write defaults and some do not. In a value (`intValue`, `value`) even a default says the type. */
function isDefault(name: string, member: unknown): boolean {
  if (/value$/i.test(name)) return false;
  if (typeof member === 'object' && member !== null) return Object.keys(member).length === 0;
  return ['', 0, '0', 'SPAN_KIND_UNSPECIFIED', 'STATUS_CODE_UNSET'].includes(member as string);
}

function sortByKey(attributes: unknown): unknown {
  return (attributes as { key: string }[]).sort((a, b) => (a.key < b.key ? -1 : 1));
}
