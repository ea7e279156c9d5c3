/**
 * What became of the spans that ended. Every one is in exactly one of the other counts, so they add up to
 * `endedSpanCount`.
 */
export interface ExportStats {
  readonly endedSpanCount: number;
  /** Accepted by the receiver. */
  readonly exportedSpanCount: number;
  /** Refused by the receiver for good. */
  readonly rejectedSpanCount: number;
  /** Given up: the queue was full, the receiver could not be reached for too long, or the library was shut down. */
  readonly droppedSpanCount: number;
  /** Waiting to be sent, or under way. */
  readonly queuedSpanCount: number;
}
