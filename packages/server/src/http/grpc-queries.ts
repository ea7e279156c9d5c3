/** gRPC for APIs that are asked: the methods of a query API, and what its failures are called. */
import type { Http2Server } from 'node:http2';
import type { ByteBudget } from '../receiver/byte-budget.ts';
import { createGrpcServer } from '../receiver/grpc/server.ts';
import type { GrpcMethod } from '../receiver/grpc/server.ts';
import type { Logger } from '../telemetry/log.ts';
import { toErrorAnswer } from './error-response.ts';

export interface GrpcQueriesOptions {
  /** By path: `/package.Service/Method`. */
  readonly methods: Readonly<Record<string, GrpcMethod>>;
  /** The API's own words for an error, where it has some. */
  readonly messageOf?: (error: unknown) => string | undefined;
  readonly budget: ByteBudget;
  readonly log: Logger;
}

/** A question is small; of a trace that is uploaded there is no method. */
const MAX_QUESTION_BYTES = 1024 ** 2;

export function createGrpcQueries({
  methods,
  messageOf,
  budget,
  log,
}: GrpcQueriesOptions): Http2Server {
  return createGrpcServer({
    methods,
    budget,
    maxRequestBytes: MAX_QUESTION_BYTES,
    explain: (error) => {
      const { code, message } = toErrorAnswer(error, log).body.error;
      return { code, message: messageOf?.(error) ?? message };
    },
  });
}
