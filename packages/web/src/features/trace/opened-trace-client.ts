import { traceToJson } from '@clew/api';
import { createTextMatcher, toTraceColumns } from '@clew/model';
import type { Trace } from '@clew/model';
import { messages } from '../../messages/messages.ts';
import type { TraceClient } from './trace-client.ts';

/** Answers what the trace page asks from a trace that was opened from a file; what needs a store it has not. */
export function createOpenedTraceClient(trace: Trace): TraceClient {
  const { traceId, spans } = trace;
  const refuse = (): Promise<never> => Promise.reject(new Error(messages.trace.file.noStore));
  return {
    readTraceColumns: () => Promise.resolve(toTraceColumns(trace)),
    readSpan: (_, spanId) =>
      Promise.resolve(
        traceToJson({ traceId, spans: spans.filter((span) => span.spanId === spanId) }),
      ),
    findMatches: (_, { text }) => {
      if (typeof text !== 'string') return refuse();
      return Promise.resolve({
        spanIds: spans.filter(createTextMatcher(text)).map(({ spanId }) => spanId),
      });
    },
    readMetrics: refuse,
    searchSpans: refuse,
    listTraceAttributes: refuse,
    readTraceAttribute: refuse,
    async *streamTrace() {
      yield new TextEncoder().encode(JSON.stringify(traceToJson(trace)));
    },
  };
}
