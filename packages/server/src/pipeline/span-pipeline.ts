import { OverloadedError, SpanBlock } from '@clew/model';
import type { SpanWriter } from '../storage/span-store.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import type { SpanSink } from './span-sink.ts';

export interface SpanPipelineOptions {
  readonly writer: SpanWriter;
  readonly metrics: ServerMetrics;
}

/** Whose spans all are until senders can say who they are. */
const TENANT = 'default';

/** Blocks that wait to be filled again. A block of a request is used up in one go, so there is seldom a second one. */
const MAX_SPARE_BLOCKS = 4;
/** A block of more spans or more bytes of values than this has memory that most requests have no use for. */
const MAX_SPARE_SPANS = 20_000;
const MAX_SPARE_BYTES = 4 * 1024 * 1024;

/**
 * What happens to spans between a receiver and the store: they get their tenant and are counted. Limits and sampling
 * belong here too.
 *
 * Blocks are used again: making the columns of one and letting them grow took a sixth of the time of receiving. Measured
 * by `bench -- ingest`.
 */
export function createSpanPipeline({ writer, metrics }: SpanPipelineOptions): SpanSink {
  const spare: SpanBlock[] = [];
  let lastTurn: Promise<void> = Promise.resolve();
  return {
    nextTurn: () => {
      lastTurn = lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
      return lastTurn;
    },
    createBlock: () => spare.pop() ?? new SpanBlock(TENANT),
    accept: async (block, { receiver, rejectedSpans }) => {
      const { spanCount } = block;
      metrics.countReceived(receiver, spanCount + rejectedSpans);
      metrics.countRefused(receiver, 'invalid', rejectedSpans);
      // The store has taken what it needs when `write` returns its promise.
      const written = spanCount === 0 ? Promise.resolve() : writer.write(block);
      const isUsual = spanCount <= MAX_SPARE_SPANS && valueBytesOf(block) <= MAX_SPARE_BYTES;
      block.clear();
      if (isUsual && spare.length < MAX_SPARE_BLOCKS) spare.push(block);
      try {
        await written;
      } catch (error) {
        const reason = error instanceof OverloadedError ? 'overloaded' : 'storage';
        metrics.countRefused(receiver, reason, spanCount);
        throw error;
      }
      if (spanCount > 0) metrics.countStored(receiver, spanCount);
    },
  };
}

/** Of the columns whose values may be long. */
function valueBytesOf({ attributes, resources, scopes, events, links }: SpanBlock): number {
  let sum = events.length + links.length;
  for (const { string, complex } of [attributes, resources.attributes, scopes.attributes]) {
    sum += string.values.length + complex.values.length;
  }
  return sum;
}
