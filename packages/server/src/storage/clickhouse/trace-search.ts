/**
 * Finds the traces that answer a query. The engine finds candidates, in the order of the answer; what SQL cannot say of them
 * exactly is decided by the evaluator, a bounded number of spans at a time, until there are enough.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { durationNano, unixNano, unixNanoFromMs } from '@clew/model';
import type { Clock, Span, Trace, TraceId, TraceSummary, UnixNano } from '@clew/model';
import { MatchBudget, compileSearch } from '@clew/traceql';
import type { Pausable } from '@clew/traceql';
import type {
  FoundTrace,
  SearchScan,
  TraceConditions,
  TraceCount,
  TraceOrder,
  TraceQuery,
  TraceSearchPage,
} from '../span-store.ts';
import type { AttributeKeys } from './attribute-keys.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import type { Sql } from './engine/sql.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import {
  EXACTLY_COUNTED,
  countCandidates,
  readCandidates,
  selectCandidates,
  stretchStarts,
} from './plan/candidates.ts';
import type { Candidate } from './plan/candidates.ts';
import type { LeanPlan } from './plan/lean-spans.ts';
import { planSearch } from './plan/plan-search.ts';
import type { SearchPlan } from './plan/plan-search.ts';
import { endAfter } from './plan/end-after.ts';
import { readSummaries, selectSummaries } from './plan/summaries.ts';
import type { StoredSummary } from './plan/summaries.ts';
import { selectTracesWith } from './plan/trace-spans.ts';
import type { TraceExtent } from './plan/trace-spans.ts';
import type { TraceLoader } from './trace-loader.ts';

export interface TraceSearchOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly keys: AttributeKeys;
  readonly loader: TraceLoader;
}

interface ReadTraces {
  readonly traces: Iterable<Trace>;
  /** Candidates that are still to be read do not come before it. */
  readonly lastRank: bigint;
}

/** Candidates that are looked at together where not all of them answer: more each time, because few did. */
const FIRST_CANDIDATES = 64;
const MAX_CANDIDATES = 16_384;
/** Loaded together. */
const MAX_LOADED_SPANS = 20_000;
/** Counted by looking at each; of more traces, a part. */
const MAX_COUNTED = 2000;
/** Of fewer spans than these, all are loaded rather than asked once more for what they must have. */
const FEW_SPANS = 4000;

export class TraceSearch {
  readonly #options: TraceSearchOptions;

  constructor(options: TraceSearchOptions) {
    this.#options = options;
  }

  async find(given: TraceQuery): Promise<TraceSearchPage> {
    const query = startScan(given);
    const { scanned } = query;
    // One more than asked for tells whether there is a next page.
    const wanted = query.limit + 1;
    const found: Answer[] = [];
    for await (const answers of this.#answers(query, wanted)) {
      found.push(...answers);
      if (found.length >= wanted) break;
    }
    const page = found.slice(0, query.limit);
    const traces = page.map(({ trace }) => trace);
    const last = page.at(-1);
    if (last === undefined || found.length <= query.limit) return { traces, scanned };
    const { endUnixNano } = query.pin;
    return { traces, scanned, next: { rank: last.rank, traceId: last.trace.traceId, endUnixNano } };
  }

  /** The same without an end but the limit, some traces at a time. */
  async *stream(given: TraceQuery): AsyncGenerator<readonly FoundTrace[]> {
    let left = given.limit;
    for await (const answers of this.#answers(startScan(given), Math.min(left, FIRST_CANDIDATES))) {
      const traces = answers.slice(0, left).map(({ trace }) => trace);
      if (traces.length > 0) yield traces;
      left -= traces.length;
      if (left === 0) return;
    }
  }

