/** What became of the spans that were given to be sent. A span moves from one count to another; each is in exactly one. */
export interface SendCounts {
  /** Being sent. */
  underWay: number;
  /** On the disk. */
  buffered: number;
  exported: number;
  rejected: number;
  dropped: number;
  /** Found on the disk, from processes that are gone; they are in one of the others as well. */
  recovered: number;
}
