/** Jaeger's protobuf over gRPC: what agents and clients send to its collector. */
import { decodeJaegerPostSpans } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import { exportTraces } from '../export-traces.ts';
import { createGrpcReceiver } from '../grpc/receiver.ts';
import type { GrpcMethod, GrpcReceiverParts } from '../grpc/receiver.ts';
import type { Listener } from '../listener.ts';

export interface JaegerGrpcOptions extends GrpcReceiverParts {
  readonly sink: SpanSink;
}

const RECEIVER = 'jaeger_grpc';

/** `PostSpansResponse` has no fields: spans that were refused are only counted. */
const POST_SPANS_RESPONSE = new Uint8Array(0);

/** Receives `CollectorService/PostSpans` of `jaeger.api_v2`. */
export function createJaegerGrpcReceiver({ sink, ...parts }: JaegerGrpcOptions): Listener {
  const postSpans: GrpcMethod = async (message) => {
    const decode = decodeJaegerPostSpans;
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
