/**
 * Finds the spans that a query yields, newest first. Where SQL says exactly which spans answer, the engine finds them. Where a span
 * alone can tell, those that may answer are read and the evaluator decides on each. Elsewhere it decides on the traces that may have
 * some, beginning with those that have the newest such span: a span can be given out as soon as every trace that is still
 * unread can only have older ones.
 */
import { SPAN_KINDS, identityKey, identityOf, unixNano, unixNanoFromMs } from '@clew/model';
import type { Clock, Span, SpanIdentity, Trace, TraceId, UnixNano } from '@clew/model';
import { compileSearch, findBeyondSpan, runWithoutPause } from '@clew/traceql';
import type { Pausable, TraceMatcher } from '@clew/traceql';
import type { FoundSpans, FoundSpansRequest, SpanQuery, TraceQuery } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import type { Sql } from './engine/sql.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import { readCandidates, selectCandidates, stretchStarts } from './plan/candidates.ts';
import type { Candidate } from './plan/candidates.ts';
import { endAfter } from './plan/end-after.ts';
import type { SearchPlan } from './plan/plan-search.ts';
import { readSpanKeys, selectSpanKeys } from './plan/span-keys.ts';
import type { TraceLoader } from './trace-loader.ts';
import type { TraceSearch } from './trace-search.ts';

export interface SpanSearchOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly loader: TraceLoader;
  readonly search: TraceSearch;
}

/** Candidates that are looked at together: more each time, because few answered. */
const FIRST_CANDIDATES = 64;
const MAX_CANDIDATES = 16_384;
/** The same of spans. */
const FIRST_SPANS = 256;
const MAX_SPANS = 4096;
/** A minute has enough spans for a page where many answer. */
const FIRST_STRETCH_NANO = 60_000_000_000n;

export class SpanSearch {
  readonly #options: SpanSearchOptions;

  constructor(options: SpanSearchOptions) {
    this.#options = options;
  }

  async find(query: SpanQuery): Promise<FoundSpans> {
    // One more than asked for tells whether there are more.
    const wanted = query.limit + 1;
    const traceQuery = toTraceQuery(query);
    const plan = await this.#options.search.plan(traceQuery);
    const isOfSpans = plan.isExact || findBeyondSpan(query.search) === undefined;
    const found = isOfSpans
      ? await this.#findAmongSpans(query, plan, wanted)
      : await this.#findInTraces(query, traceQuery, plan, wanted);
    const spans = found.slice(0, query.limit);
    return found.length > query.limit ? { spans, next: spans.at(-1) } : { spans };
  }

  read(request: FoundSpansRequest): Promise<readonly Span[]> {
    return this.#read(request, compileSearch(request.search));
  }

