/**
 * The SQL of a search. What comes first is the trace whose newest matching span started last, so a search looks for
 * the newest matching span of each trace, in that order, and stops when it has enough.
 *
 * Two shapes. With a service, spans lie in the order of their start, so they are read backwards from the newest and the
 * first of each trace is taken: reading ends as soon as the page is full. Without one, they lie in as many orders as
 * there are services; then all matching spans of a stretch of time are grouped by trace.
 *
 * Either way the last minutes or the last day are tried first, and more when that gives too few. Any stretch that
 * reaches to the newest span gives the right first traces, because a trace with a newer match ranks before all traces
 * that have none; and a short one leaves out most of the store unread.
 *
 * A page after the first looks at everything again and leaves out what ranks before its cursor: a trace counts where
 * its newest match is, so that one that got a newer span meanwhile is not shown twice.
 */
import type { SpanId, TraceId, UnixNano } from '@clew/model';
import type { SearchCursor, TraceQuery } from '../../span-store.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import {
  Sql,
  all,
  any,
  bytesLiteral,
  integerLiteral,
  sql,
  uint64Literal,
  unionAll,
} from '../engine/sql.ts';
import type { ResourceMatch } from './resource-match.ts';
import { spanConditions, startConditions } from './span-conditions.ts';
import type { SpanCondition } from './span-conditions.ts';

/** The newest matching span of a trace. */
export interface Match {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly spanId: SpanId;
}

/**
 * Plans the search for the first `limit` matches of `query`: a statement that may be enough, and the ones to try after
 * it as long as they give fewer.
 */
export function planSearch(
  query: TraceQuery,
  resources: readonly ResourceMatch[],
  now: UnixNano,
): readonly Sql[] {
  const conditions = spanConditions(query, resources);
  const select = query.service === undefined ? newestByTrace : newestInOrder;
  return stretchStarts(query, now).map((from) => {
    const times = startConditions(from, query.endUnixNano).map((condition) => [condition]);
    return select(query, [...conditions, ...times]);
  });
}

/** Reads the answer to any of the statements. */
export function readMatches(reader: RowBinaryReader): Match[] {
  return reader.rows(() => ({
    traceId: reader.hex(16) as TraceId,
    startUnixNano: reader.uint64() as UnixNano,
    spanId: reader.hex(8) as SpanId,
  }));
}

function newestInOrder(query: TraceQuery, conditions: readonly SpanCondition[]): Sql {
  const matches = sql`
SELECT trace_id, start_unix_nano, span_id
FROM spans
WHERE ${all(conditions.map(any))}
ORDER BY start_unix_nano DESC, trace_id DESC, span_id DESC
LIMIT 1 BY trace_id`;
  const limit = integerLiteral(query.limit);
  if (query.after === undefined) return sql`${matches} LIMIT ${limit}`;
  const isBehind = ranksBehind('start_unix_nano', query.after);
  return sql`SELECT trace_id, start_unix_nano, span_id FROM (${matches}) WHERE ${isBehind} LIMIT ${limit}`;
}

function newestByTrace(query: TraceQuery, conditions: readonly SpanCondition[]): Sql {
  const behind = query.after === undefined ? new Sql('1') : ranksBehind('newest.1', query.after);
  return sql`
SELECT trace_id, newest.1, newest.2
FROM (
  SELECT trace_id, max((start_unix_nano, span_id)) AS newest
  FROM (${selectApart(conditions)})
  GROUP BY trace_id
)
WHERE ${behind}
ORDER BY newest.1 DESC, trace_id DESC
LIMIT ${integerLiteral(query.limit)}`;
}

/**
 * The spans that meet all conditions, some of them more than once. The indexes of attributes and resources do not work
 * through an "or", so the alternatives of the first condition that has several are looked for one by one.
 */
function selectApart(conditions: readonly SpanCondition[]): Sql {
  const open = conditions.find((alternatives) => alternatives.length > 1);
  const others = conditions.filter((condition) => condition !== open).map(any);
  const selects = (open ?? [new Sql('1')]).map(
    (alternative) => sql`
    SELECT trace_id, start_unix_nano, span_id
    FROM spans
    WHERE ${all([...others, alternative])}`,
  );
  return unionAll(selects);
}

/** Both descending: behind the cursor is what is smaller. */
function ranksBehind(start: 'start_unix_nano' | 'newest.1', cursor: SearchCursor): Sql {
  const cursorStart = uint64Literal(cursor.matchedStartUnixNano);
  const cursorTrace = sql`toFixedString(${bytesLiteral(cursor.traceId)}, 16)`;
  return sql`(${new Sql(start)}, trace_id) < (${cursorStart}, ${cursorTrace})`;
}

const NANOS_PER_MINUTE = 60_000_000_000n;

/**
 * Where the stretches begin, the last of them where the query does. They end where the newest match can be: now, or
 * before that where the query or the cursor says so.
 */
function stretchStarts(query: TraceQuery, now: UnixNano): readonly bigint[] {
  const newest = [now, query.endUnixNano, query.after?.matchedStartUnixNano]
    .filter((time) => time !== undefined)
    .reduce((a, b) => (a < b ? a : b));
  const oldest: bigint = query.startUnixNano ?? 0n;
  const starts = stretchMinutes(query).map((minutes) => newest - minutes * NANOS_PER_MINUTE);
  return [...starts.filter((start) => start > oldest), oldest];
}

/**
 * Steps wide enough that what is looked at twice is little. A condition on an attribute is usually met by few spans and
 * answered by an index, so there the second step is everything.
 */
function stretchMinutes(query: TraceQuery): readonly bigint[] {
  const first = query.service === undefined ? 10n : 60n;
  return query.attributes.length > 0 ? [first] : [first, 180n, 24n * 60n];
}
