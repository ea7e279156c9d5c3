/**
 * OTLP requests and answers as another implementation writes and reads them (protobufjs), so that a receiver is not
 * tested with the codec it is made of. Field numbers are those of the published .proto files; a request says only what
 * the tests send.
 */
import protobuf from 'protobufjs';

/** A span on the wire: anything can be wrong with it. */
export interface WireSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId?: Buffer;
  readonly name: string | Buffer;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
}

export interface WireRequest {
  /** `undefined` for a resource without a name. */
  readonly service?: string | undefined;
  readonly spans: readonly WireSpan[];
}

export interface WireStatus {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly typeUrl: string; readonly value: Uint8Array }[];
}

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const root = protobuf.Root.fromJSON({
  nested: {
    Request: { fields: { resourceSpans: list(1, 'ResourceSpans') } },
    ResourceSpans: {
      fields: { resource: field(1, 'Resource'), scopeSpans: list(2, 'ScopeSpans') },
    },
    Resource: { fields: { attributes: list(1, 'KeyValue') } },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    AnyValue: { fields: { stringValue: field(1, 'string') } },
    ScopeSpans: { fields: { spans: list(2, 'Span') } },
    Span: {
      fields: {
        traceId: field(1, 'bytes'),
        spanId: field(2, 'bytes'),
        parentSpanId: field(4, 'bytes'),
        // A string on the wire; as bytes, so that it can be one that is not UTF-8.
        name: field(5, 'bytes'),
        startTimeUnixNano: field(7, 'fixed64'),
        endTimeUnixNano: field(8, 'fixed64'),
      },
    },
    Response: { fields: { partialSuccess: field(1, 'PartialSuccess') } },
    PartialSuccess: {
      fields: { rejectedSpans: field(1, 'int64'), errorMessage: field(2, 'string') },
    },
    Status: {
      fields: {
        code: field(1, 'int32'),
        message: field(2, 'string'),
        details: list(3, 'Any'),
      },
    },
    Any: { fields: { typeUrl: field(1, 'string'), value: field(2, 'bytes') } },
    RetryInfo: { fields: { retryDelay: field(1, 'Duration') } },
    Duration: { fields: { seconds: field(1, 'int64'), nanos: field(2, 'int32') } },
  },
});

const toObject: protobuf.IConversionOptions = { defaults: true, arrays: true, longs: Number };

export function encodeRequestProtobuf({ service, spans }: WireRequest): Buffer {
  const wireSpans = spans.map((span) => ({
    ...span,
    name: Buffer.from(span.name),
    startTimeUnixNano: toLong(span.startTimeUnixNano),
    endTimeUnixNano: toLong(span.endTimeUnixNano),
  }));
  const attributes =
    service === undefined ? [] : [{ key: 'service.name', value: { stringValue: service } }];
  const request = {
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: wireSpans }] }],
  };
  return Buffer.from(root.lookupType('Request').encode(request).finish());
}

/** OTLP/JSON: ids in hexadecimal, 64-bit numbers as strings. */
export function encodeRequestJson({ service, spans }: WireRequest): Buffer {
  const attributes =
    service === undefined ? [] : [{ key: 'service.name', value: { stringValue: service } }];
  const jsonSpans = spans.map((span) => ({
    traceId: span.traceId.toString('hex'),
    spanId: span.spanId.toString('hex'),
    parentSpanId: span.parentSpanId?.toString('hex') ?? '',
    name: '\u0000name\u0000',
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    endTimeUnixNano: span.endTimeUnixNano.toString(),
  }));
  const text = JSON.stringify({
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: jsonSpans }] }],
  });
  // Names go in as bytes, because one that is not UTF-8 cannot pass through a string.
  const parts = text.split(String.raw`"\u0000name\u0000"`).map((part) => Buffer.from(part));
  const names = spans.map(({ name }) =>
    typeof name === 'string'
      ? Buffer.from(JSON.stringify(name))
      : Buffer.concat([Buffer.from('"'), name, Buffer.from('"')]),
  );
  return Buffer.concat(parts.flatMap((part, i) => [part, names[i] ?? Buffer.alloc(0)]));
}

/** What an `ExportTraceServiceResponse` says of refused spans; `undefined` when none were. */
export function decodeResponse(
  bytes: Uint8Array,
): { readonly rejectedSpans: number; readonly errorMessage: string } | undefined {
  const type = root.lookupType('Response');
  const { partialSuccess } = type.toObject(type.decode(bytes), { longs: Number });
  return partialSuccess as ReturnType<typeof decodeResponse>;
}

export function decodeStatus(bytes: Uint8Array): WireStatus {
  const type = root.lookupType('Status');
  return type.toObject(type.decode(bytes), toObject) as WireStatus;
}

/** The delay of a `google.rpc.RetryInfo` in milliseconds. */
export function decodeRetryInfo(bytes: Uint8Array): number {
  const type = root.lookupType('RetryInfo');
  const { retryDelay } = type.toObject(type.decode(bytes), toObject) as {
    readonly retryDelay: { readonly seconds: number; readonly nanos: number };
  };
  return retryDelay.seconds * 1000 + retryDelay.nanos / 1e6;
}

function toLong(value: bigint): { low: number; high: number; unsigned: boolean } {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  };
}
