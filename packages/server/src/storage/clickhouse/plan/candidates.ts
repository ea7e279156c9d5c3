/**
 * The SQL that finds traces with a span that may answer a query, in the order in which the query wants its traces.
 *
 * By start, in two shapes. Where one service is asked for, its spans lie in the order of their start, so they are read
 * backwards from the newest and the first of each trace is taken: reading ends as soon as there are enough. Elsewhere they lie in
 * as many orders as there are services; then all matching spans of a stretch of time are grouped by trace.
 *
 * Either way, newest first, the last minutes or the last day are tried first, and more when that gives too few. Any stretch that
 * reaches to the newest span gives the right first traces, because a trace with a newer match ranks before all traces
 * that have none; and a short one leaves out most of the store unread.
 *
 * A page after the first looks again at everything up to the newest match of the first and leaves out what ranks before its cursor:
 * a trace counts where its newest match is, so that one with a match on either side of the cursor is not shown twice.
 */
import type { SpanId, TraceId, UnixNano } from '@clew/model';
import { partitionOfUnixNano } from '../../native/partition-time.ts';
import type { SearchCursor, TraceOrder } from '../../span-store.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import {
  Sql,
  all,
  any,
  bytesLiteral,
  dateTimeLiteral,
  integerLiteral,
  sql,
  textLiteral,
  uint64Literal,
  unionAll,
} from '../engine/sql.ts';

/** Spans that make their trace a candidate. */
export interface CandidateFilter {
  /** A span has to meet one of them. */
  readonly alternatives: readonly Sql[];
  /** The only service whose spans do. */
  readonly service: string | undefined;
  /** Few spans do, and an index knows which. */
  readonly isSelective: boolean;
}

export interface CandidateQuery {
  readonly tenant: string;
  readonly filters: readonly CandidateFilter[];
  readonly order: CandidateOrder;
  /** When the spans started: inclusive, exclusive. */
  readonly startUnixNano?: UnixNano | undefined;
  readonly endUnixNano?: UnixNano | undefined;
  /** How long they took: inclusive. */
  readonly minDurationNano?: bigint | undefined;
  readonly maxDurationNano?: bigint | undefined;
  /** Of so many traces one, chosen by its id; every trace when it is absent. */
  readonly oneIn?: number | undefined;
  /** What is true of the summary of a trace, as `HAVING` of its rows; anything when it is absent. */
  readonly traces?: Sql | undefined;
  /** Conditions of which the trace has a span for each, whenever it started; the engine goes through all spans for it. */
  readonly spans?: readonly Sql[] | undefined;
}

/** As traces are asked for, or by their longest or shortest span that may answer. */
export type CandidateOrder =
  | TraceOrder
  | { readonly by: 'spanDuration'; readonly direction: TraceOrder['direction'] };

export interface CandidatePage {
  readonly after: SearchCursor | undefined;
  readonly limit: number;
}

export interface Candidate {
  readonly traceId: TraceId;
  /** What the query's order goes by. */
  readonly rank: bigint;
  /** The newest matching span; the oldest where the oldest come first, and the one whose duration the order goes by. */
  readonly startUnixNano: UnixNano;
  readonly spanId: SpanId;
}

/** `from` is one of `stretchStarts`. */
export function selectCandidates(query: CandidateQuery, from: bigint, page: CandidatePage): Sql {
  const { order } = query;
  if (order.by === 'spanDuration') return bySpanDuration(query, from, page);
  if (order.by !== 'start') return byTraceValue(query, from, page);
  const [filter, ...others] = query.filters;
  const isInOrder = filter?.service !== undefined && others.length === 0;
  return isInOrder && order.direction === 'desc'
    ? newestInOrder(query, filter, from, page)
    : byMatch(query, from, page);
}

/** About how many there are; exact below `EXACTLY_COUNTED`. */
export function countCandidates(query: CandidateQuery): Sql {
  return sql`
SELECT uniqCombined64(trace_id)
FROM (${selectApart(query, query.startUnixNano ?? 0n)})`;
}

/** What the engine remembers one by one before it estimates. */
export const EXACTLY_COUNTED = 4096;

/** Reads the answer to any of the statements that select candidates. */
export function readCandidates(reader: RowBinaryReader): Candidate[] {
  return reader.rows(() => ({
    traceId: reader.hex(16) as TraceId,
    rank: reader.uint64(),
    startUnixNano: reader.uint64() as UnixNano,
    spanId: reader.hex(8) as SpanId,
  }));
}

