import type { ClewClient } from '@clew/api';

/** What the trace page asks of the API. */
export type TraceClient = Pick<
  ClewClient,
  | 'readTraceColumns'
  | 'readSpan'
  | 'findMatches'
  | 'readMetrics'
  | 'searchSpans'
  | 'listTraceAttributes'
  | 'readTraceAttribute'
  | 'streamTrace'
>;
