import { status as CODES } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { jaegerMethod } from '../../../packages/server/src/http/jaeger/testing/grpc-oracle.ts';
import { tempoMethod } from '../../../packages/server/src/http/tempo/testing/tempo-proto.ts';
import type {
  ForeignGrpcClient,
  ForeignMethod,
  Message,
} from '../../../packages/server/src/http/testing/grpc-client.ts';

/** One question over gRPC and all that comes back, as it stands in `grpc-cases/<api>.json`; messages are in ProtoJSON. */
export interface GrpcCase {
  /** What a user of the API relies on, as a sentence. */
  readonly name: string;
  /** Such as `jaeger.api_v2.QueryService/GetServices`. */
  readonly method: string;
  readonly request: Message;
  /** Of a call that is answered once, the one. */
  readonly answers: readonly Message[];
  /** Where the call fails. */
  readonly failure?: GrpcFailure;
}

export interface GrpcFailure {
  /** Such as `NOT_FOUND`. */
  readonly status: string;
  readonly message: string;
}

/** Asks, and gives the case with what came back. Throws when a message has a field that the published description has not. */
export async function askCase(
  client: ForeignGrpcClient,
  { name, method, request }: GrpcCase,
): Promise<GrpcCase> {
  try {
    const answers = await client.ask(methodOf(method), request);
    return { name, method, request, answers };
  } catch (error) {
    if (!isServiceError(error)) throw error;
    const failure = { status: CODES[error.code], message: error.details };
    return { name, method, request, answers: [], failure };
  }
}

function methodOf(path: string): ForeignMethod {
  const [service = '', name = ''] = path.split('/');
  if (service === 'tempopb.StreamingQuerier') return tempoMethod(name);
  return jaegerMethod(
    service === 'jaeger.api_v2.QueryService' ? 'jaeger.api_v2' : 'jaeger.api_v3',
    name,
  );
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error;
}
