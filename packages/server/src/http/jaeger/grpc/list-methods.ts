/**
 * What both versions of Jaeger's query service over gRPC are asked alike. Numbers and types of fields are those of
 * https://github.com/jaegertracing/jaeger-idl/tree/main/proto (api_v2/query.proto, api_v3/query_service.proto).
 */
import { InvalidQueryError } from '@clew/model';
import { decodeMessage, encodeMessage } from '@clew/protocol';
import type { MessageType } from '@clew/protocol';
import type { GrpcMethod } from '../../../receiver/grpc/server.ts';
import { readDependencies } from '../dependencies.ts';
import type { JaegerQueries } from '../jaeger-queries.ts';
import { TIMESTAMP, toUnixNano } from './timestamp.ts';

const GET_SERVICES_RESPONSE = {
  services: { number: 1, type: 'string', repeated: true },
} as const satisfies MessageType;

const GET_OPERATIONS_REQUEST = {
  service: { number: 1, type: 'string' },
  spanKind: { number: 2, type: 'string' },
} as const satisfies MessageType;

const OPERATION = {
  name: { number: 1, type: 'string' },
  spanKind: { number: 2, type: 'string' },
} as const satisfies MessageType;

const GET_OPERATIONS_RESPONSE_V2 = {
  operationNames: { number: 1, type: 'string', repeated: true },
  operations: { number: 2, type: OPERATION, repeated: true },
} as const satisfies MessageType;

const GET_OPERATIONS_RESPONSE_V3 = {
  operations: { number: 1, type: OPERATION, repeated: true },
} as const satisfies MessageType;

const GET_DEPENDENCIES_REQUEST = {
  startTime: { number: 1, type: TIMESTAMP },
  endTime: { number: 2, type: TIMESTAMP },
} as const satisfies MessageType;

/** The same in both versions, but for a source that version 2 may name. */
const DEPENDENCY = {
  parent: { number: 1, type: 'string' },
  child: { number: 2, type: 'string' },
  callCount: { number: 3, type: 'uint64' },
} as const satisfies MessageType;

const GET_DEPENDENCIES_RESPONSE = {
  dependencies: { number: 1, type: DEPENDENCY, repeated: true },
} as const satisfies MessageType;

/** A query service by the paths of its methods: those given, and those that both versions have. */
export function withListMethods(
  version: 2 | 3,
  jaeger: JaegerQueries,
  methods: Readonly<Record<string, GrpcMethod>>,
): Readonly<Record<string, GrpcMethod>> {
  const byName = {
    ...methods,
    GetServices: createGetServices(jaeger),
    GetOperations: createGetOperations(jaeger, version),
    GetDependencies: createGetDependencies(jaeger),
  };
  const service = `/jaeger.api_v${version}.QueryService`;
  return Object.fromEntries(
    Object.entries(byName).map(([name, method]) => [`${service}/${name}`, method]),
  );
}

function createGetServices(jaeger: JaegerQueries): GrpcMethod {
  return async (_, { signal }) => {
    const services = await jaeger.queries.listServices({ signal });
    return { message: encodeMessage(GET_SERVICES_RESPONSE, { services }) };
  };
}

function createGetOperations(jaeger: JaegerQueries, version: 2 | 3): GrpcMethod {
  return async (message, { signal }) => {
    const asked = decodeMessage(GET_OPERATIONS_REQUEST, message, 'jaeger query');
    const { service = '', spanKind = '' } = asked;
    const operations = await jaeger.listOperations(service, spanKind, { signal });
    if (version === 3) {
      return { message: encodeMessage(GET_OPERATIONS_RESPONSE_V3, { operations }) };
    }
    const operationNames = [...new Set(operations.map(({ name }) => name))];
    return { message: encodeMessage(GET_OPERATIONS_RESPONSE_V2, { operationNames, operations }) };
  };
}

function createGetDependencies(jaeger: JaegerQueries): GrpcMethod {
  return async (message, { signal }) => {
    const asked = decodeMessage(GET_DEPENDENCIES_REQUEST, message, 'jaeger query');
    const startUnixNano = toUnixNano(asked.startTime);
    const endUnixNano = toUnixNano(asked.endTime);
    if (startUnixNano === undefined || endUnixNano === undefined)
      throw new InvalidQueryError('StartTime and EndTime must be initialized.', {
        parameter: 'start_time',
      });
    const links = await readDependencies(
      jaeger.queries,
      { startUnixNano, endUnixNano },
      { signal },
    );
    const dependencies = links.map(({ parent, child, callCount }) => ({
      parent,
      child,
      callCount: BigInt(callCount),
    }));
    return { message: encodeMessage(GET_DEPENDENCIES_RESPONSE, { dependencies }) };
  };
}
