import { OverloadedError, SpanBlock } from '@clew/model';
import type { SpanWriter } from '../storage/span-store.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import type { ReceivedBatch, SpanSink } from './span-sink.ts';

export interface SpanPipelineOptions {
  readonly writer: SpanWriter;
  readonly metrics: ServerMetrics;
}

/** Whose spans all are until senders can say who they are. */
const TENANT = 'default';

/**
 * What happens to spans between a receiver and the store: they get their tenant and are counted. Limits and sampling
 * belong here too.
 */
export function createSpanPipeline({ writer, metrics }: SpanPipelineOptions): SpanSink {
  return {
    createBlock: () => new SpanBlock(TENANT),
    accept: (block, batch) => accept(block, batch, { writer, metrics }),
  };
}

async function accept(
  block: SpanBlock,
  { receiver, rejectedSpans }: ReceivedBatch,
  { writer, metrics }: SpanPipelineOptions,
): Promise<void> {
  const { spanCount } = block;
  metrics.countReceived(receiver, spanCount + rejectedSpans);
  metrics.countRefused(receiver, 'invalid', rejectedSpans);
  if (spanCount === 0) return;
  try {
    await writer.write(block);
  } catch (error) {
    const reason = error instanceof OverloadedError ? 'overloaded' : 'storage';
    metrics.countRefused(receiver, reason, spanCount);
    throw error;
  }
  metrics.countStored(receiver, spanCount);
}
