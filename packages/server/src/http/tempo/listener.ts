import type { ByteBudget } from '../../receiver/byte-budget.ts';
import type { Listener } from '../../receiver/listener.ts';
import { createSharedPortListener } from '../../receiver/shared-port-listener.ts';
import { createAppServer } from '../app-listener.ts';
import { createGrpcQueries } from '../grpc-queries.ts';
import { tempoGrpcMethods } from './grpc.ts';
import { createTempoRoutes } from './routes.ts';
import type { TempoRoutesOptions } from './routes.ts';

export interface TempoListenerOptions extends TempoRoutesOptions {
  readonly budget: ByteBudget;
}

/** Tempo's port: its HTTP API at the root, and its gRPC service. */
export function createTempoListener({ budget, ...options }: TempoListenerOptions): Listener {
  return createSharedPortListener({
    http: createAppServer(createTempoRoutes(options)),
    http2: createGrpcQueries({ methods: tempoGrpcMethods(options), budget, log: options.log }),
  });
}
