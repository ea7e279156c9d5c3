import { LimitError } from '@clew/model';
import type { Span, Trace, TraceId } from '@clew/model';
import type { KnownSummaries, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Turnstile } from './turnstile.ts';

/** One of several traces, or that it has more spans than can be held. */
export type WholeTrace =
  | { readonly kind: 'trace'; readonly trace: Trace }
  | { readonly kind: 'tooLarge'; readonly traceId: TraceId; readonly error: LimitError };

export interface WholeTracesOptions extends QueryOptions, KnownSummaries {
  /** Of all who hold a large trace. */
  readonly turnstile: Turnstile;
}

/** As many as a search finds at most. */
const IDS_PER_PASS = 1500;
/** From here on a trace takes so much memory, some 3 KB a span, that not everybody may hold one. */
const LARGE_SPANS = 10_000;

/**
 * Traces in one pass over the store, of which one is held at a time, until the next is asked for; those that are not stored are left
 * out. Throws `OverloadedError` when there is no place for a large one.
 */
export async function* wholeTraces(
  queries: TraceQueries,
  traceIds: readonly TraceId[],
  options: WholeTracesOptions,
): AsyncGenerator<WholeTrace> {
  for (let left = traceIds; left.length > 0;) {
    const pass = left.slice(0, IDS_PER_PASS);
    const tooLarge: TraceId | undefined = yield* wholeTracesOfPass(queries, pass, options);
    // What is left of a trace that is too large is not read.
    left = left.slice(tooLarge === undefined ? pass.length : pass.indexOf(tooLarge) + 1);
  }
}

/** Ends with a trace that is too large, and returns its id. */
async function* wholeTracesOfPass(
  queries: TraceQueries,
  traceIds: readonly TraceId[],
  { turnstile, ...options }: WholeTracesOptions,
): AsyncGenerator<WholeTrace, TraceId | undefined> {
  const limit = queries.maxAssembledSpans;
  let traceId: TraceId | undefined;
  let spans: Span[] = [];
  let isIn = false;
  const forget = (): void => {
    spans = [];
    if (isIn) turnstile.leave();
    isIn = false;
  };
  try {
    for await (const chunk of queries.streamTraces(traceIds, options)) {
      const chunkId = chunk[0]?.traceId;
      if (chunkId === undefined) continue;
      if (chunkId !== traceId) {
        if (traceId !== undefined) yield { kind: 'trace', trace: { traceId, spans } };
        traceId = chunkId;
        forget();
      }
      const actual = spans.length + chunk.length;
      if (actual > limit) {
        forget();
        const error = new LimitError(`a trace has more than ${limit} spans`, { limit, actual });
        yield { kind: 'tooLarge', traceId, error };
        return traceId;
      }
      if (actual > LARGE_SPANS && !isIn) {
        await turnstile.enter(options.signal);
        isIn = true;
      }
      for (const span of chunk) spans.push(span);
    }
    if (traceId !== undefined) yield { kind: 'trace', trace: { traceId, spans } };
    return undefined;
  } finally {
    forget();
  }
}
