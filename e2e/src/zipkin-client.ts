/** An order, traced by Zipkin's own client for Node: what two services that use it send. */
import { createRequire } from 'node:module';
import type * as Zipkin from 'zipkin';
import type * as ZipkinTransport from 'zipkin-transport-http';

// Both packages are CommonJS without names that an import could find.
const require = createRequire(import.meta.url);
const {
  Annotation,
  BatchRecorder,
  ExplicitContext,
  InetAddress,
  Tracer,
  TraceId,
  jsonEncoder,
  option,
} = require('zipkin') as typeof Zipkin;
const transport = require('zipkin-transport-http') as typeof ZipkinTransport;

export type ZipkinVersion = 'v1' | 'v2';

export interface SentOrder {
  /** As the client has it: 16 or 32 digits. */
  readonly traceId: string;
  /** Of the client and of the server span alike. */
  readonly sharedSpanId: string;
  readonly rootSpanId: string;
  readonly localSpanId: string;
}

export interface OrderOptions {
  /** Of the API, such as `http://127.0.0.1:9411`. */
  readonly url: string;
  readonly version: ZipkinVersion;
  readonly traceId128Bit: boolean;
}

/** Resolves when all spans were answered with 200 or 202. */
export async function sendOrder(options: OrderOptions): Promise<SentOrder> {
  const orders = createService('order-service', options);
  const users = createService('user-service', options);
  const rootId = orders.tracer.createRootId(new option.Some(true), true);
  const clientId = orders.tracer.createChildId(rootId);
  const serverId = new TraceId({
    traceId: clientId.traceId,
    parentId: clientId.parentSpanId,
    spanId: clientId.spanId,
    sampled: clientId.sampled,
    debug: clientId.isDebug(),
  });
  orders.within(rootId, (tracer) => {
    tracer.recordServiceName('order-service');
    tracer.recordRpc('post /orders');
    tracer.recordAnnotation(new Annotation.ServerRecv());
    tracer.recordAnnotation(
      new Annotation.LocalAddr({ host: new InetAddress('10.0.0.1'), port: 8080 }),
    );
    tracer.recordBinary('http.path', '/orders');
    tracer.recordBinary('order.items', 3);
    tracer.recordMessage('order checked');
  });
  orders.within(clientId, (tracer) => {
    tracer.recordServiceName('order-service');
    tracer.recordRpc('get /users');
    tracer.recordAnnotation(new Annotation.ClientSend());
    tracer.recordAnnotation(
      new Annotation.ServerAddr({
        serviceName: 'user-service',
        host: new InetAddress('10.0.0.2'),
        port: 8081,
      }),
    );
  });
  users.within(join(users.tracer, serverId), (tracer) => {
    tracer.recordServiceName('user-service');
    tracer.recordRpc('get /users');
    tracer.recordAnnotation(new Annotation.ServerRecv());
    tracer.recordAnnotation(
      new Annotation.ClientAddr({ host: new InetAddress('10.0.0.1'), port: 40_000 }),
    );
    tracer.recordBinary('error', 'no such user: "Zoë"');
    tracer.recordAnnotation(new Annotation.ServerSend());
  });
  orders.within(clientId, (tracer) => tracer.recordAnnotation(new Annotation.ClientRecv()));
  let localSpanId = '';
  orders.within(rootId, (tracer) => {
    tracer.local('pack', () => {
      localSpanId = tracer.id.spanId;
    });
  });
  orders.within(rootId, (tracer) => tracer.recordAnnotation(new Annotation.ServerSend()));
  await Promise.all([orders.flush(), users.flush()]);
  const { traceId, spanId: rootSpanId } = rootId;
  return { traceId, sharedSpanId: clientId.spanId, rootSpanId, localSpanId };
}

function createService(localServiceName: string, { url, version, traceId128Bit }: OrderOptions) {
  const logger = new transport.HttpLogger({
    endpoint: `${url}/api/${version}/spans`,
    jsonEncoder: version === 'v1' ? jsonEncoder.JSON_V1 : jsonEncoder.JSON_V2,
    // Sent when asked to, not by the clock.
    httpInterval: 3_600_000,
  }) as ZipkinTransport.HttpLogger & Transport;
  const ctxImpl = new ExplicitContext();
  const recorder = new BatchRecorder({ logger });
  const tracer = new Tracer({ ctxImpl, recorder, localServiceName, traceId128Bit });
  return {
    tracer,
    within: (id: Zipkin.TraceId, record: (service: typeof tracer) => void) =>
      tracer.letId(id, () => record(tracer)),
    flush: () =>
      new Promise<void>((resolve, reject) => {
        logger.on('success', () => resolve());
        logger.on('error', reject);
        logger.processQueue(fetch);
      }),
  };
}

/** Takes part in a span that another service began, with its id. The method is missing in the types. */
function join(tracer: Zipkin.Tracer, id: Zipkin.TraceId): Zipkin.TraceId {
  return (tracer as Zipkin.Tracer & { join(id: Zipkin.TraceId): Zipkin.TraceId }).join(id);
}

/** What the transport has and its types do not say. */
interface Transport {
  on(event: 'success' | 'error', listener: (value: unknown) => void): void;
  processQueue(fetchImplementation: typeof fetch): void;
}
