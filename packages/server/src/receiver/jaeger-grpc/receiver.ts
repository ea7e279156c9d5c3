/** Jaeger's protobuf over gRPC: what agents and clients send to its collector. */
import { decodeJaegerPostSpans } from '@clew/protocol';
import type { DecodeLimits } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import type { TraceExport } from '../export-traces.ts';
import { createGrpcReceiver } from '../grpc/receiver.ts';
import type { GrpcReceiverParts } from '../grpc/receiver.ts';
import type { GrpcMethod } from '../grpc/server.ts';
import type { Listener } from '../listener.ts';

export interface JaegerGrpcOptions extends GrpcReceiverParts {
  readonly sink: SpanSink;
  /** What is taken of a request; the decoder's own by default. */
  readonly limits?: DecodeLimits | undefined;
}

const RECEIVER = 'jaeger_grpc';

/** `PostSpansResponse` has no fields: spans that were refused are only counted. */
const POST_SPANS_RESPONSE = new Uint8Array(0);

/** Receives `CollectorService/PostSpans` of `jaeger.api_v2`. */
export function createJaegerGrpcReceiver({ sink, limits, ...parts }: JaegerGrpcOptions): Listener {
  const decode: TraceExport['decode'] = (bytes, block) =>
    decodeJaegerPostSpans(bytes, block, limits);
  const postSpans: GrpcMethod = async (message) => {
    const partial = await exportTraces(message, { sink, receiver: RECEIVER, decode });
    return {
      message: POST_SPANS_RESPONSE,
      outcome: partial === undefined ? 'ok' : 'partial',
    };
  };
  return createGrpcReceiver({
    ...parts,
    receiver: RECEIVER,
    methods: { '/jaeger.api_v2.CollectorService/PostSpans': postSpans },
  });
}
