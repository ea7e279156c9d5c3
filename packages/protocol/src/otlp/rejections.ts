/** The spans of a request that were refused while the rest was kept. */
export interface RejectedSpans {
  readonly count: number;
  /** Distinct, at most 10, each naming what is wrong and the offending value shortened. */
  readonly reasons: readonly string[];
}
