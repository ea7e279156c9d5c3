import type { SdkConfig } from './config/resolve-config.ts';
import { BatchProcessor } from './export/batch-processor.ts';
import { createExporter } from './export/create-exporter.ts';
import { RequestSender } from './export/request-sender.ts';
import { createResource } from './resource/create-resource.ts';
import { encodeResource } from './trace/encode-scope.ts';
import type { InstrumentationScope } from './trace/encode-scope.ts';
import { SpanBuffer } from './trace/span-buffer.ts';

/** What writes ended spans and sends them, with what is found out of this process. It is loaded apart from all else. */
export function createProcessor(
  config: SdkConfig,
  scopes: readonly InstrumentationScope[],
): BatchProcessor {
  const { batch } = config;
  const { diskBuffer } = config.export;
  const buffer = new SpanBuffer({
    resource: encodeResource(createResource(config)),
    scopes,
    maxSpans: batch.maxQueueSize,
    maxBytes: batch.maxQueueBytes,
  });
  const { exportTimeoutMs } = batch;
  const sender = new RequestSender(createExporter(config.export), { exportTimeoutMs, diskBuffer });
  return new BatchProcessor(sender, buffer, batch);
}
