/** Every threshold of the analysis of one trace. Shares are 0 to 1. */
export interface AnalysisOptions {
  /**
   * Moments that are noted by different code, or rounded to another unit, are off by a little: spans that overlap by less than
   * this share of the shorter one, and by less than `jitterNs`, follow each other.
   */
  readonly jitterShare: number;
  readonly jitterNs: number;
  /** Clocks of hosts are taken to be off by less: a callee that ends so long after its caller gave up went on without it. */
  readonly maxClockSkewNs: number;
  /** A span may be closed so long after its caller has read the answer, or given up, and do nothing any more … */
  readonly maxClosingNs: number;
  /** … or by this share of its duration, if that is longer. */
  readonly maxClosingShare: number;
  /** What mending something must save of the root's duration to be told. */
  readonly minSavingShare: number;
  /**
   * … and of time, whatever share that is: who waits for a quick root notices nothing of less, and
   * so much is the ordinary work of whoever answers a request. Of calls and messages that
   * waited, too.
   */
  readonly minSavingNs: number;
  /**
   * The same for N+1 and retries, which are faults of their own: the former grows with the data, and the latter says that
   * something fails.
   */
  readonly minFaultSavingNs: number;
  /** So many calls of the same operation under one span are N+1 … */
  readonly minRepeatedCalls: number;
  /** … if the time in which at least one of them runs is this share of their durations added up: one after the other. */
  readonly minSequentialShare: number;
  /** So many are told, in the same way, that call nobody. */
  readonly minRepeatedWork: number;
  /** Calls that could run side by side follow each other with less than this share of the shorter one between them. */
  readonly maxSequentialGapShare: number;
  /** More failures in a row than this may be attempts, or a loop over things that all fail. */
  readonly maxAttempts: number;
  /** What went on for more than this share of its time after a failure below it, with success, did not fail of that. */
  readonly minAftermathShare: number;
  /** A dependency is slow when this share of the critical path is its own work. */
  readonly minDependencyShare: number;
  /** A message waited long when it did for this share of the trace's duration, and for `minSavingNs`. */
  readonly minMessageWaitShare: number;
  /** A server span is missing under a call if this share of the calls of the same operation have one … */
  readonly minServedShare: number;
  /** … and at least so many. */
  readonly minServedCalls: number;
  /** So many of the operations that the main root does not wait for are looked at for what they could save themselves. */
  readonly maxApartRoots: number;
  readonly maxFindings: number;
  /** Of these, those that say where an error began. */
  readonly maxErrorOrigins: number;
  /** Of each finding; `spanCount` says how many there are. */
  readonly maxEvidenceSpans: number;
}

/**
 * Chosen so that what is told is true of most traces it is told of, rather than that nothing is missed. 5 calls are the least at
 * which a loop is likelier than five different needs. A millisecond is what clocks of browsers and older senders are rounded to; clocks that NTP keeps over
 * the internet are off by tens of them (RFC 5905, section 1). 1 % is how much longer CRISP lets a server take than
 * its call (https://github.com/uber-research/CRISP, `crisp/configuration.py`). 10 ms less are not seen on a screen that is drawn sixty times a second.
 */
export const DEFAULT_ANALYSIS_OPTIONS: AnalysisOptions = {
  jitterShare: 0.05,
  jitterNs: 1_000_000,
  maxClockSkewNs: 100_000_000,
  maxClosingNs: 20_000_000,
  maxClosingShare: 0.01,
  minSavingShare: 0.05,
  minSavingNs: 10_000_000,
  minFaultSavingNs: 1_000_000,
  minRepeatedCalls: 5,
  minRepeatedWork: 10,
  minSequentialShare: 0.8,
  maxSequentialGapShare: 0.1,
  maxAttempts: 10,
  minAftermathShare: 0.5,
  minDependencyShare: 0.3,
  minMessageWaitShare: 0.1,
  minServedShare: 0.8,
  minServedCalls: 4,
  maxApartRoots: 8,
  maxFindings: 20,
  maxErrorOrigins: 5,
  maxEvidenceSpans: 100,
};