  /** How many traces answer, whatever the limit and wherever a page began. */
  async count(given: TraceQuery): Promise<TraceCount> {
    const query = startScan({ ...given, after: undefined });
    const plan = await this.plan(query);
    // Rare traces are counted, and not a part of all.
    const candidates = { ...plan.candidates, traces: plan.summaries, spans: plan.roots };
    if (candidates.filters.length === 0) return { traceCount: 0, isExact: true };
    const candidateCount = Number((await this.#ask(countCandidates(candidates), query)).uint64());
    if (plan.isExact && query.traces === undefined) {
      return { traceCount: candidateCount, isExact: candidateCount < EXACTLY_COUNTED };
    }
    const oneIn = Math.max(1, Math.ceil(candidateCount / MAX_COUNTED));
    const sample = { ...plan, candidates: { ...candidates, oneIn, order: IN_ONE_STRETCH } };
    let traceCount = 0;
    for await (const page of this.#pages(query, sample, MAX_CANDIDATES)) {
      for await (const answers of this.#decide(query, sample, page)) traceCount += answers.length;
    }
    return { traceCount: traceCount * oneIn, isExact: oneIn === 1 };
  }

  /** What the engine can say of a query. */
  async plan(query: TraceQuery): Promise<SearchPlan> {
    const keys = await this.#options.keys.read(query.tenant, query.signal);
    return planSearch(query, { keys, ask: (statement) => this.#ask(statement, query) });
  }

  /** All traces that may have spans among the answers, a bounded number of spans at a time. */
  async *candidates(given: TraceQuery, plan: SearchPlan): AsyncGenerator<Iterable<Trace>> {
    const query = startScan(given);
    for await (const page of this.#pages(query, plan, MAX_CANDIDATES)) {
      const whole = { ...plan, lean: undefined };
      for await (const { traces } of this.read(query, whole, page)) yield traces;
    }
  }

  /** The traces of candidates, a bounded number of spans at a time; those that lack what the query needs are left out. */
  async *read(
    query: TraceQuery,
    plan: SearchPlan,
    candidates: readonly Candidate[],
  ): AsyncGenerator<ReadTraces> {
    const summarized = await this.#summarize(query, candidates);
    for (const batch of batchesOf(await this.#prune(query, plan, summarized))) {
      const traces = (await this.#load(query, batch, plan.lean)).values();
      yield { traces, lastRank: batch.at(-1)?.candidate.rank ?? 0n };
    }
  }

  /** In the order of the query, until there are no more or nobody asks. */
  async *#answers(query: ScannedQuery, wanted: number): AsyncGenerator<readonly Answer[]> {
    const plan = await this.plan(query);
    const takesAll = plan.isExact && query.traces === undefined;
    const size = takesAll ? wanted : Math.max(FIRST_CANDIDATES, 2 * wanted);
    for await (const page of this.#pages(query, plan, size)) yield* this.#decide(query, plan, page);
  }

  /** Candidates in the order of the query, `size` of them and then more at a time. */
  async *#pages(
    query: ScannedQuery,
    { candidates: asked, summaries, roots }: SearchPlan,
    size: number,
  ): AsyncGenerator<readonly Candidate[]> {
    if (asked.filters.length === 0) return;
    let candidates = asked;
    let limit = size;
    let after: Pick<Candidate, 'rank' | 'traceId'> | undefined = query.after;
    const now = unixNanoFromMs(this.#options.clock.nowMs());
    for (const from of stretchStarts(candidates, query.after, now)) {
      query.scanned.startUnixNano = from > 0n ? unixNano(from) : undefined;
      for (;;) {
        const pinned = { ...candidates, endUnixNano: earlier(candidates, query.pin) };
        const statement = selectCandidates(pinned, from, { after, limit });
        const page = readCandidates(await this.#ask(statement, query));
        if (isNewestFirst(candidates)) pin(query, page[0]);
        query.scanned.traceCount += page.length;
        if (page.length > 0) yield page;
        // Most of the first were not wanted, or there would be no second look.
        candidates = { ...asked, traces: summaries, spans: roots };
        after = page.at(-1) ?? after;
        if (page.length < limit) break;
        limit = Math.min(limit * 4, MAX_CANDIDATES);
      }
    }
  }

  /** Those of the candidates that answer, in their order. */
  async *#decide(
    query: ScannedQuery,
    plan: SearchPlan,
    candidates: readonly Candidate[],
  ): AsyncGenerator<readonly Answer[]> {
    const summarized = (await this.#summarize(query, candidates)).filter(({ summary }) =>
      meets(summary, query.traces),
    );
    if (plan.isExact) {
      yield summarized.map(({ candidate, summary }) => toAnswer(candidate, summary, candidate));
      return;
    }
    const evaluate = createEvaluation(query, plan);
    const turns = new EventLoopTurns(query.signal);
    for (const batch of batchesOf(await this.#prune(query, plan, summarized))) {
      query.scanned.spanCount += spanCountOf(batch);
      const traces = await this.#load(query, batch, plan.lean);
      const answers: Answer[] = [];
      for (const { candidate, summary } of batch) {
        const trace = traces.get(candidate.traceId);
        const match = trace === undefined ? undefined : await turns.run(evaluate(trace));
        if (match !== undefined) answers.push(toAnswer(candidate, summary, match));
      }
      yield answers;
    }
  }

  async #summarize(
    query: TraceQuery,
    candidates: readonly Candidate[],
  ): Promise<readonly Summarized[]> {
    const summaries = await this.#readSummaries(query, candidates);
    return candidates.map((candidate) => ({
      candidate,
      summary: summaries.get(candidate.traceId) ?? emptySummary(candidate),
    }));
  }

  /** Leaves out traces that lack what the query needs somewhere in a trace. */
  async #prune(
    query: TraceQuery,
    { required, services, mayAnswer }: SearchPlan,
    summarized: readonly Summarized[],
  ): Promise<readonly Summarized[]> {
    // What has no summary yet cannot be loaded.
    let left = summarized.filter(({ summary }) => {
      return summary.days.length > 0 && hasAll(summary, services) && mayAnswer(summary);
    });
    for (const condition of required) {
      if (spanCountOf(left) <= FEW_SPANS) break;
      const traceIds = left.map(({ candidate }) => candidate.traceId);
      const statement = selectTracesWith(condition, query.tenant, traceIds, extentOf(left));
      const reader = await this.#ask(statement, query);
      const having = new Set(reader.rows(() => reader.hex(16)));
      left = left.filter(({ candidate }) => having.has(candidate.traceId));
    }
    return left;
  }

  async #load(
    query: TraceQuery,
    batch: readonly Summarized[],
    lean: LeanPlan | undefined,
  ): Promise<ReadonlyMap<TraceId, Trace>> {
    const { loader } = this.#options;
    const traceIds = batch.map(({ candidate }) => candidate.traceId);
    const extent = extentOf(batch);
    if (lean === undefined) return loader.readTraces(query, traceIds, extent);
    return loader.readLeanTraces(query, traceIds, extent, lean);
  }

  /**
   * The spans and the summaries of an insert become visible one shortly after the other; a search that falls in
   * between waits for the second.
   */
  async #readSummaries(
    query: TraceQuery,
    candidates: readonly Candidate[],
  ): Promise<ReadonlyMap<TraceId, StoredSummary>> {
    const traceIds = candidates.map(({ traceId }) => traceId);
    for (let attempt = 1; ; attempt++) {
      const statement = selectSummaries(query.tenant, traceIds);
      const summaries = readSummaries(await this.#ask(statement, query));
      if (summaries.size === traceIds.length || attempt === SUMMARY_ATTEMPTS) return summaries;
      await sleep(SUMMARY_RETRY_MS);
    }
  }

  async #ask(statement: Sql, { signal }: TraceQuery): Promise<RowBinaryReader> {
    return new RowBinaryReader(await this.#options.engine.read(statement, { signal }));
  }
}

const IN_ONE_STRETCH: TraceOrder = { by: 'start', direction: 'asc' };

/** A query, what was looked at for it so far, and what it has left for regular expressions. */
interface ScannedQuery extends TraceQuery {
  readonly scanned: { -readonly [Field in keyof SearchScan]: SearchScan[Field] };
  /** Where the newest come first: what started later is not looked at any more. Undefined until there is a candidate. */
  readonly pin: { endUnixNano: UnixNano | undefined };
  readonly matchBudget: MatchBudget;
}

function startScan(query: TraceQuery): ScannedQuery {
  const pinned = query.after?.endUnixNano;
  return {
    ...query,
    endUnixNano: earlier(query, { endUnixNano: pinned }),
    scanned: { traceCount: 0, spanCount: 0 },
    pin: { endUnixNano: pinned },
    matchBudget: new MatchBudget(),
  };
}

function pin(query: ScannedQuery, newest: Candidate | undefined): void {
  if (newest !== undefined) query.pin.endUnixNano ??= endAfter(newest.rank);
}

function isNewestFirst({ order }: SearchPlan['candidates']): boolean {
  return order.by === 'start' && order.direction === 'desc';
}

type Ended = Pick<TraceQuery, 'endUnixNano'>;

/** The end of the time that both have in common. */
function earlier({ endUnixNano: a }: Ended, { endUnixNano: b }: Ended): UnixNano | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

const SUMMARY_ATTEMPTS = 10;
const SUMMARY_RETRY_MS = 50;

interface Answer {
  readonly rank: bigint;
  readonly trace: FoundTrace;
}

interface Summarized {
  readonly candidate: Candidate;
  readonly summary: StoredSummary;
}

/** The span that a list links to. */
type Match = Pick<Candidate, 'startUnixNano' | 'spanId'>;

/** Finds the span to link to among those of a trace's answers that started within the time. */
function createEvaluation(
  { search, startUnixNano, endUnixNano, matchBudget }: ScannedQuery,
  { lean, candidates: { order } }: SearchPlan,
): (trace: Trace) => Pausable<Match | undefined> {
  const answer = compileSearch(search, lean?.known, matchBudget);
  const isOldest = order.by === 'start' && order.direction === 'asc';
  const isInTime = (span: Span): boolean =>
    span.startUnixNano >= (startUnixNano ?? 0n) &&
    (endUnixNano === undefined || span.startUnixNano < endUnixNano);
  return function* (trace) {
    // A trace's spans are ordered by start.
    let found: { readonly index: number; readonly span: Span } | undefined;
    for (const { spans } of yield* answer(trace)) {
      for (const index of spans) {
        const isBetter =
          found === undefined || (isOldest ? index < found.index : index > found.index);
        const span = trace.spans[index];
        if (isBetter && span !== undefined && isInTime(span)) found = { index, span };
      }
    }
    return found?.span;
  };
}

function toAnswer({ rank }: Candidate, summary: StoredSummary, match: Match): Answer {
  const { days: _, ...trace } = summary;
  return {
    rank,
    trace: {
      ...trace,
      matchedStartUnixNano: match.startUnixNano,
      matchedSpanId: match.spanId,
    },
  };
}

function meets(summary: TraceSummary, conditions: TraceConditions = {}): boolean {
  const { minDurationNano, maxDurationNano, minSpanCount, maxSpanCount, services, hasError } =
    conditions;
  return (
    isWithin(summary.durationNano, minDurationNano, maxDurationNano) &&
    isWithin(summary.spanCount, minSpanCount, maxSpanCount) &&
    hasAll(summary, services ?? []) &&
    (hasError === undefined || summary.errorCount > 0 === hasError)
  );
}

function hasAll(summary: TraceSummary, services: readonly string[]): boolean {
  return services.every((name) => summary.services.some(({ service }) => service === name));
}

function isWithin<Value extends bigint | number>(
  value: Value,
  min: Value | undefined,
  max: Value | undefined,
): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}

/** Traces whose spans can be in memory together; a larger one is by itself. */
function* batchesOf(summarized: readonly Summarized[]): Generator<readonly Summarized[]> {
  let batch: Summarized[] = [];
  let spanCount = 0;
  for (const each of summarized) {
    if (batch.length > 0 && spanCount + each.summary.spanCount > MAX_LOADED_SPANS) {
      yield batch;
      batch = [];
      spanCount = 0;
    }
    batch.push(each);
    spanCount += each.summary.spanCount;
  }
  if (batch.length > 0) yield batch;
}

function spanCountOf(summarized: readonly Summarized[]): number {
  return summarized.reduce((sum, { summary }) => sum + summary.spanCount, 0);
}

/** Where the spans of all of them lie. */
function extentOf(summarized: readonly Summarized[]): TraceExtent {
  const summaries = summarized.map(({ summary }) => summary);
  const starts = summaries.map(({ startUnixNano }): bigint => startUnixNano);
  const ends = summaries.map((each): bigint => each.startUnixNano + each.durationNano);
  return {
    days: new Set(summaries.flatMap(({ days }) => days)),
    services: new Set(summaries.flatMap(({ services }) => services.map(({ service }) => service))),
    firstStartUnixNano: starts.reduce((a, b) => (a < b ? a : b)),
    lastEndUnixNano: ends.reduce((a, b) => (a > b ? a : b)),
  };
}

/** What can be said of a trace whose summary has not appeared: its newest matching span. */
function emptySummary(candidate: Candidate): StoredSummary {
  return {
    traceId: candidate.traceId,
    rootService: '',
    rootSpanName: '',
    startUnixNano: candidate.startUnixNano,
    durationNano: durationNano(0n),
    spanCount: 1,
    errorCount: 0,
    services: [],
    days: [],
  };
}
