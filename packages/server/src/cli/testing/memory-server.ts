import { createAppListener } from '../../http/app-listener.ts';
import { OTLP_TRACES_PATH } from '../../http/otlp-path.ts';
import { createTestApp } from '../../http/testing/test-app.ts';
import { ByteBudget } from '../../receiver/byte-budget.ts';
import { createOtlpHttpHandler } from '../../receiver/otlp-http/receiver.ts';
import { MemoryLog, MemorySink } from '../../receiver/testing/memory-sink.ts';
import { ServerMetrics } from '../../telemetry/metrics.ts';

/** A server whose receiver is real and whose store is memory. */
export interface MemoryServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly sink: MemorySink;
}

export async function startMemoryServer(maxRequestBytes = 16 * 1024 ** 2): Promise<MemoryServer> {
  const sink = new MemorySink();
  const receiveTraces = createOtlpHttpHandler(OTLP_TRACES_PATH, {
    sink,
    metrics: new ServerMetrics('test'),
    log: new MemoryLog(),
    maxRequestBytes,
    budget: new ByteBudget(8 * maxRequestBytes),
    isAllowedOrigin: () => true,
  });
  const listener = createAppListener(createTestApp({ receiveTraces }).app);
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    sink,
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}
