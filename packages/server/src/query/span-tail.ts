import { identityKey, unixNano, unixNanoFromMs } from '@clew/model';
import type { Clock, Span, UnixNano } from '@clew/model';
import type { SearchQuery } from '@clew/traceql';
import type { QueryOptions, TraceQueries } from './trace-queries.ts';

export interface SpanTailOptions {
  readonly queries: Pick<TraceQueries, 'findSpans' | 'readFoundSpans'>;
  readonly clock: Clock;
  readonly search: SearchQuery;
}

/** What has arrived since the look before. */
export interface TailLook {
  /** By start, the newest last. */
  readonly spans: readonly Span[];
  /** Spans, at least, that were too many. */
  readonly skippedCount: number;
}

/** A span that arrives longer after its start is not seen any more. */
const WINDOW_NANO = 5n * 60n * 1_000_000_000n;
/** As many spans are looked at. Where more of the window answer, the window is shorter. */
const MAX_SPANS_LOOKED_AT = 10_000;

/**
 * Tells what is new among the spans that a search yields. The store does not say when a span arrived, so each look is at those that
 * began lately, and gives what the look before did not have. One that was looked at is not given again, and neither is one that
 * began before those that could be looked at.
 */
export class SpanTail {
  readonly #options: SpanTailOptions;
  /** Those of the look before, by the keys of their identities. */
  #known: ReadonlySet<string> = new Set();
  #startUnixNano: UnixNano = unixNano(0n);

  constructor(options: SpanTailOptions) {
    this.#options = options;
  }

  /** Gives at most `limit` of what is new, the newest. What a look that failed would have given, the next one gives. */
  async look(limit: number, options: QueryOptions): Promise<TailLook> {
    const { queries, clock, search } = this.#options;
    const windowStart = unixNano(unixNanoFromMs(clock.nowMs()) - WINDOW_NANO);
    // Never back, whatever the clock does, lest what is forgotten come again.
    const since = windowStart > this.#startUnixNano ? windowStart : this.#startUnixNano;
    const found = await queries.findSpans(
      { search, startUnixNano: since, limit: MAX_SPANS_LOOKED_AT },
      options,
    );
    const keys = found.spans.map(identityKey);
    const fresh = found.spans.filter((_, i) => !this.#known.has(keys[i] ?? ''));
    const wanted = fresh.slice(0, limit);
    const spans = await queries.readFoundSpans({ search, spans: wanted }, options);
    this.#known = new Set(keys);
    const { next } = found;
    this.#startUnixNano = next === undefined ? since : unixNano(next.startUnixNano + 1n);
    return { spans: [...spans].reverse(), skippedCount: fresh.length - wanted.length };
  }
}