function newestInOrder(
  query: CandidateQuery,
  { alternatives }: CandidateFilter,
  from: bigint,
  { after, limit }: CandidatePage,
): Sql {
  const matches = sql`
SELECT trace_id, start_unix_nano AS rank, start_unix_nano, span_id
FROM spans
WHERE ${all([...commonConditions(query, from), any(alternatives)])}
ORDER BY start_unix_nano DESC, trace_id DESC, span_id DESC
LIMIT 1 BY trace_id`;
  if (after === undefined) return sql`${matches} LIMIT ${integerLiteral(limit)}`;
  return sql`
SELECT trace_id, rank, start_unix_nano, span_id
FROM (${matches})
WHERE ${isBehind(query.order, after)}
LIMIT ${integerLiteral(limit)}`;
}

function byMatch(query: CandidateQuery, from: bigint, { after, limit }: CandidatePage): Sql {
  const { order } = query;
  return sql`
SELECT trace_id, match.1 AS rank, match.1, match.2
FROM (${matchOfEachTrace(query, from)})
WHERE ${isBehind(order, after)}
ORDER BY ${inOrder(order)}
LIMIT ${integerLiteral(limit)}`;
}

function bySpanDuration(query: CandidateQuery, from: bigint, { after, limit }: CandidatePage): Sql {
  const { order } = query;
  const first = new Sql(order.direction === 'desc' ? 'max' : 'min');
  return sql`
SELECT trace_id, match.1 AS rank, match.2, match.3
FROM (
  SELECT trace_id, ${first}((duration_nano, start_unix_nano, span_id)) AS match
  FROM (${selectApart(query, from, new Sql('trace_id, start_unix_nano, span_id, duration_nano'))})
  GROUP BY trace_id)
WHERE ${isBehind(order, after)}
ORDER BY ${inOrder(order)}
LIMIT ${integerLiteral(limit)}`;
}

/** What a trace has as a whole, over the rows of its summary. */
export const TRACE_VALUES: Readonly<Record<Exclude<TraceOrder['by'], 'start'>, Sql>> = {
  duration: new Sql('toUInt64(max(last_end_unix_nano) - min(first_start_unix_nano))'),
  spanCount: new Sql('sum(arraySum(services.2))'),
  errorCount: new Sql('sum(arraySum(services.3))'),
};

function byTraceValue(query: CandidateQuery, from: bigint, { after, limit }: CandidatePage): Sql {
  const { order, tenant } = query;
  const isOfTrace = order.by !== 'start' && order.by !== 'spanDuration';
  const value = isOfTrace ? TRACE_VALUES[order.by] : new Sql('0');
  return sql`
SELECT trace_id, rank, match.1, match.2
FROM (
  SELECT trace_id, ${value} AS rank
  FROM traces
  WHERE tenant = ${textLiteral(tenant)} AND trace_id IN (SELECT trace_id FROM (${selectApart(query, from)}))
  GROUP BY trace_id
) AS ranked
INNER JOIN (${matchOfEachTrace(query, from)}) AS matched USING (trace_id)
WHERE ${isBehind(order, after)}
ORDER BY ${inOrder(order)}
LIMIT ${integerLiteral(limit)}`;
}

function matchOfEachTrace(query: CandidateQuery, from: bigint): Sql {
  const isOldest = query.order.by === 'start' && query.order.direction === 'asc';
  const first = new Sql(isOldest ? 'min' : 'max');
  return sql`
  SELECT trace_id, ${first}((start_unix_nano, span_id)) AS match
  FROM (${selectApart(query, from)})
  GROUP BY trace_id`;
}

/**
 * The spans that meet a filter, some of them more than once. The indexes of attributes and resources do not work through an
 * "or", so alternatives are looked for one by one.
 */
function selectApart(query: CandidateQuery, from: bigint, columns: Sql = MATCH_COLUMNS): Sql {
  const common = commonConditions(query, from);
  const alternatives = query.filters.flatMap((filter) => filter.alternatives);
  const selects = alternatives.map(
    (alternative) => sql`
    SELECT ${columns}
    FROM spans
    WHERE ${all([...common, alternative])}`,
  );
  return unionAll(selects);
}

const MATCH_COLUMNS = new Sql('trace_id, start_unix_nano, span_id');

