/** For whoever develops: what this process did for one request, as a small tree in the terminal. */
import { SpanStatusCode } from '@opentelemetry/api';
import type { RecordingSpan } from '../trace/recording-span.ts';
import { formatTree } from './format-tree.ts';
import type { PrintedSpan } from './format-tree.ts';

/** Beyond these, what began first is printed as it is: this is for looking at, not for keeping. */
const MAX_TRACES = 256;
const MAX_SPANS = 1000;
/**
 * How long a trace waits for more after its first span in this process has ended: what is called in passing ends a little later, and
 * a service that calls itself has several such spans.
 */
const PATIENCE_MS = 100;

interface WaitingTrace {
  readonly spans: PrintedSpan[];
  /** Runs once it is known that the trace will be printed. */
  timer: NodeJS.Timeout | undefined;
}

export interface TracePrinter {
  /** Is told each span that ends. */
  readonly onEnd: (span: RecordingSpan) => void;
  /** Prints what waits for more of its trace: there is no time left. */
  readonly printAll: () => void;
}

/**
 * Prints a trace soon after its first span in this process has ended, or when the process ends; what ends later is printed by
 * itself.
 */
export function printFinishedTraces(print: (text: string) => void): TracePrinter {
  const waiting = new Map<string, WaitingTrace>();
  const printed = new Set<string>();
  const printTrace = (traceId: string, { spans, timer }: WaitingTrace): void => {
    clearTimeout(timer);
    waiting.delete(traceId);
    if (waiting.size === 0) process.off('exit', printAll);
    print(formatTree(traceId, spans));
    keepNewest(printed.add(traceId));
  };
  const printAll = (): void => {
    for (const [traceId, trace] of waiting) printTrace(traceId, trace);
  };
  const onEnd = (span: RecordingSpan): void => {
    const traceId = span.trace.hex;
    if (waiting.size === 0) process.on('exit', printAll);
    const trace = waiting.get(traceId) ?? { spans: [], timer: undefined };
    waiting.set(traceId, trace);
    if (trace.spans.length < MAX_SPANS) trace.spans.push(toPrintedSpan(span));
    if (span.isLocalRoot || printed.has(traceId)) {
      trace.timer ??= setTimeout(() => printTrace(traceId, trace), PATIENCE_MS).unref();
    }
    const [oldest] = waiting;
    if (waiting.size > MAX_TRACES && oldest !== undefined) printTrace(...oldest);
  };
  return { onEnd, printAll };
}

/** Sets keep the order in which they were filled. */
function keepNewest(traceIds: Set<string>): void {
  const [oldest] = traceIds;
  if (traceIds.size > MAX_TRACES && oldest !== undefined) traceIds.delete(oldest);
}

function toPrintedSpan(span: RecordingSpan): PrintedSpan {
  return {
    spanId: `${span.spanWord0}/${span.spanWord1}`,
    parentSpanId: `${span.parentWord0}/${span.parentWord1}`,
    name: span.name,
    startMs: span.startMs,
    durationMs: span.durationMs,
    error: span.statusCode === SpanStatusCode.ERROR ? span.statusMessage || 'error' : undefined,
  };
}
