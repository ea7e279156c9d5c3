/**
 * Jaeger's query services as another implementation speaks them: protobufjs, with the fields declared here from the published
 * query.proto, query_service.proto and model.proto.
 */
import protobuf from 'protobufjs';
import type { ForeignMethod } from '../../testing/grpc-client.ts';
import { OTLP_MESSAGES } from '../../testing/otlp-messages.ts';

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const SHARED = {
  Timestamp: { fields: { seconds: field(1, 'int64'), nanos: field(2, 'int32') } },
  GetServicesRequest: { fields: {} },
  GetServicesResponse: { fields: { services: list(1, 'string') } },
  GetOperationsRequest: { fields: { service: field(1, 'string'), spanKind: field(2, 'string') } },
  Operation: { fields: { name: field(1, 'string'), spanKind: field(2, 'string') } },
  GetDependenciesRequest: {
    fields: { startTime: field(1, 'Timestamp'), endTime: field(2, 'Timestamp') },
  },
  FindTracesRequest: { fields: { query: field(1, 'TraceQueryParameters') } },
};

const QUERY = {
  serviceName: field(1, 'string'),
  operationName: field(2, 'string'),
  startTimeMin: field(4, 'Timestamp'),
  startTimeMax: field(5, 'Timestamp'),
  durationMin: field(6, 'Timestamp'),
  durationMax: field(7, 'Timestamp'),
  searchDepth: field(8, 'int32'),
  rawTraces: field(9, 'bool'),
};

const V2 = {
  ...SHARED,
  TraceQueryParameters: {
    fields: { ...QUERY, tags: { id: 3, keyType: 'string', type: 'string' } },
  },
  GetTraceRequest: {
    fields: {
      traceId: field(1, 'bytes'),
      startTime: field(2, 'Timestamp'),
      endTime: field(3, 'Timestamp'),
      rawTraces: field(4, 'bool'),
    },
  },
  ArchiveTraceRequest: { fields: { traceId: field(1, 'bytes') } },
  ArchiveTraceResponse: { fields: {} },
  SpansResponseChunk: { fields: { spans: list(1, 'Span') } },
  GetOperationsResponse: {
    fields: { operationNames: list(1, 'string'), operations: list(2, 'Operation') },
  },
  GetDependenciesResponse: { fields: { dependencies: list(1, 'DependencyLink') } },
  DependencyLink: {
    fields: {
      parent: field(1, 'string'),
      child: field(2, 'string'),
      callCount: field(3, 'uint64'),
      source: field(4, 'string'),
    },
  },
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
  Process: { fields: { serviceName: field(1, 'string'), tags: list(2, 'KeyValue') } },
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
};

const V3 = {
  ...SHARED,
  TraceQueryParameters: {
    fields: {
      ...QUERY,
      attributes: { id: 3, keyType: 'string', type: 'string' },
      filter: field(10, 'bytes'),
    },
  },
  GetTraceRequest: {
    fields: {
      traceId: field(1, 'string'),
      startTime: field(2, 'Timestamp'),
      endTime: field(3, 'Timestamp'),
      rawTraces: field(4, 'bool'),
    },
  },
  GetOperationsResponse: { fields: { operations: list(1, 'Operation') } },
  GetDependenciesResponse: { fields: { dependencies: list(1, 'Dependency') } },
  Dependency: {
    fields: {
      parent: field(1, 'string'),
      child: field(2, 'string'),
      callCount: field(3, 'uint64'),
    },
  },
  FindTraceSummariesRequest: { fields: { query: field(1, 'TraceQueryParameters') } },
  FindTraceSummariesResponse: { fields: { summaries: list(1, 'TraceSummary') } },
  TraceSummary: {
    fields: {
      traceId: field(1, 'string'),
      rootServiceName: field(2, 'string'),
      rootOperationName: field(3, 'string'),
      minStartTimeUnixNano: field(4, 'fixed64'),
      maxEndTimeUnixNano: field(5, 'fixed64'),
      spanCount: field(6, 'int32'),
      errorSpanCount: field(7, 'int32'),
      orphanSpanCount: field(8, 'int32'),
      services: list(9, 'ServiceSummary'),
    },
  },
  ServiceSummary: {
    fields: {
      name: field(1, 'string'),
      spanCount: field(2, 'int32'),
      errorSpanCount: field(3, 'int32'),
    },
  },
};

const PACKAGES = {
  'jaeger.api_v2': protobuf.Root.fromJSON({ nested: V2 }),
  'jaeger.api_v3': protobuf.Root.fromJSON({ nested: V3 }),
};

const OTLP: protobuf.Root = protobuf.parse(`
syntax = "proto3";
message TracesData { repeated ResourceSpans resourceSpans = 1; }
${OTLP_MESSAGES}
`).root;

export type JaegerPackage = keyof typeof PACKAGES;

/** A method of `QueryService`. */
export function jaegerMethod(api: JaegerPackage, name: string): ForeignMethod {
  const root = PACKAGES[api];
  return {
    path: `/${api}.QueryService/${name}`,
    request: root.lookupType(`${name}Request`),
    answer: isOfTraces(name) ? tracesType(api) : root.lookupType(`${name}Response`),
  };
}

function isOfTraces(name: string): boolean {
  return name === 'GetTrace' || name === 'FindTraces';
}

function tracesType(api: JaegerPackage): protobuf.Type {
  return api === 'jaeger.api_v2'
    ? PACKAGES[api].lookupType('SpansResponseChunk')
    : OTLP.lookupType('TracesData');
}