  async #read(request: FoundSpansRequest, answers: TraceMatcher): Promise<readonly Span[]> {
    const { spans, search } = request;
    if (spans.length === 0) return [];
    const stored = await this.#options.loader.readSpansByIdentity(request, spans);
    // A copy that answered may not be the fullest. Where more counts than the span, the fullest was looked at.
    const isDecided = findBeyondSpan(search) !== undefined;
    return spans
      .map((identity) => stored.get(identityKey(identity)))
      .filter((span) => span !== undefined)
      .filter((span) => isDecided || isAmong(answers, span));
  }

  async #findAmongSpans(
    query: SpanQuery,
    plan: SearchPlan,
    wanted: number,
  ): Promise<readonly SpanIdentity[]> {
    const { tenant, signal, search } = query;
    const found: SpanIdentity[] = [];
    const answers = compileSearch(search);
    const size = plan.isExact ? wanted : Math.min(Math.max(FIRST_SPANS, 2 * wanted), MAX_SPANS);
    for await (const spans of this.#keys(query, plan, size)) {
      if (plan.isExact) found.push(...spans);
      else {
        const request = { tenant, signal, search, spans };
        found.push(...(await this.#read(request, answers)).map(identityOf));
      }
      if (found.length >= wanted) break;
    }
    return found;
  }

  /** Spans that may answer, each once, `size` of them and then more at a time. Stretches of time lie one before the other. */
  async *#keys(
    { after, signal }: SpanQuery,
    { candidates }: SearchPlan,
    size: number,
  ): AsyncGenerator<readonly SpanIdentity[]> {
    let limit = size;
    let { endUnixNano } = candidates;
    for (const from of this.#stretches(candidates, FIRST_STRETCH_NANO)) {
      let behind = after;
      for (;;) {
        const asked = { ...candidates, endUnixNano };
        const statement = selectSpanKeys(asked, from, { after: behind, limit });
        const page = readSpanKeys(await this.#ask(statement, signal));
        yield withoutCopies(page);
        const last = page.length < limit ? undefined : page.at(-1);
        endUnixNano = last === undefined ? unixNano(from) : endAfter(last.startUnixNano);
        if (last === undefined) break;
        behind = last;
        limit = Math.max(limit, Math.min(limit * 4, MAX_SPANS));
      }
    }
  }

  async #findInTraces(
    query: SpanQuery,
    traceQuery: TraceQuery,
    plan: SearchPlan,
    wanted: number,
  ): Promise<readonly SpanIdentity[]> {
    const newest = new NewestSpans(wanted);
    const answersOf = createEvaluation(query, plan, wanted);
    const turns = new EventLoopTurns(query.signal);
    for await (const { candidates, unreadBefore } of this.#pages(traceQuery, plan)) {
      const read = this.#options.search.read(traceQuery, plan, candidates);
      for await (const { traces, lastRank } of read) {
        for (const trace of traces) newest.add(await turns.run(answersOf(trace)));
        const found = newest.since(lastRank + 1n);
        if (found.length >= wanted) return found;
      }
      const found = newest.since(unreadBefore);
      if (found.length >= wanted) return found;
    }
    return newest.since(0n);
  }

  /**
   * Traces by their newest span that may answer, a page at a time. What was looked at of the time is left out from then on, rather
   * than the traces: one that gets a newer span meanwhile still has its older ones. So a trace may come more than once.
   */
  async *#pages({ signal }: TraceQuery, { candidates }: SearchPlan): AsyncGenerator<CandidatePage> {
    let limit = FIRST_CANDIDATES;
    let { endUnixNano } = candidates;
    let seen: ReadonlySet<TraceId> = new Set();
    for (const from of this.#stretches(candidates)) {
      let after: Candidate | undefined;
      for (;;) {
        const statement = selectCandidates({ ...candidates, endUnixNano }, from, { after, limit });
        const page = readCandidates(await this.#ask(statement, signal));
        const last = page.length < limit ? undefined : page.at(-1);
        yield {
          candidates: page.filter(({ traceId }) => !seen.has(traceId)),
          unreadBefore: last === undefined ? from : last.rank + 1n,
        };
        seen = new Set(page.map(({ traceId }) => traceId));
        endUnixNano = last === undefined ? unixNano(from) : endAfter(last.rank);
        if (last === undefined) break;
        after = last;
        limit = Math.min(limit * 4, MAX_CANDIDATES);
      }
    }
  }

  /** Where stretches of time begin, from the newest to the whole time; a shorter one may come before them. */
  #stretches(candidates: SearchPlan['candidates'], firstNano?: bigint): readonly bigint[] {
    if (candidates.filters.length === 0) return [];
    const now = unixNanoFromMs(this.#options.clock.nowMs());
    const starts = stretchStarts(candidates, undefined, now);
    const { endUnixNano = now } = candidates;
    const first = (endUnixNano < now ? endUnixNano : now) - (firstNano ?? 0n);
    const isShorter = firstNano !== undefined && starts.every((start) => start < first);
    return isShorter ? [first, ...starts] : starts;
  }

  async #ask(statement: Sql, signal: AbortSignal | undefined): Promise<RowBinaryReader> {
    return new RowBinaryReader(await this.#options.engine.read(statement, { signal }));
  }
}

