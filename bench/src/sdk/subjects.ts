/** Who is measured: each is set up in a process of its own, and used through OpenTelemetry's API alone. */
import { createRequire } from 'node:module';
import { trace } from '@opentelemetry/api';

export const SUBJECTS = ['clew', 'opentelemetry', 'none'] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface Setup {
  /** Of the receiver. */
  readonly endpoint: string;
  /** Spans of one request; each subject's own default when absent. */
  readonly batchSize: number | undefined;
  readonly withHttp: boolean;
}

/** Sets a subject up in this process; gives how to send what has ended so far. */
export async function setUp(subject: Subject, setup: Setup): Promise<() => Promise<void>> {
  if (subject === 'clew') return setUpClew(setup);
  if (subject === 'opentelemetry') return setUpOpenTelemetry(setup);
  return () => Promise.resolve();
}

async function setUpClew({ endpoint, batchSize, withHttp }: Setup): Promise<() => Promise<void>> {
  const { init } = await import('@clew/sdk');
  const clew = init({
    serviceName: 'bench',
    endpoint,
    instrumentHttp: withHttp,
    ...(batchSize === undefined ? {} : { maxBatchSize: batchSize }),
  });
  return () => clew.forceFlush();
}

async function setUpOpenTelemetry(setup: Setup): Promise<() => Promise<void>> {
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  const exporter = new OTLPTraceExporter({ url: `${setup.endpoint}/v1/traces` });
  // Its own queue of 2048 drops spans of a burst that Clew's of 8192 holds.
  const processor = new BatchSpanProcessor(exporter, {
    maxQueueSize: 8192,
    ...(setup.batchSize === undefined ? {} : { maxExportBatchSize: setup.batchSize }),
  });
  new NodeTracerProvider({ spanProcessors: [processor] }).register();
  if (setup.withHttp) {
    const { HttpInstrumentation } = await import('@opentelemetry/instrumentation-http');
    new HttpInstrumentation().setTracerProvider(trace.getTracerProvider());
    // The module was loaded with `import` before; the instrumentation waits for the next who asks for it.
    createRequire(import.meta.url)('node:http');
  }
  return () => processor.forceFlush();
}
