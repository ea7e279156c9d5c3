import { formatCount, formatExactCount } from '../base/format.ts';

/** Texts of the line that says which trace it is, and of what may be missing from it. */
export const traceHeader = {
  again: 'Load the trace again',
  againTitle: 'Load the trace again: what has arrived since',
  rootMissing: 'root span missing',
  start: 'Start',
  duration: 'Duration',
  durationTitle:
    'From the start of the first span to the end of the last: with messages that wait, and work that nobody waits for',
  rootDuration: 'Duration of the root',
  rootTakes: (duration: string): string => `root ${duration}`,
  rootTitle: (root: string, service: string): string =>
    `How long ${root} of ${service} took: its caller waited for this, and not for what goes on after it`,
  spans: 'Spans',
  exactSpans: (count: number): string => `${formatExactCount(count)} spans`,
  services: 'Services',
  errors: 'Errors',
  noneFailed: 'none failed',
  failed: (count: number, all: number): string =>
    `${formatCount(count)} of ${formatCount(all)} failed`,
  nextFailed: (count: number, all: number): string =>
    `${formatExactCount(count)} of ${formatExactCount(all)} failed: go to the next failed span (e)`,
  depth: 'Depth',
  depthOf: (depth: number): string => `depth ${formatCount(depth)}`,
  traceId: 'Trace id',
  copyTraceId: 'Copy the trace id',
} as const;
