/**
 * What became of the spans that ended. Every one is in exactly one of the other counts; so is every one that a process before
 * this one had left on the disk. `endedSpanCount` and `recoveredSpanCount` together are the sum of the others.
 */
export interface ExportStats {
  readonly endedSpanCount: number;
  /** Left on the disk by processes that are gone, and taken over by this one; 0 without a disk buffer. */
  readonly recoveredSpanCount: number;
  /** Accepted by the receiver. */
  readonly exportedSpanCount: number;
  /** Refused by the receiver for good. */
  readonly rejectedSpanCount: number;
  /**
   * Given up: the queue or the disk buffer was full, the receiver could not be reached for too long, or the library was shut
   * down.
   */
  readonly droppedSpanCount: number;
  /** On the disk, for this process to send or for one after it; 0 without a disk buffer. */
  readonly bufferedSpanCount: number;
  /** Waiting to be sent, or under way. */
  readonly queuedSpanCount: number;
}
