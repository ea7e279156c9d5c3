/**
 * Finds the spans that a query yields, in its order. Where SQL says exactly which spans answer, the engine finds them. Where a span
 * alone can tell, those that may answer are read and the evaluator decides on each. Elsewhere it decides on the traces that may have
 * some, beginning with those whose first such span comes first: a span can be given out as soon as every trace that is still
 * unread can only have spans that come behind it.
 *
 * Copies of a span differ in their duration. By duration each of them has a place of its own, and the span is found at that of its
 * fullest copy: those that the engine finds are read to tell, also where it knows exactly which spans answer.
 */
import { identityKey, identityOf, unixNano, unixNanoFromMs } from '@clew/model';
import type { Clock, Span, SpanIdentity, Trace, TraceId } from '@clew/model';
import { compileSearch, findBeyondSpan, runWithoutPause } from '@clew/traceql';
import type { Pausable, TraceMatcher } from '@clew/traceql';
import type {
  FoundSpan,
  FoundSpans,
  FoundSpansRequest,
  SpanOrder,
  SpanQuery,
  TraceQuery,
} from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import type { Sql } from './engine/sql.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import { readCandidates, selectCandidates, stretchStarts } from './plan/candidates.ts';
import type { Candidate, CandidateQuery } from './plan/candidates.ts';
import type { SearchPlan } from './plan/plan-search.ts';
import { readSpanKeys, selectSpanKeys } from './plan/span-keys.ts';
import {
  NEWEST_SPANS_FIRST,
  beginAt,
  compareInOrder,
  isNewestFirst,
  isRankBefore,
  rankBehindAll,
  rankOf,
} from './plan/span-order.ts';
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

  async find(given: SpanQuery): Promise<FoundSpans> {
    const query = { ...given, order: given.order ?? NEWEST_SPANS_FIRST };
    // One more than asked for tells whether there are more.
    const wanted = query.limit + 1;
    const traceQuery = toTraceQuery(query);
    const plan = await this.#plan(query, traceQuery);
    const isOfSpans = plan.isExact || findBeyondSpan(query.search) === undefined;
    const found = isOfSpans
      ? await this.#findAmongSpans(query, plan, wanted)
      : await this.#findInTraces(query, traceQuery, plan, wanted);
    const spans = found.slice(0, query.limit);
    return found.length > query.limit ? { spans, next: spans.at(-1) } : { spans };
  }

  /** Of the spans that come behind the page before, and of those that have the rank of its last. */
  async #plan({ order, after }: OrderedQuery, query: TraceQuery): Promise<SearchPlan> {
    const plan = await this.#options.search.plan(query);
    const { by, direction } = order;
    const candidates: CandidateQuery = {
      ...plan.candidates,
      order: by === 'start' ? { by, direction } : { by: 'spanDuration', direction },
    };
    return {
      ...plan,
      candidates: after === undefined ? candidates : beginAt(candidates, order, after.rank),
    };
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
    query: OrderedQuery,
    plan: SearchPlan,
    wanted: number,
  ): Promise<readonly FoundSpan[]> {
    const { tenant, signal, search, order } = query;
    const found: FoundSpan[] = [];
    const answers = compileSearch(search);
    const isKnown = plan.isExact && order.by === 'start';
    const size = plan.isExact ? wanted : Math.min(Math.max(FIRST_SPANS, 2 * wanted), MAX_SPANS);
    for await (const spans of this.#keys(query, plan, size)) {
      if (isKnown) found.push(...spans);
      else {
        const request = { tenant, signal, search, spans: withoutRepeats(spans) };
        const read = await this.#read(request, answers);
        found.push(...atTheirPlaces(spans, read, order));
      }
      if (found.length >= wanted) break;
    }
    return found;
  }

  /** Spans that may answer, each once at a place, `size` of them and then more at a time. Stretches of time lie one before the other. */
  async *#keys(
    { after, signal, order }: OrderedQuery,
    { candidates }: SearchPlan,
    size: number,
  ): AsyncGenerator<readonly FoundSpan[]> {
    let limit = size;
    let asked = candidates;
    for (const from of this.#stretches(candidates, order, FIRST_STRETCH_NANO)) {
      let behind = after;
      for (;;) {
        const since = laterOf(from, asked);
        const statement = selectSpanKeys(asked, since, { order, after: behind, limit });
        const page = readSpanKeys(await this.#ask(statement, signal), order);
        yield withoutCopies(page);
        const last = page.length < limit ? undefined : page.at(-1);
        if (last === undefined) break;
        asked = beginAt(asked, order, last.rank);
        behind = last;
        limit = Math.max(limit, Math.min(limit * 4, MAX_SPANS));
      }
      asked = endBefore(asked, order, from);
    }
  }

  async #findInTraces(
    query: OrderedQuery,
    traceQuery: TraceQuery,
    plan: SearchPlan,
    wanted: number,
  ): Promise<readonly FoundSpan[]> {
    const first = new FirstSpans(query.order, wanted);
    const answersOf = createEvaluation(query, plan, wanted);
    const turns = new EventLoopTurns(query.signal);
    for await (const { candidates, unreadFrom } of this.#pages(query, plan)) {
      const read = this.#options.search.read(traceQuery, plan, candidates);
      for await (const { traces, lastRank } of read) {
        for (const trace of traces) first.add(await turns.run(answersOf(trace)));
        const found = first.before(lastRank);
        if (found.length >= wanted) return found;
      }
      const found = first.before(unreadFrom);
      if (found.length >= wanted) return found;
    }
    return first.before(rankBehindAll(query.order));
  }

  /**
   * Traces by their first span that may answer, a page at a time. What was looked at of the order is left out from then on, rather
   * than the traces: one that gets such a span meanwhile still has its others. So a trace may come more than once.
   */
  async *#pages(
    { signal, order }: OrderedQuery,
    { candidates }: SearchPlan,
  ): AsyncGenerator<CandidatePage> {
    let limit = FIRST_CANDIDATES;
    let asked = candidates;
    let seen: ReadonlySet<TraceId> = new Set();
    for (const from of this.#stretches(candidates, order)) {
      let after: Candidate | undefined;
      for (;;) {
        const statement = selectCandidates(asked, laterOf(from, asked), { after, limit });
        const page = readCandidates(await this.#ask(statement, signal));
        const last = page.length < limit ? undefined : page.at(-1);
        yield {
          candidates: page.filter(({ traceId }) => !seen.has(traceId)),
          unreadFrom: last?.rank ?? (isNewestFirst(order) ? from - 1n : rankBehindAll(order)),
        };
        seen = new Set(page.map(({ traceId }) => traceId));
        if (last === undefined) break;
        asked = beginAt(asked, order, last.rank);
        after = last;
        limit = Math.min(limit * 4, MAX_CANDIDATES);
      }
      asked = endBefore(asked, order, from);
    }
  }

  /**
   * Where stretches of time begin, from the newest to the whole time; a shorter one may come before them. Only what comes newest first
   * can be found in a part of the time.
   */
  #stretches(candidates: CandidateQuery, order: SpanOrder, firstNano?: bigint): readonly bigint[] {
    if (candidates.filters.length === 0) return [];
    const now = unixNanoFromMs(this.#options.clock.nowMs());
    const starts = stretchStarts(candidates, undefined, now);
    if (!isNewestFirst(order)) return starts;
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

interface OrderedQuery extends SpanQuery {
  readonly order: SpanOrder;
}

/** Copies of a span that have the same rank stand side by side. */
function withoutCopies(spans: readonly FoundSpan[]): readonly FoundSpan[] {
  const keys = spans.map(identityKey);
  return spans.filter(({ rank }, i) => keys[i] !== keys[i - 1] || rank !== spans[i - 1]?.rank);
}

/** Each span once, wherever its copies stand. */
function withoutRepeats(spans: readonly FoundSpan[]): readonly SpanIdentity[] {
  return [...new Map(spans.map((span) => [identityKey(span), span])).values()];
}

/** Leaves out places of spans that do not answer, and those of copies that are not the fullest. */
function atTheirPlaces(
  places: readonly FoundSpan[],
  answers: readonly Span[],
  order: SpanOrder,
): readonly FoundSpan[] {
  const ranks = new Map(
    answers.map((span) => [identityKey(identityOf(span)), rankOf(span, order)]),
  );
  return places.filter((place) => ranks.get(identityKey(place)) === place.rank);
}

/** A stretch that is looked at is left out of the next, which reaches farther back. */
function endBefore(query: CandidateQuery, order: SpanOrder, from: bigint): CandidateQuery {
  return isNewestFirst(order) && from > 0n ? beginAt(query, order, from - 1n) : query;
}

function laterOf(from: bigint, { startUnixNano = unixNano(0n) }: CandidateQuery): bigint {
  return from > startUnixNano ? from : startUnixNano;
}

interface CandidatePage {
  /** Those that the page before had are left out. */
  readonly candidates: readonly Candidate[];
  /** Traces that are not read yet have no answer whose rank comes before it. */
  readonly unreadFrom: bigint;
}

/** The search for the traces of the spans. */
function toTraceQuery(query: SpanQuery): TraceQuery {
  const { tenant, signal, search, startUnixNano, endUnixNano, limit } = query;
  const unordered = { ...search, order: undefined };
  return { tenant, signal, search: unordered, startUnixNano, endUnixNano, limit };
}

/** Gives the first answers of a trace that started within the time and stand behind the page before: all that may be wanted. */
function createEvaluation(
  { search, startUnixNano, endUnixNano, after, order }: OrderedQuery,
  { lean }: SearchPlan,
  wanted: number,
): (trace: Trace) => Pausable<readonly FoundSpan[]> {
  const answer = compileSearch(search, lean?.known);
  const comesBefore = compareInOrder(order);
  const isWanted = (span: FoundSpan): boolean =>
    span.startUnixNano >= (startUnixNano ?? 0n) &&
    (endUnixNano === undefined || span.startUnixNano < endUnixNano) &&
    (after === undefined || comesBefore(after, span) < 0);
  return function* (trace) {
    const first: FoundSpan[] = [];
    const answers = (yield* answer(trace)).flatMap(({ spans }) => spans);
    for (const span of inOrderOfRank(trace, answers, order)) {
      const rank = rankOf(span, order);
      // Spans of one rank stand in another order in a trace.
      if (first.length >= wanted && rank !== first.at(-1)?.rank) break;
      const found = { ...identityOf(span), rank };
      if (isWanted(found)) first.push(found);
    }
    return first;
  };
}

function inOrderOfRank(
  { spans }: Trace,
  indexes: readonly number[],
  order: SpanOrder,
): readonly Span[] {
  const answers = indexes.map((index) => spans[index]).filter((span) => span !== undefined);
  return answers.sort((a, b) => {
    const [rankA, rankB] = [rankOf(a, order), rankOf(b, order)];
    if (rankA === rankB) return 0;
    return isRankBefore(rankA, rankB, order) ? -1 : 1;
  });
}

/** The first of the spans that were added, as many as are wanted, each once. */
class FirstSpans {
  readonly #order: SpanOrder;
  readonly #wanted: number;
  readonly #byKey = new Map<string, FoundSpan>();

  constructor(order: SpanOrder, wanted: number) {
    this.#order = order;
    this.#wanted = wanted;
  }

  add(spans: readonly FoundSpan[]): void {
    for (const span of spans) this.#byKey.set(identityKey(span), span);
    if (this.#byKey.size > 2 * this.#wanted) this.#cut();
  }

  /** Those whose rank comes before the one that is given, in order. */
  before(rank: bigint): readonly FoundSpan[] {
    return this.#cut().filter((span) => isRankBefore(span.rank, rank, this.#order));
  }

  #cut(): readonly FoundSpan[] {
    const inOrder = [...this.#byKey.values()].sort(compareInOrder(this.#order));
    const kept = inOrder.slice(0, this.#wanted);
    this.#byKey.clear();
    for (const span of kept) this.#byKey.set(identityKey(span), span);
    return kept;
  }
}