function isAmong(answers: TraceMatcher, span: Span): boolean {
  return runWithoutPause(answers({ traceId: span.traceId, spans: [span] })).length > 0;
}

/** Copies of a span stand side by side. */
function withoutCopies(spans: readonly SpanIdentity[]): readonly SpanIdentity[] {
  const keys = spans.map(identityKey);
  return spans.filter((_, i) => keys[i] !== keys[i - 1]);
}

interface CandidatePage {
  /** Those that the page before had are left out. */
  readonly candidates: readonly Candidate[];
  /** Traces that are not read yet have no answer that started then or later. */
  readonly unreadBefore: bigint;
}

/** The search for the traces of the spans that come behind the page before, and of those that began at the same time as its last. */
function toTraceQuery(query: SpanQuery): TraceQuery {
  const { tenant, signal, search, startUnixNano, after, limit } = query;
  const ends = [query.endUnixNano, after && endAfter(after.startUnixNano)];
  const endUnixNano = ends
    .filter((end) => end !== undefined)
    .reduce((a, b) => (a === undefined || b < a ? b : a), undefined as UnixNano | undefined);
  const unordered = { ...search, order: undefined };
  return { tenant, signal, search: unordered, startUnixNano, endUnixNano, limit };
}

/** Gives the newest answers of a trace that started within the time and stand behind the page before: all that may be wanted. */
function createEvaluation(
  { search, startUnixNano, endUnixNano, after }: SpanQuery,
  { lean }: SearchPlan,
  wanted: number,
): (trace: Trace) => Pausable<readonly SpanIdentity[]> {
  const answer = compileSearch(search, lean?.known);
  const isBehind = (span: SpanIdentity): boolean =>
    (endUnixNano === undefined || span.startUnixNano < endUnixNano) &&
    (after === undefined || compareNewestFirst(after, span) < 0);
  return function* (trace) {
    const newest: SpanIdentity[] = [];
    const answers = (yield* answer(trace)).flatMap(({ spans }) => spans);
    for (const index of answers.sort((a, b) => b - a)) {
      const span = trace.spans[index];
      if (span === undefined) continue;
      // Of spans that started together, a trace has others in front.
      const isEnough =
        newest.length >= wanted && span.startUnixNano !== newest.at(-1)?.startUnixNano;
      if (isEnough || span.startUnixNano < (startUnixNano ?? 0n)) break;
      const identity = identityOf(span);
      if (isBehind(identity)) newest.push(identity);
    }
    return newest;
  };
}

/** The newest of the spans that were added, as many as are wanted, each once. */
class NewestSpans {
  readonly #wanted: number;
  readonly #byKey = new Map<string, SpanIdentity>();

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(spans: readonly SpanIdentity[]): void {
    for (const span of spans) this.#byKey.set(identityKey(span), span);
    if (this.#byKey.size > 2 * this.#wanted) this.#cut();
  }

  /** Those that started then or later, in order. */
  since(startUnixNano: bigint): readonly SpanIdentity[] {
    return this.#cut().filter((span) => span.startUnixNano >= startUnixNano);
  }

  #cut(): readonly SpanIdentity[] {
    const kept = [...this.#byKey.values()].sort(compareNewestFirst).slice(0, this.#wanted);
    this.#byKey.clear();
    for (const span of kept) this.#byKey.set(identityKey(span), span);
    return kept;
  }
}

/** As the engine puts them in order. */
function compareNewestFirst(a: SpanIdentity, b: SpanIdentity): number {
  return (
    compare(b.startUnixNano, a.startUnixNano) ||
    compare(b.traceId, a.traceId) ||
    compare(b.spanId, a.spanId) ||
    Buffer.compare(Buffer.from(b.service), Buffer.from(a.service)) ||
    SPAN_KINDS.indexOf(b.kind) - SPAN_KINDS.indexOf(a.kind)
  );
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
