import { attributeValueToJson, traceToJson } from '@clew/api';
import type { TraceForm } from '@clew/api';
import {
  collectAttributeValues,
  collectAttributes,
  createTextMatcher,
  toTraceColumns,
} from '@clew/model';
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
    listTraceAttributes: async () => {
      const { spanCount, attributes } = await collectAttributes([spans]);
      return {
        spanCount,
        attributes: attributes.map(({ owner: scope, key, spanCount: count }) => ({
          scope,
          key,
          spanCount: count,
        })),
      };
    },
    readTraceAttribute: async (_, { scope, key }) => {
      const attribute = { owner: scope, key };
      const { values, valueIndexes } = await collectAttributeValues([spans], attribute);
      return { values: values.map(attributeValueToJson), valueIndexes };
    },
    async *streamTrace(_, form) {
      yield new TextEncoder().encode(await writeTrace(trace, form));
    },
  };
}

/** The encoder of OTLP is fetched when it is asked for; the other tools' forms only the server writes. */
async function writeTrace(trace: Trace, form: TraceForm): Promise<string> {
  if (form === 'json') return JSON.stringify(traceToJson(trace));
  if (form !== 'otlpJson') throw new Error(messages.trace.file.noStore);
  const { encodeTracesJson } = await import('@clew/protocol');
  return encodeTracesJson(trace.spans);
}
