import type { ByteBudget } from '../../../receiver/byte-budget.ts';
import { createHttp2Listener } from '../../../receiver/grpc/http2-listener.ts';
import type { Listener } from '../../../receiver/listener.ts';
import type { Logger } from '../../../telemetry/log.ts';
import { createGrpcQueries } from '../../grpc-queries.ts';
import { messageOf } from '../answer.ts';
import type { JaegerQueries } from '../jaeger-queries.ts';
import { createV2Methods } from './v2-methods.ts';
import { createV3Methods } from './v3-methods.ts';

export interface JaegerGrpcQueriesOptions {
  readonly jaeger: JaegerQueries;
  readonly budget: ByteBudget;
  readonly log: Logger;
}

/** Jaeger's query services over gRPC, both versions on one port. */
export function createJaegerGrpcQueries({ jaeger, ...parts }: JaegerGrpcQueriesOptions): Listener {
  const methods = { ...createV2Methods(jaeger), ...createV3Methods(jaeger) };
  return createHttp2Listener(createGrpcQueries({ ...parts, methods, messageOf }));
}
