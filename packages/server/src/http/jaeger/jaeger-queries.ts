/**
 * What Jaeger's APIs ask, in their terms. A trace is adjusted before it is shown, for which it is held in memory as a whole; one
 * that is too large for that comes as it is stored, and its first span says so.
 */
import { NotFoundError } from '@clew/model';
import type { SpanKind, TraceId } from '@clew/model';
import type { KnownSummaries, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { AdjustedSpan, Adjuster } from './adjust/adjusted-span.ts';
import { withWarning } from './adjust/adjusted-span.ts';
import { adjustSpans, createStandardAdjusters, unadjusted } from './adjust/standard.ts';
import { findTraces } from './find-traces.ts';
import type { SearchTerms } from './search-terms.ts';
import { Turnstile } from './turnstile.ts';
import { wholeTraces } from './whole-traces.ts';

export interface JaegerQueriesOptions {
  readonly queries: TraceQueries;
  /** The most that clocks are corrected by; 0 corrects none. */
  readonly maxClockSkewNano: bigint;
}

export interface ReadOptions extends QueryOptions {
  /** As it is stored. */
  readonly isRaw: boolean;
}

/** Spans of a trace as they are shown. */
export interface ShownSpans {
  readonly traceId: TraceId;
  readonly spans: readonly AdjustedSpan[];
}

/** Traces one after the other, each some spans at a time. */
export type ShownTraces = AsyncGenerator<ShownSpans>;

/** Spans that are shown together: some hundred kilobytes. */
const SPANS_PER_CHUNK = 1000;
/** Together some 600 MB where traces are as large as they may be. */
const LARGE_TRACES = 2;
/** As long as a question to the store may take. */
const MAX_WAIT_MS = 30_000;

export class JaegerQueries {
  /** What needs no translation. */
  readonly queries: TraceQueries;
  readonly #adjusters: readonly Adjuster[];
  readonly #turnstile = new Turnstile({ places: LARGE_TRACES, waitMs: MAX_WAIT_MS });

  constructor({ queries, maxClockSkewNano }: JaegerQueriesOptions) {
    this.queries = queries;
    this.#adjusters = createStandardAdjusters(maxClockSkewNano);
  }

  /** Of a kind, in Jaeger's words; of all kinds where it is empty. */
  async listOperations(
    service: string,
    kind: string,
    options: QueryOptions,
  ): Promise<readonly JaegerOperation[]> {
    const operations = await this.queries.listOperations(service, options);
    return operations
      .map(({ spanName, spanKind }) => ({
        name: spanName,
        spanKind: formatJaegerKind(spanKind),
      }))
      .filter(({ spanKind }) => kind === '' || kind === spanKind);
  }

  /** One. Throws `NotFoundError`. */
  async *readTrace(traceId: TraceId, options: ReadOptions): ShownTraces {
    let isFound = false;
    for await (const shown of this.readTraces([traceId], options)) {
      isFound = true;
      yield shown;
    }
    if (!isFound) throw new NotFoundError('trace', traceId);
  }

  /** In the order of the ids; those that are not stored are left out. */
  async *readTraces(
    traceIds: readonly TraceId[],
    { isRaw, signal, summaries }: ReadOptions & KnownSummaries,
  ): ShownTraces {
    const options = { signal, summaries };
    if (isRaw) {
      yield* this.#readStored(traceIds, options);
      return;
    }
    const traces = wholeTraces(this.queries, traceIds, { ...options, turnstile: this.#turnstile });
    for await (const read of traces) {
      if (read.kind === 'trace') {
        const { traceId, spans: stored } = read.trace;
        const spans = await adjustSpans(unadjusted(stored), this.#adjusters);
        for (let at = 0; at < spans.length; at += SPANS_PER_CHUNK) {
          yield { traceId, spans: spans.slice(at, at + SPANS_PER_CHUNK) };
        }
      } else {
        const warning = `${read.error.message}: shown as it is stored`;
        yield* warned(this.#readStored([read.traceId], options), warning);
      }
    }
  }

  /** Newest first. */
  async *findTraces(terms: SearchTerms, options: ReadOptions): ShownTraces {
    const summaries = await findTraces(this.queries, terms, options);
    const traceIds = summaries.map(({ traceId }) => traceId);
    yield* this.readTraces(traceIds, { ...options, summaries });
  }

  async *#readStored(
    traceIds: readonly TraceId[],
    options: QueryOptions & KnownSummaries,
  ): ShownTraces {
    for await (const spans of this.queries.streamTraces(traceIds, options)) {
      const traceId = spans[0]?.traceId;
      if (traceId !== undefined) yield { traceId, spans: unadjusted(spans) };
    }
  }
}

/** The first span has the warning. */
async function* warned(traces: ShownTraces, warning: string): ShownTraces {
  let isFirst = true;
  for await (const { traceId, spans } of traces) {
    const [first, ...others] = spans;
    if (isFirst && first !== undefined) {
      yield { traceId, spans: [withWarning(first, warning), ...others] };
    } else yield { traceId, spans };
    isFirst = false;
  }
}

export interface JaegerOperation {
  readonly name: string;
  /** Empty where it is unspecified. */
  readonly spanKind: string;
}

function formatJaegerKind(kind: SpanKind): string {
  return kind === 'unspecified' ? '' : kind;
}
