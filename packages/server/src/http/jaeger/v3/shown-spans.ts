/** Spans of traces as they are shown, some at a time. */
import type { Span, TraceId } from '@clew/model';
import type { JaegerQueries, ReadOptions, ReadTrace } from '../jaeger-queries.ts';
import type { SearchTerms } from '../search-terms.ts';
import { withWarningsAttribute } from '../adjust/warnings-attribute.ts';

/** Each is of one trace. */
export type SpanChunks = AsyncGenerator<readonly Span[]>;

/** Spans that are sent together: some hundred kilobytes. */
const SPANS_PER_CHUNK = 1000;

/** Of one trace; none when it is not stored. */
export function readShownSpans(
  jaeger: JaegerQueries,
  traceId: TraceId,
  options: ReadOptions,
): SpanChunks {
  if (options.isRaw) return jaeger.queries.streamTraces([traceId], options);
  return chunksOf(jaeger, jaeger.readTraces([traceId], options), options);
}

/** Of the traces that a search finds. */
export function findShownSpans(
  jaeger: JaegerQueries,
  terms: SearchTerms,
  options: ReadOptions,
): SpanChunks {
  return chunksOf(jaeger, jaeger.findTraces(terms, options), options);
}

async function* chunksOf(
  jaeger: JaegerQueries,
  traces: AsyncIterable<ReadTrace>,
  options: ReadOptions,
): SpanChunks {
  for await (const read of traces) {
    if (read.kind === 'tooLarge') {
      // What cannot be held as a whole comes as it is stored.
      yield* jaeger.queries.streamTraces([read.traceId], options);
      continue;
    }
    const { spans } = read.trace;
    for (let at = 0; at < spans.length; at += SPANS_PER_CHUNK) {
      yield spans.slice(at, at + SPANS_PER_CHUNK).map(withWarningsAttribute);
    }
  }
}
