import { NotFoundError } from '@clew/model';
import type { GrpcMethod } from './server.ts';

/** Where load balancers ask whether a gRPC server serves (gRPC Health Checking Protocol). */
export const HEALTH_CHECK = '/grpc.health.v1.Health/Check';

/** `HealthCheckResponse` with field 1, `status`, of `SERVING`. */
const SERVING = Buffer.from([0x08, 0x01]);

const SERVICE_TAG = 0x0a;

/**
 * Answers `SERVING` for the whole server and for each of `services`. A server that drains takes no calls any more, so
 * there is nothing else to say.
 */
export function createHealthCheck(services: readonly string[]): GrpcMethod {
  return async (request) => {
    // `HealthCheckRequest` has one field, 1, `service`, whose name is shorter than 128 bytes when we know it.
    const service =
      request[0] === SERVICE_TAG ? request.subarray(2, 2 + (request[1] ?? 0)).toString() : '';
    if (service !== '' && !services.includes(service)) throw new NotFoundError('service', service);
    return { message: SERVING };
  };
}
