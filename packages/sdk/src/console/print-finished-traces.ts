/** For whoever develops: what this process did for one request, as a small tree in the terminal. */
import { SpanStatusCode } from '@opentelemetry/api';
import type { RecordingSpan } from '../trace/recording-span.ts';
import { formatTree } from './format-tree.ts';
import type { PrintedSpan } from './format-tree.ts';

/** Beyond these, what began first is not printed: this is for looking at, not for keeping. */
const MAX_TRACES = 256;
const MAX_SPANS = 1000;

/**
 * Prints a trace when its first span in this process ends, with the spans below that have ended by then; one that ends later is
 * printed by itself. Answers with what is to be told each span that ends.
 */
export function printFinishedTraces(print: (text: string) => void): (span: RecordingSpan) => void {
  const waiting = new Map<string, PrintedSpan[]>();
  return (span) => {
    const traceId = span.trace.hex;
    const spans = waiting.get(traceId) ?? [];
    if (spans.length < MAX_SPANS) spans.push(toPrintedSpan(span));
    if (span.isLocalRoot) {
      waiting.delete(traceId);
      print(formatTree(traceId, spans));
      return;
    }
    waiting.set(traceId, spans);
    const [oldest] = waiting.keys();
    if (waiting.size > MAX_TRACES && oldest !== undefined) {
      print(formatTree(oldest, waiting.get(oldest) ?? []));
      waiting.delete(oldest);
    }
  };
}

function toPrintedSpan(span: RecordingSpan): PrintedSpan {
  return {
    spanId: `${span.spanWord0}/${span.spanWord1}`,
    parentSpanId: span.isLocalRoot ? undefined : `${span.parentWord0}/${span.parentWord1}`,
    name: span.name,
    startMs: span.startMs,
    durationMs: span.durationMs,
    error: span.statusCode === SpanStatusCode.ERROR ? span.statusMessage || 'error' : undefined,
  };
}
