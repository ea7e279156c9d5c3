import type { SpanBlock } from '@clew/model';
import type { PartialSuccess, RejectedSpans } from '@clew/protocol';
import type { SpanSink } from '../pipeline/span-sink.ts';

export interface TraceExport {
  readonly sink: SpanSink;
  /** The receiver's name in metrics. */
  readonly receiver: string;
  readonly decode: (bytes: Uint8Array, block: SpanBlock) => RejectedSpans;
}

/** Decoding this much takes about a millisecond. */
const LARGE_BYTES = 128 * 1024;

/**
 * Decodes one request and hands it over. Resolves when its spans are durable; with what was refused, when some were.
 * Throws what the decoder and the sink throw, and then nothing of the request was accepted.
 */
export async function exportTraces(
  bytes: Uint8Array,
  { sink, receiver, decode }: TraceExport,
): Promise<PartialSuccess | undefined> {
  if (bytes.length >= LARGE_BYTES) await sink.nextTurn();
  const block = sink.createBlock();
  const rejected = decode(bytes, block);
  await sink.accept(block, { receiver, rejectedSpans: rejected.count });
  if (rejected.count === 0) return undefined;
  return { rejectedSpans: rejected.count, message: rejected.reasons.join('; ') };
}
