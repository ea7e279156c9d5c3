import type { SpanBlock } from '@clew/model';

/** Where receivers hand over what they decoded. */
export interface SpanSink {
  /**
   * Resolves in a turn of the event loop of the caller's own: large requests that arrive together are decoded one a turn, so
   * that between them the others are answered, and whoever asks a question.
   */
  nextTurn(): Promise<void>;
  /** An empty block for one request, to be filled by a decoder. */
  createBlock(): SpanBlock;
  /**
   * Takes what is in the block, which the caller must not touch again. Resolves when its spans are durable, which is when
   * the sender may be told so. Rejects with `OverloadedError` when the sender should try again later.
   */
  accept(block: SpanBlock, received: ReceivedBatch): Promise<void>;
}

/** What the pipeline counts of a request. */
export interface ReceivedBatch {
  /** The receiver's name in metrics: `otlp_grpc`, `otlp_http`. */
  readonly receiver: string;
  /** Spans of the request that the decoder refused. */
  readonly rejectedSpans: number;
}