export function commonConditions(query: CandidateQuery, from: bigint): readonly Sql[] {
  const { tenant, endUnixNano, oneIn, traces, spans = [] } = query;
  const sampled =
    oneIn === undefined ? [] : [sql`cityHash64(trace_id) % ${integerLiteral(oneIn)} = 0`];
  const among = traces === undefined ? [] : [sql`trace_id IN (${selectTraces(query, traces)})`];
  const isOfTenant = sql`tenant = ${textLiteral(tenant)}`;
  const withSpans = spans.map(
    (condition) =>
      sql`trace_id IN (SELECT trace_id FROM spans WHERE ${all([isOfTenant, condition])})`,
  );
  const started = startConditions(from, endUnixNano);
  return [isOfTenant, ...started, ...durationConditions(query), ...sampled, ...among, ...withSpans];
}

function durationConditions({ minDurationNano, maxDurationNano }: CandidateQuery): readonly Sql[] {
  const conditions: Sql[] = [];
  if (minDurationNano !== undefined)
    conditions.push(sql`duration_nano >= ${uint64Literal(minDurationNano)}`);
  if (maxDurationNano !== undefined)
    conditions.push(sql`duration_nano <= ${uint64Literal(maxDurationNano)}`);
  return conditions;
}

/** Traces whose summaries meet a condition, of those that went on in the time that is asked about: all their rows count. */
function selectTraces({ tenant, startUnixNano }: CandidateQuery, having: Sql): Sql {
  const isOfTenant = sql`tenant = ${textLiteral(tenant)}`;
  const wentOn =
    startUnixNano === undefined
      ? []
      : [
          sql`trace_id IN (
    SELECT trace_id FROM traces
    WHERE ${isOfTenant} AND last_end_unix_nano >= ${uint64Literal(startUnixNano)})`,
        ];
  return sql`
  SELECT trace_id FROM traces WHERE ${all([isOfTenant, ...wentOn])} GROUP BY trace_id HAVING ${having}`;
}

/** When a span started: `start` inclusive, `end` exclusive; whole partitions are left out where that is safe. */
export function startConditions(start: bigint | undefined, end: bigint | undefined): Sql[] {
  const conditions: Sql[] = [];
  if (start !== undefined && start > 0n) {
    const partition = dateTimeLiteral(partitionOfUnixNano(start));
    conditions.push(sql`start_unix_nano >= ${uint64Literal(start)}`);
    conditions.push(sql`start_clamped = true OR partition_time >= ${partition}`);
  }
  if (end !== undefined) {
    const partition = dateTimeLiteral(partitionOfUnixNano(end));
    conditions.push(sql`start_unix_nano < ${uint64Literal(end)}`);
    conditions.push(sql`start_clamped = true OR partition_time <= ${partition}`);
  }
  return conditions;
}

function isBehind({ direction }: CandidateOrder, cursor: SearchCursor | undefined): Sql {
  if (cursor === undefined) return new Sql('1');
  const sign = new Sql(direction === 'desc' ? '<' : '>');
  const cursorTrace = sql`toFixedString(${bytesLiteral(cursor.traceId)}, 16)`;
  return sql`(rank, trace_id) ${sign} (${uint64Literal(cursor.rank)}, ${cursorTrace})`;
}

function inOrder({ direction }: CandidateOrder): Sql {
  const way = new Sql(direction === 'desc' ? 'DESC' : 'ASC');
  return sql`rank ${way}, trace_id ${way}`;
}

const NANOS_PER_MINUTE = 60_000_000_000n;

/**
 * Where the stretches begin, the last of them where the query does. They end where the newest match can be: now, or
 * before that where the query or the cursor says so. Only what comes newest first can be found in a part of the time.
 */
export function stretchStarts(
  query: CandidateQuery,
  after: SearchCursor | undefined,
  now: UnixNano,
): readonly bigint[] {
  const { order, startUnixNano, endUnixNano } = query;
  const oldest: bigint = startUnixNano ?? 0n;
  if (order.by !== 'start' || order.direction === 'asc') return [oldest];
  const newest = [now, endUnixNano, after?.rank]
    .filter((time) => time !== undefined)
    .reduce((a, b) => (a < b ? a : b));
  const starts = stretchMinutes(query).map((minutes) => newest - minutes * NANOS_PER_MINUTE);
  return [...starts.filter((start) => start > oldest), oldest];
}

/**
 * Steps wide enough that what is looked at twice is little. A condition on an attribute is usually met by few spans and
 * answered by an index, so there the second step is everything.
 */
function stretchMinutes({ filters }: CandidateQuery): readonly bigint[] {
  const first = filters.every(({ service }) => service !== undefined) ? 60n : 10n;
  return filters.every(({ isSelective }) => isSelective) ? [first] : [first, 180n, 24n * 60n];
}
