/**
 * A gRPC server for a receiver: a table of methods, what a failure means to a sender, and counting. A protocol is:
 *
 *     export function createExampleReceiver({ sink, ...parts }: ExampleOptions): Listener {
 *       const post: GrpcMethod = async (message) => {
 *         await exportTraces(message, { sink, receiver: 'example', decode: decodeExample });
 *         return { message: EMPTY_RESPONSE };
 *       };
 *       return createGrpcReceiver({
 *         ...parts,
 *         receiver: 'example',
 *         methods: { '/example.v1.Collector/Post': post },
 *       });
 *     }
 *
 * where `ExampleOptions extends GrpcReceiverParts` and adds the sink. A method gets the message, decompressed, and
 * throws what the decoder and the sink throw: the failure is mapped to a status, counted and written here.
 */
import type { Logger } from '../../telemetry/log.ts';
import type { ServerMetrics } from '../../telemetry/metrics.ts';
import { toFailure } from '../failure.ts';
import type { Listener } from '../listener.ts';
import { createHttp2Listener } from './http2-listener.ts';
import { createGrpcServer } from './server.ts';
import type { GrpcServerOptions } from './server.ts';

/** What the server gives every receiver over gRPC. */
export interface GrpcReceiverParts extends Omit<
  GrpcServerOptions,
  'methods' | 'explain' | 'onAnswer'
> {
  readonly metrics: ServerMetrics;
  readonly log: Logger;
}

export interface GrpcReceiverOptions extends GrpcReceiverParts, Pick<GrpcServerOptions, 'methods'> {
  /** The receiver's name in metrics. */
  readonly receiver: string;
}

export function createGrpcReceiver(options: GrpcReceiverOptions): Listener {
  const { receiver, metrics, log } = options;
  const server = createGrpcServer({
    ...options,
    explain: (error) => toFailure(error, log),
    onAnswer: (outcome, failure) => {
      metrics.countRequest(receiver, outcome);
      if (failure === undefined) return;
      log.debug('a request was refused', { receiver, reason: failure.message });
    },
  });
  return createHttp2Listener(server);
}
