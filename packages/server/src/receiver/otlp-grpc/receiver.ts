/**
 * OTLP over gRPC (https://opentelemetry.io/docs/specs/otlp/#otlpgrpc), traces only. The (de)serialisers hand bytes
 * through, so that a request goes straight from the socket into the decoder.
 */
import { Server, ServerCredentials, logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import type { ServiceDefinition, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { decodeTracesProtobuf, encodeExportResponseProtobuf } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { ServerMetrics } from '../../telemetry/metrics.ts';
import { exportTraces } from '../export-traces.ts';
import { OUTCOMES, toFailure } from '../failure.ts';
import type { ListenAddress, Listener } from '../listener.ts';
import { encodeFailure } from './encode.ts';

export interface OtlpGrpcOptions {
  readonly sink: SpanSink;
  readonly metrics: ServerMetrics;
  readonly log: Logger;
  /** Of one message, compressed and decompressed. */
  readonly maxRequestBytes: number;
}

const RECEIVER = 'otlp_grpc';

/** Requests that one connection may have in flight; what they hold in memory is bounded with it. */
const MAX_CONCURRENT_STREAMS = 100;

const TRACE_SERVICE: ServiceDefinition = {
  export: {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: passBytes,
    requestDeserialize: passBytes,
    responseSerialize: passBytes,
    responseDeserialize: passBytes,
  },
};

/** Receives `TraceService/Export`, plain and gzip; every other method is `UNIMPLEMENTED`. */
export function createOtlpGrpcReceiver(options: OtlpGrpcOptions): Listener {
  // The library would write to standard error past our log; what it has to say also comes back as errors.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': options.maxRequestBytes,
    'grpc.max_concurrent_streams': MAX_CONCURRENT_STREAMS,
  });
  server.addService(TRACE_SERVICE, {
    export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      void serve(call.request, answer, options);
    },
  });
  return {
    listen: (address) => listen(server, address),
    close: (graceMs) => close(server, graceMs),
  };
}

async function serve(
  bytes: Buffer,
  answer: sendUnaryData<Buffer>,
  { sink, metrics, log }: OtlpGrpcOptions,
): Promise<void> {
  try {
    const decode = decodeTracesProtobuf;
    const partial = await exportTraces(bytes, { sink, receiver: RECEIVER, decode });
    metrics.countRequest(RECEIVER, partial === undefined ? 'ok' : 'partial');
    answer(null, toBuffer(encodeExportResponseProtobuf(partial)));
  } catch (error) {
    const failure = toFailure(error, log);
    log.debug('an OTLP/gRPC request was refused', { reason: failure.message });
    metrics.countRequest(RECEIVER, OUTCOMES[failure.code]);
    answer(encodeFailure(failure));
  }
}

function passBytes(bytes: Buffer): Buffer {
  return bytes;
}

/** gRPC copies with `Buffer`'s methods, which a plain `Uint8Array` lacks. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function listen(server: Server, { host, port }: ListenAddress): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(error);
    });
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const breakOff = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(breakOff);
      resolve();
    });
  });
}
