/**
 * Zipkin's binary encodings as other implementations write them: protobufjs, with the fields declared here from
 * zipkin.proto, and Apache's thrift, with those of zipkinCore.thrift.
 */
import protobuf from 'protobufjs';
import { writeThrift } from './thrift-oracle.ts';
import type { ThriftField, ThriftList, ThriftValue } from './thrift-oracle.ts';

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const root = protobuf.Root.fromJSON({
  nested: {
    ListOfSpans: { fields: { spans: list(1, 'Span') } },
    Span: {
      fields: {
        traceId: field(1, 'bytes'),
        parentId: field(2, 'bytes'),
        id: field(3, 'bytes'),
        kind: field(4, 'int32'),
        // A string on the wire; as bytes, so that it can be one that is not UTF-8.
        name: field(5, 'bytes'),
        timestamp: field(6, 'fixed64'),
        duration: field(7, 'uint64'),
        localEndpoint: field(8, 'Endpoint'),
        remoteEndpoint: field(9, 'Endpoint'),
        annotations: list(10, 'Annotation'),
        // A map on the wire is a list of entries.
        tags: list(11, 'Tag'),
        debug: field(12, 'bool'),
        shared: field(13, 'bool'),
      },
    },
    Endpoint: {
      fields: {
        serviceName: field(1, 'string'),
        ipv4: field(2, 'bytes'),
        ipv6: field(3, 'bytes'),
        port: field(4, 'int32'),
      },
    },
    Annotation: { fields: { timestamp: field(1, 'fixed64'), value: field(2, 'string') } },
    Tag: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
  },
});

export interface ProtobufEndpoint {
  readonly serviceName?: string;
  readonly ipv4?: Uint8Array;
  readonly ipv6?: Uint8Array;
  readonly port?: number;
}

/** A span on the wire: anything can be wrong with it. Times are microseconds. */
export interface ProtobufSpan {
  readonly traceId?: Uint8Array;
  readonly parentId?: Uint8Array;
  readonly id?: Uint8Array;
  readonly kind?: number;
  readonly name?: string | Uint8Array;
  readonly timestamp?: bigint;
  readonly duration?: bigint;
  readonly localEndpoint?: ProtobufEndpoint;
  readonly remoteEndpoint?: ProtobufEndpoint;
  readonly annotations?: readonly { readonly timestamp: bigint; readonly value: string }[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly debug?: boolean;
  readonly shared?: boolean;
}

/** A `ListOfSpans` as protobufjs' own objects, for comparing how long it takes. */
export function decodeListOfSpans(bytes: Uint8Array): unknown {
  return root.lookupType('ListOfSpans').decode(bytes);
}

/** The bytes of a `ListOfSpans`. */
export function writeZipkinProtobuf(spans: readonly ProtobufSpan[]): Uint8Array {
  const type = root.lookupType('ListOfSpans');
  const written = spans.map((span) => ({
    ...span,
    name: Buffer.from(span.name ?? ''),
    timestamp: toLong(span.timestamp ?? 0n),
    duration: toLong(span.duration ?? 0n),
    annotations: (span.annotations ?? []).map(({ timestamp, value }) => ({
      timestamp: toLong(timestamp),
      value,
    })),
    tags: Object.entries(span.tags ?? {}).map(([key, value]) => ({ key, value })),
  }));
  return type.encode({ spans: written }).finish();
}

export interface ThriftEndpoint {
  readonly serviceName?: string;
  readonly ipv4?: number;
  readonly ipv6?: Uint8Array;
  readonly port?: number;
}

/** A span of the first version on the wire. Times are microseconds; a field that is left out is not written. */
export interface ThriftSpan {
  readonly traceIdHigh?: bigint;
  readonly traceId?: bigint;
  readonly id?: bigint;
  readonly parentId?: bigint;
  readonly name?: string;
  readonly timestamp?: bigint;
  readonly duration?: bigint;
  readonly debug?: boolean;
  readonly annotations?: readonly {
    readonly timestamp: bigint;
    readonly value: string;
    readonly endpoint?: ThriftEndpoint;
  }[];
  readonly binaryAnnotations?: readonly {
    readonly key: string;
    readonly value: Uint8Array;
    /** An `AnnotationType`, by number. */
    readonly type: number;
    readonly endpoint?: ThriftEndpoint;
  }[];
}

/** The bytes of a `list<Span>`. */
export function writeZipkinThrift(spans: readonly ThriftSpan[]): Uint8Array {
  return writeThrift('binary', structs(spans.map(toStruct)));
}

function toStruct(span: ThriftSpan): ThriftValue {
  const annotations = span.annotations?.map(({ timestamp, value, endpoint }) =>
    struct([
      { id: 1, value: i64(timestamp) },
      { id: 2, value: text(value) },
      ...optional(3, endpoint, endpointStruct),
    ]),
  );
  const tags = span.binaryAnnotations?.map(({ key, value, type, endpoint }) =>
    struct([
      { id: 1, value: text(key) },
      { id: 2, value: { type: 'string', value } },
      { id: 3, value: { type: 'i32', value: type } },
      ...optional(4, endpoint, endpointStruct),
    ]),
  );
  return struct([
    ...optional(1, span.traceId, i64),
    ...optional(3, span.name, text),
    ...optional(4, span.id, i64),
    ...optional(5, span.parentId, i64),
    ...optional(6, annotations, structs),
    ...optional(8, tags, structs),
    ...optional(9, span.debug, (value) => ({ type: 'bool', value })),
    ...optional(10, span.timestamp, i64),
    ...optional(11, span.duration, i64),
    ...optional(12, span.traceIdHigh, i64),
  ]);
}

function endpointStruct({ serviceName, ipv4, ipv6, port }: ThriftEndpoint): ThriftValue {
  return struct([
    ...optional(1, ipv4, (value) => ({ type: 'i32', value: value | 0 })),
    ...optional(2, port, (value) => ({ type: 'i16', value: (value << 16) >> 16 })),
    ...optional(3, serviceName, text),
    ...optional(4, ipv6, (value) => ({ type: 'string', value })),
  ]);
}

function optional<Value>(
  id: number,
  value: Value | undefined,
  toThrift: (value: Value) => ThriftValue,
): ThriftField[] {
  return value === undefined ? [] : [{ id, value: toThrift(value) }];
}

function struct(fields: readonly ThriftField[]): ThriftValue {
  return { type: 'struct', fields };
}

function structs(elements: readonly ThriftValue[]): ThriftList {
  return { type: 'list', elementType: 'struct', elements };
}

function text(value: string): ThriftValue {
  return { type: 'string', value: Buffer.from(value) };
}

function i64(value: bigint): ThriftValue {
  return { type: 'i64', value: BigInt.asIntN(64, value) };
}

function toLong(value: bigint): { low: number; high: number; unsigned: boolean } {
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  };
}
