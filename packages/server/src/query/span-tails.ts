import { OverloadedError, QuotaError } from '@clew/model';
import type { Clock, Span } from '@clew/model';
import type { SearchQuery } from '@clew/traceql';
import { SpanTail } from './span-tail.ts';
import type { TraceQueries } from './trace-queries.ts';

export interface SpanTailsOptions {
  readonly queries: Pick<TraceQueries, 'findSpans' | 'readFoundSpans'>;
  readonly clock: Clock;
  /** From an answer of the store to the next question, 1 s by default. */
  readonly pauseMs?: number | undefined;
}

export interface TailRequest {
  readonly search: SearchQuery;
  /** Of the spans that are there already, so many of the newest come first. */
  readonly backlog: number;
  /** When more arrive between two questions, the older ones are skipped. */
  readonly maxSpansPerLook: number;
  /** Whoever asks has gone. */
  readonly signal: AbortSignal;
}

export type TailEvent =
  | { readonly kind: 'span'; readonly span: Span }
  | { readonly kind: 'skipped'; readonly spanCount: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Open until it is disposed of. */
export interface OpenTail extends Disposable {
  /** Ends when whoever asked has gone, the server stops, or the store has failed three times in a row. */
  events(): AsyncGenerator<TailEvent>;
}

const MAX_TAILS = 20;
const MAX_FAILURES = 3;
const PAUSE_MS = 1000;

/** The tails that are open. Each asks the store a question a second, so there are not many. */
export class SpanTails implements Disposable {
  readonly #options: SpanTailsOptions;
  readonly #closing = new AbortController();
  #count = 0;

  constructor(options: SpanTailsOptions) {
    this.#options = options;
  }

  /**
   * Begins: what is stored by then is known. Rejects with `QuotaError` when too many are open, and with the store's error when the
   * first question fails.
   */
  async open({ search, backlog, maxSpansPerLook, signal }: TailRequest): Promise<OpenTail> {
    signal.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    if (this.#count >= MAX_TAILS) {
      const message = `${MAX_TAILS} tails are open, and no more may be: try again when one has ended`;
      throw new QuotaError(message, { limit: MAX_TAILS });
    }
    this.#count++;
    const closed = new AbortController();
    const ended = AbortSignal.any([signal, closed.signal, this.#closing.signal]);
    // Whoever has gone makes room at once, even if an event still waits to be read.
    ended.addEventListener('abort', () => this.#count--, { once: true });
    const close = (): void => closed.abort();
    const { queries, clock, pauseMs = PAUSE_MS } = this.#options;
    const tail = new SpanTail({ queries, clock, search });
    try {
      const { spans } = await tail.look(backlog, { signal: ended });
      return {
        events: () => follow(tail, { spans, maxSpansPerLook, pauseMs, signal: ended }),
        [Symbol.dispose]: close,
      };
    } catch (error) {
      close();
      throw error;
    }
  }

  /** Ends all of them, for good. */
  [Symbol.dispose](): void {
    this.#closing.abort(new OverloadedError('the server is stopping', { retryAfterMs: 1000 }));
  }
}

interface Following {
  /** The first to give. */
  readonly spans: readonly Span[];
  readonly maxSpansPerLook: number;
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}

async function* follow(
  tail: SpanTail,
  { spans, maxSpansPerLook, pauseMs, signal }: Following,
): AsyncGenerator<TailEvent> {
  for (const span of spans) yield { kind: 'span', span };
  let failureCount = 0;
  while (failureCount < MAX_FAILURES && (await pause(pauseMs, signal))) {
    try {
      const look = await tail.look(maxSpansPerLook, { signal });
      failureCount = 0;
      if (look.skippedCount > 0) yield { kind: 'skipped', spanCount: look.skippedCount };
      for (const span of look.spans) yield { kind: 'span', span };
    } catch (error) {
      if (signal.aborted) return;
      failureCount++;
      yield { kind: 'failed', error };
    }
  }
}

/** Whether there is anybody to go on for. */
function pause(pauseMs: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(end, pauseMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
