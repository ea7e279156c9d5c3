/**
 * What Jaeger's APIs ask, in their terms. A trace is adjusted before it is shown, for which it is held in memory as a whole; one
 * that is too large for that is told of.
 */
import { NotFoundError } from '@clew/model';
import type { LimitError, SpanKind, Trace, TraceId } from '@clew/model';
import type { KnownSummaries, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { AdjustedSpan, Adjuster } from './adjust/adjusted-span.ts';
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

/** A trace as it is shown. */
export interface ShownTrace {
  readonly traceId: TraceId;
  readonly spans: readonly AdjustedSpan[];
}

/** One of several traces. */
export type ReadTrace =
  | { readonly kind: 'trace'; readonly trace: ShownTrace }
  | { readonly kind: 'tooLarge'; readonly traceId: TraceId; readonly error: LimitError };

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

  /** One. Throws `NotFoundError`, and `LimitError` when it is too large to be put together. */
  async *readTrace(traceId: TraceId, options: ReadOptions): AsyncGenerator<ShownTrace> {
    let isFound = false;
    for await (const read of this.readTraces([traceId], options)) {
      if (read.kind === 'tooLarge') throw read.error;
      isFound = true;
      yield read.trace;
    }
    if (!isFound) throw new NotFoundError('trace', traceId);
  }

  /** In the order of the ids, one at a time; those that are not stored are left out. */
  async *readTraces(
    traceIds: readonly TraceId[],
    { isRaw, signal, summaries }: ReadOptions & KnownSummaries,
  ): AsyncGenerator<ReadTrace> {
    const options = { signal, summaries, turnstile: this.#turnstile };
    for await (const read of wholeTraces(this.queries, traceIds, options)) {
      if (read.kind === 'tooLarge') yield read;
      else yield { kind: 'trace', trace: await this.#show(read.trace, isRaw) };
    }
  }

  /** Newest first. */
  async *findTraces(terms: SearchTerms, options: ReadOptions): AsyncGenerator<ReadTrace> {
    const summaries = await findTraces(this.queries, terms, options);
    const traceIds = summaries.map(({ traceId }) => traceId);
    yield* this.readTraces(traceIds, { ...options, summaries });
  }

  async #show({ traceId, spans }: Trace, isRaw: boolean): Promise<ShownTrace> {
    const stored = unadjusted(spans);
    return { traceId, spans: isRaw ? stored : await adjustSpans(stored, this.#adjusters) };
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
