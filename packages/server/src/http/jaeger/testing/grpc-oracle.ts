/**
 * Jaeger's query services as another implementation speaks them: protobufjs, with the fields declared here from the published
 * query.proto, query_service.proto and model.proto, over @grpc/grpc-js.
 */
import { Client, credentials } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

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

const ROOTS = {
  'jaeger.api_v2': protobuf.Root.fromJSON({ nested: V2 }),
  'jaeger.api_v3': protobuf.Root.fromJSON({ nested: V3 }),
};

export type JaegerPackage = keyof typeof ROOTS;
export type Message = Record<string, unknown>;

/** A client of Jaeger's query services. */
export class JaegerGrpcClient {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  close(): void {
    this.#client.close();
  }

  /** A call that is answered once. `answer` names the type of the answer. */
  ask(method: JaegerMethod, request: Message): Promise<Message> {
    const { path, encode, decode } = describe(method);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(path, encode, decode, request, (error, answer) => {
        if (error === null && answer !== undefined) resolve(answer);
        else reject(error ?? new Error('no answer'));
      });
    });
  }

  /** A call that is answered with a stream. */
  async stream(method: JaegerMethod, request: Message): Promise<readonly Message[]> {
    const { path, encode, decode } = describe(method);
    const messages: Message[] = [];
    for await (const message of this.#client.makeServerStreamRequest(
      path,
      encode,
      decode,
      request,
    )) {
      messages.push(message as Message);
    }
    return messages;
  }

  /** The same, of which the answers are left as bytes. */
  async streamBytes(method: JaegerMethod, request: Message): Promise<readonly Buffer[]> {
    const { path, encode } = describe(method);
    const messages: Buffer[] = [];
    const pass = (bytes: Buffer): Buffer => bytes;
    for await (const message of this.#client.makeServerStreamRequest(path, encode, pass, request)) {
      messages.push(message as Buffer);
    }
    return messages;
  }
}

export interface JaegerMethod {
  readonly package: JaegerPackage;
  readonly name: string;
  /** Of the answer; the method's name with `Response` when absent. */
  readonly answer?: string;
}

function describe({ package: name, name: method, answer }: JaegerMethod) {
  const root = ROOTS[name];
  const Request = root.lookupType(`${method}Request`);
  return {
    path: `/${name}.QueryService/${method}`,
    encode: (request: Message): Buffer =>
      Buffer.from(Request.encode(Request.fromObject(request)).finish()),
    decode: (bytes: Buffer): Message => {
      const Answer = root.lookupType(answer ?? `${method}Response`);
      const message = Answer.decode(bytes);
      // Fields that the type does not have would be missing in what it writes.
      if (Answer.encode(message).finish().length !== bytes.length) {
        throw new Error(`${method} answered with more than ${Answer.name} has`);
      }
      return Answer.toObject(message, { longs: String, enums: String, bytes: String });
    },
  };
}
