/** The library's exporter over gRPC against servers of `@grpc/grpc-js`, with the messages read by protobufjs, and against Clew. */
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServiceDefinition, handleUnaryCall } from '@grpc/grpc-js';
import { createClient } from '@clew/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOtlp, writeOtlp } from '../../packages/protocol/src/testing/otlp-oracle.ts';
import { createExporter } from '../../packages/sdk/src/export/create-exporter.ts';
import type { ExportResult } from '../../packages/sdk/src/export/span-exporter.ts';
import { createRequest } from '../../packages/sdk/src/testing/export-requests.ts';
import { ClewProcess } from './clew-process.ts';

const SERVICE: ServiceDefinition = {
  export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

let server: Server;
let port: number;
let answer: handleUnaryCall<Buffer, Buffer>;

beforeEach(async () => {
  server = new Server();
  server.addService(SERVICE, {
    export: (call: Parameters<typeof answer>[0], callback: Parameters<typeof answer>[1]) =>
      answer(call, callback),
  });
  port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
});

afterEach(() => server.forceShutdown());

async function send(
  compression: 'none' | 'gzip' = 'none',
  address = `127.0.0.1:${port}`,
): Promise<ExportResult> {
  const exporter = createExporter({
    protocol: 'grpc',
    url: new URL(`http://${address}`),
    headers: () => ({ 'x-token': 'abc' }),
    timeoutMs: 5000,
    compression,
  });
  const result = await exporter.export(createRequest('a', 'b'), new AbortController().signal);
  exporter.close();
  return result;
}

describe.each(['none', 'gzip'] as const)('compressed by %s', (compression) => {
  test('spans arrive at a server of grpc-js', async () => {
    let received: unknown;
    let token: unknown;
    answer = (call, callback) => {
      received = readOtlp('ExportTraceServiceRequest', call.request);
      [token] = call.metadata.get('x-token');
      callback(null, Buffer.alloc(0));
    };
    const result = await send(compression);
    expect(result).toEqual({ status: 'success', rejectedSpanCount: 0, message: '' });
    expect(token).toBe('abc');
    expect(received).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a' }, { name: 'b' }] }] }],
    });
  });
});

test('what a server of grpc-js refuses in part is read', async () => {
  answer = (_, callback) => {
    const partialSuccess = { rejectedSpans: '1', errorMessage: 'no such day' };
    callback(null, Buffer.from(writeOtlp('ExportTraceServiceResponse', { partialSuccess })));
  };
  const expected = { status: 'success', rejectedSpanCount: 1, message: 'no such day' };
  expect(await send()).toEqual(expected);
});

test('a status of grpc-js is read with its message', async () => {
  answer = (_, callback) => callback({ code: status.UNAVAILABLE, details: 'später: 100 %' });
  const message = 'the receiver answered gRPC status 14: später: 100 %';
  expect(await send()).toEqual({ status: 'retry', afterMs: undefined, message });
  const metadata = new Metadata();
  metadata.set('x-more', 'y');
  answer = (_, callback) => callback({ code: status.INVALID_ARGUMENT, details: 'no', metadata });
  expect(await send()).toMatchObject({ status: 'failure' });
});

test('Clew takes them', async () => {
  await using clew = await ClewProcess.start();
  const result = await send('gzip', clew.addresses.otlpGrpc);
  expect(result).toEqual({ status: 'success', rejectedSpanCount: 0, message: '' });
  const api = createClient(clew.addresses.ui);
  await expect
    .poll(async () => (await api.listServices()).services, { timeout: 10_000 })
    .toContainEqual('app');
});
