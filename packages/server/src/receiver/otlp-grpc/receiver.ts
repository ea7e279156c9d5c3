/** OTLP over gRPC (https://opentelemetry.io/docs/specs/otlp/#otlpgrpc). Of its signals only traces are kept. */
import { decodeTracesProtobuf, encodeExportResponseProtobuf } from '@clew/protocol';
import type { DecodeLimits, OtherSignal } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import type { TraceExport } from '../export-traces.ts';
import { createGrpcReceiver } from '../grpc/receiver.ts';
import type { GrpcReceiverParts } from '../grpc/receiver.ts';
import type { GrpcMethod } from '../grpc/server.ts';
import type { Listener } from '../listener.ts';
import { OTHER_SIGNALS, OtherSignals, SIGNAL_PATHS } from '../other-signals.ts';

export interface OtlpGrpcOptions extends GrpcReceiverParts {
  readonly sink: SpanSink;
  /** What is taken of a request; the decoder's own by default. */
  readonly limits?: DecodeLimits | undefined;
}

const RECEIVER = 'otlp_grpc';

/** Receives `TraceService/Export`. */
export function createOtlpGrpcReceiver({ sink, limits, ...parts }: OtlpGrpcOptions): Listener {
  const { metrics, log } = parts;
  const others = new OtherSignals({ receiver: RECEIVER, metrics, log });
  const answerOther =
    (signal: OtherSignal): GrpcMethod =>
    async (bytes, { address }) => {
      const { body, outcome } = others.answer(bytes, { signal, encoding: 'protobuf', address });
      return { message: Buffer.from(body), outcome };
    };
  const traces: GrpcMethod = async (message) => {
    const decode: TraceExport['decode'] = (bytes, block) =>
      decodeTracesProtobuf(bytes, block, limits);
    const partial = await exportTraces(message, { sink, receiver: RECEIVER, decode });
    return {
      message: encodeExportResponseProtobuf(partial),
      outcome: partial === undefined ? 'ok' : 'partial',
    };
  };
  return createGrpcReceiver({
    ...parts,
    receiver: RECEIVER,
    methods: {
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export': traces,
      ...Object.fromEntries(
        OTHER_SIGNALS.map((signal) => [SIGNAL_PATHS[signal].grpc, answerOther(signal)]),
      ),
    },
  });
}
