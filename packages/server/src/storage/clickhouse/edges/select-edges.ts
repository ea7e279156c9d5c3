/**
 * Who calls whom, in SQL over the spans of some minutes.
 *
 * A call is a pair of a span and its child in another service, or of a client's and a server's span in the same one;
 * where a server took over the client's span id, as Zipkin's do, the two have one id. A client's or producer's span without
 * such a child called something that sends no spans: a database, a queue, an external host. Which spans come into
 * question, and what callers called, is in columns of its own (`native/call-sides.ts`), so the join reads few bytes of each.
 *
 * A call counts in the minute its caller's span began. The child may begin up to half a minute before that minute, on a
 * host whose clock is late, and in the minute after.
 */
import { SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import { CALL_ROLE } from '../../native/call-sides.ts';
import { PARTITION_SECONDS } from '../../native/partition-time.ts';
import type { Structure } from '../../native/structures.ts';
import { LATENCY_BUCKET_SQL } from '../../rollup/latency-bucket.ts';
import {
  Sql,
  dateTimeLiteral,
  integerLiteral,
  sql,
  structureLiteral,
  textLiteral,
  uint64Literal,
} from '../engine/sql.ts';

export interface MinuteRange {
  readonly tenant: string;
  /** Since 1970; both inclusive. */
  readonly first: number;
  readonly last: number;
}

/**
 * A share of the traces, so that what is joined fits into little memory: those whose id's last bits are `number`. `count`
 * is a power of two up to 256.
 */
export interface TraceSlice {
  readonly number: number;
  readonly count: number;
}

/** The columns of a slice's rows, in order: a row a bucket, because adding up sketches span by span is slow. */
const SLICE_STRUCTURE: Structure = {
  minute: "DateTime('UTC')",
  client: 'LowCardinality(String)',
  server: 'LowCardinality(String)',
  connection: 'String',
  bucket: 'UInt16',
  calls: 'UInt64',
  call_weight: 'Float64',
  errors: 'UInt64',
  client_duration: 'UInt64',
  server_duration: 'UInt64',
};

/** The edges of one slice of the range, as rows of `RowBinary`. */
export function selectSlice(range: MinuteRange, slice: TraceSlice): Sql {
  return sql`
SELECT
  minute,
  client,
  server,
  connection,
  bucket,
  count(),
  sum(call_weight),
  sum(is_error),
  sum(client_duration),
  sum(server_duration)
FROM (
  ${selectCalls(range, slice)}
  UNION ALL
  ${selectCallsWithoutKinds(range, slice)}
)
GROUP BY minute, client, server, connection, bucket`;
}

/**
 * The statement that makes the slices, one file each, the edges of the range. What `edges_1m` has of these minutes and is no
 * edge any more, because a child has arrived, comes with counts of 0, so that the new rows of a pass replace all old ones.
 */
export function insertEdges(range: MinuteRange, slicePaths: string, pass: bigint): Sql {
  const { tenant, first, last } = range;
  const slices = sql`file(${textLiteral(slicePaths)}, RowBinary, ${structureLiteral(SLICE_STRUCTURE)})`;
  return sql`
INSERT INTO edges_1m (
  tenant, partition_date, minute, client, server, connection, call_count, weight, error_count,
  client_duration_nano, server_duration_nano, latency, pass
)
SETTINGS max_threads = 1
SELECT
  ${textLiteral(tenant)} AS tenant,
  toDate(minute) AS partition_date,
  minute,
  client,
  server,
  connection,
  sum(calls) AS call_count,
  sum(call_weight) AS weight,
  sum(errors) AS error_count,
  sum(client_duration) AS client_duration_nano,
  sum(server_duration) AS server_duration_nano,
  sumMapIf([bucket], [call_weight], calls > 0) AS latency,
  ${uint64Literal(pass)} AS pass
FROM (
  SELECT * FROM ${slices}
  UNION ALL
  SELECT minute, client, server, connection, 0, 0, 0, 0, 0, 0
  FROM edges_1m
  WHERE tenant = ${textLiteral(tenant)}
    AND minute BETWEEN ${dateTimeLiteral(first * 60)} AND ${dateTimeLiteral(last * 60)}
)
GROUP BY minute, client, server, connection`;
}

const KIND = Object.fromEntries(
  SPAN_KINDS.map((kind, number) => [kind, integerLiteral(number)]),
) as Readonly<Record<(typeof SPAN_KINDS)[number], Sql>>;
const ERROR = integerLiteral(SPAN_STATUSES.indexOf('error'));
const CALLER_KINDS = sql`(${KIND.client}, ${KIND.producer})`;
const CALLED_KINDS = sql`(${KIND.server}, ${KIND.consumer})`;
const CALLED_ROLES = sql`(${integerLiteral(CALL_ROLE.called)}, ${integerLiteral(CALL_ROLE.calledBySharedId)})`;
const BUCKET = new Sql(LATENCY_BUCKET_SQL);
/** Of a caller that was joined: whether there is a server or consumer it called. */
const IS_SEEN = sql`(server_kind != ${KIND.unspecified})`;

/**
 * Of each caller the servers and consumers it called, or what it says that it called where there is none. The latency is
 * what the caller waited, or of a message how long it was handled. The called are the smaller side, so theirs is the table
 * that is held in memory.
 */
function selectCalls(range: MinuteRange, slice: TraceSlice): Sql {
  return sql`
  SELECT
    minute,
    client,
    if(${IS_SEEN}, server_service, peer) AS server,
    multiIf(
      ${IS_SEEN}, if(client_kind = ${KIND.producer} OR server_kind = ${KIND.consumer}, 'messaging', ''),
      client_role = ${integerLiteral(CALL_ROLE.databaseCaller)}, 'database',
      client_role = ${integerLiteral(CALL_ROLE.messagingCaller)}, 'messaging',
      'external'
    ) AS connection,
    call_weight,
    (client_status = ${ERROR} OR server_status = ${ERROR}) AS is_error,
    client_duration,
    server_duration,
    if(${IS_SEEN} AND connection = 'messaging', server_bucket, client_bucket) AS bucket
  FROM (${selectCallers(range, slice)}) AS callers
  LEFT JOIN (${selectCalled(range, slice, sql`kind IN ${CALLED_KINDS}`)}) AS called USING (call_id)
  WHERE if(${IS_SEEN}, client != server_service OR client_kind IN ${CALLER_KINDS}, peer != '')`;
}

/** Between services whose spans do not say who is the client and who the server. */
function selectCallsWithoutKinds(range: MinuteRange, slice: TraceSlice): Sql {
  return sql`
  SELECT
    minute,
    client,
    server_service AS server,
    if(client_kind = ${KIND.producer}, 'messaging', '') AS connection,
    call_weight,
    (client_status = ${ERROR} OR server_status = ${ERROR}) AS is_error,
    client_duration,
    server_duration,
    if(connection = 'messaging', server_bucket, client_bucket) AS bucket
  FROM (${selectCallers(range, slice)}) AS callers
  INNER JOIN (${selectCalled(range, slice, sql`kind NOT IN ${CALLED_KINDS}`)}) AS called USING (call_id)
  WHERE client != server_service`;
}

/** Any span may have been called from. */
function selectCallers(range: MinuteRange, slice: TraceSlice): Sql {
  return sql`
    SELECT
      toDateTime(intDiv(start_unix_nano, 60000000000) * 60, 'UTC') AS minute,
      ${callId('span_id')} AS call_id,
      service AS client,
      kind AS client_kind,
      call_role AS client_role,
      peer,
      status AS client_status,
      duration_nano AS client_duration,
      toFloat64(weight) AS call_weight,
      ${BUCKET} AS client_bucket
    FROM spans
    WHERE ${startsWithin(range)} AND ${isIn(slice)}`;
}

function selectCalled(range: MinuteRange, slice: TraceSlice, kinds: Sql): Sql {
  const isShared = `call_role = ${CALL_ROLE.calledBySharedId}`;
  return sql`
    SELECT
      ${callId(`if(${isShared}, span_id, parent_span_id)`)} AS call_id,
      service AS server_service,
      kind AS server_kind,
      status AS server_status,
      duration_nano AS server_duration,
      ${BUCKET} AS server_bucket
    FROM spans
    WHERE ${startsWithin(range, CALLED_REACH)} AND ${isIn(slice)}
      AND call_role IN ${CALLED_ROLES} AND ${kinds}`;
}

/** Seconds before and after the minutes of the callers in which the called may begin: clocks differ, and calls take time. */
const CALLED_REACH = { beforeSeconds: 30, afterSeconds: 60 };

/**
 * What the two sides of a call have in common, as one number: joining by it takes a third of what the ids would take. The
 * trace's id is hashed because some senders count their ids up, and so would be equal across traces.
 */
function callId(spanId: string): Sql {
  return new Sql(`bitXor(reinterpretAsUInt64(${spanId}), cityHash64(trace_id))`);
}

function isIn({ number, count }: TraceSlice): Sql {
  if (count === 1) return new Sql('1');
  return new Sql(
    `bitAnd(reinterpretAsUInt8(substring(trace_id, 16, 1)), ${count - 1}) = ${number}`,
  );
}

/**
 * What began in the minutes of the range, or somewhat before or after. Spans whose start is out of bounds are left out: who
 * called them cannot be told by time, and a condition that let them in would keep the engine from using its order.
 */
function startsWithin(
  { tenant, first, last }: MinuteRange,
  { beforeSeconds, afterSeconds } = { beforeSeconds: 0, afterSeconds: 0 },
): Sql {
  const from = first * 60 - beforeSeconds;
  const to = (last + 1) * 60 + afterSeconds;
  const nanos = (seconds: number): Sql =>
    uint64Literal(BigInt(Math.max(seconds, 0)) * 1_000_000_000n);
  return sql`tenant = ${textLiteral(tenant)}
      AND partition_time BETWEEN ${dateTimeLiteral(from - PARTITION_SECONDS)} AND ${dateTimeLiteral(to)}
      AND NOT start_clamped
      AND start_unix_nano >= ${nanos(from)} AND start_unix_nano < ${nanos(to)}`;
}
