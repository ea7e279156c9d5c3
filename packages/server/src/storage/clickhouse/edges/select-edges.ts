/**
 * Who calls whom, in SQL over the spans of some minutes.
 *
 * A call is a pair of a span and its child in another service, or of a client's and a server's span in the same one;
 * where a server took over the client's span id, as Zipkin's do, the two have one id. A client's or producer's span without
 * such a child called something that sends no spans: a database, a queue, an external host, named by its attributes in
 * OpenTelemetry's old and new words.
 *
 * A call counts in the minute its caller's span began. The child may begin up to half a minute before that minute, on a
 * host whose clock is late, and in the minute after.
 */
import { SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import { LATENCY_BUCKET_SQL } from '../../rollup/latency-bucket.ts';
import { PARTITION_SECONDS } from '../../native/partition-time.ts';
import {
  Sql,
  dateTimeLiteral,
  integerLiteral,
  sql,
  textLiteral,
  uint64Literal,
} from '../engine/sql.ts';

export interface MinuteRange {
  readonly tenant: string;
  /** Since 1970; both inclusive. */
  readonly first: number;
  readonly last: number;
}

/** The columns of `edges_1m` that `selectEdges` gives, in order. */
export const EDGE_COLUMNS: readonly string[] = [
  'tenant',
  'partition_date',
  'minute',
  'client',
  'server',
  'connection',
  'call_count',
  'weight',
  'error_count',
  'client_duration_nano',
  'server_duration_nano',
  'latency',
  'pass',
];

/**
 * The rows of the minutes of `range`. Those that `edges_1m` has of these minutes and that are no edges any more, because
 * a child has arrived, come with counts of 0, so that the new rows of a pass replace all old ones.
 */
export function selectEdges(range: MinuteRange, pass: bigint): Sql {
  const { tenant, first, last } = range;
  return sql`
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
  sumMapIf([toUInt16(bucket)], [toFloat64(call_weight)], calls > 0) AS latency,
  ${uint64Literal(pass)} AS pass
FROM (
  ${selectPairs(range)}
  UNION ALL
  ${selectOneSided(range)}
  UNION ALL
  SELECT minute, client, server, connection, 0 AS calls, 0 AS call_weight, 0 AS errors,
    0 AS client_duration, 0 AS server_duration, 0 AS bucket
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
const CALLERS = sql`(${KIND.client}, ${KIND.producer})`;
const CALLED = sql`(${KIND.server}, ${KIND.consumer})`;
const NO_PARENT = new Sql(`toFixedString('', 8)`);
const BUCKET = new Sql(LATENCY_BUCKET_SQL);

/**
 * Calls of which both sides were seen. The latency is what the caller waited, or of a message how long it was handled. The
 * called are the smaller side, so theirs is the table that is held in memory.
 */
function selectPairs(range: MinuteRange): Sql {
  return sql`
  SELECT
    minute,
    client,
    server,
    if(client_kind = ${KIND.producer} OR server_kind = ${KIND.consumer}, 'messaging', '') AS connection,
    1 AS calls,
    call_weight,
    (client_status = ${ERROR} OR server_status = ${ERROR}) AS errors,
    client_duration,
    server_duration,
    if(connection = 'messaging', server_bucket, client_bucket) AS bucket
  FROM (
    SELECT
      ${minuteOfStart()} AS minute,
      ${callId('span_id')} AS call_id,
      service AS client,
      kind AS client_kind,
      status AS client_status,
      duration_nano AS client_duration,
      toFloat64(weight) AS call_weight,
      ${BUCKET} AS client_bucket
    FROM spans
    WHERE ${startsWithin(range)}
  ) AS callers
  INNER JOIN (
    SELECT
      ${CALLED_ID} AS call_id,
      service AS server,
      kind AS server_kind,
      status AS server_status,
      duration_nano AS server_duration,
      ${BUCKET} AS server_bucket
    FROM spans
    WHERE ${startsWithin(range, CALLED_REACH)} AND kind NOT IN ${CALLERS} AND ${IS_CALLED}
  ) AS called USING (call_id)
  WHERE client != server OR (client_kind IN ${CALLERS} AND server_kind IN ${CALLED})`;
}

/** Calls that only the caller has told of. */
function selectOneSided(range: MinuteRange): Sql {
  return sql`
  SELECT
    minute,
    client,
    peer.2 AS server,
    peer.1 AS connection,
    1 AS calls,
    call_weight,
    client_status = ${ERROR} AS errors,
    client_duration,
    0 AS server_duration,
    bucket
  FROM (
    SELECT
      ${minuteOfStart()} AS minute,
      ${callId('span_id')} AS call_id,
      service AS client,
      status AS client_status,
      duration_nano AS client_duration,
      toFloat64(weight) AS call_weight,
      ${BUCKET} AS bucket,
      ${PEER} AS peer
    FROM spans
    WHERE ${startsWithin(range)} AND kind IN ${CALLERS}
  ) AS callers
  LEFT ANTI JOIN (
    SELECT ${CALLED_ID} AS call_id
    FROM spans
    WHERE ${startsWithin(range, CALLED_REACH)} AND kind IN ${CALLED} AND ${IS_CALLED}
  ) AS called USING (call_id)
  WHERE server != ''`;
}

/** Seconds before and after the minutes of the callers in which the called may begin: clocks differ, and calls take time. */
const CALLED_REACH = { beforeSeconds: 30, afterSeconds: 60 };

const IS_CALLED = sql`(parent_span_id != ${NO_PARENT} OR attr_bool['zipkin.shared'])`;

/** Of a span that may have been called: the call's id. A shared one has the id of the caller's own span. */
const CALLED_ID = callId(
  `if(kind = ${KIND.server.text} AND attr_bool['zipkin.shared'], span_id, parent_span_id)`,
);

/** What the two sides of a call have in common, as one number: joining by it takes a third of what the ids would take. */
function callId(spanId: string): Sql {
  return new Sql(
    `bitXor(reinterpretAsUInt64(${spanId}), bitRotateLeft(reinterpretAsUInt64(substring(trace_id, 9, 8)), 1))`,
  );
}

function minuteOfStart(): Sql {
  return new Sql(`toDateTime(intDiv(start_unix_nano, 60000000000) * 60, 'UTC')`);
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

/** What kind of thing was called, and its name; empty where nothing tells. */
const PEER = new Sql(`multiIf(
        attr_string['db.system.name'] != '' OR attr_string['db.system'] != '',
        ('database', ${firstOf(['peer.service', 'db.namespace', 'db.name', 'server.address', 'net.peer.name', 'db.system.name', 'db.system'])}),
        kind = ${KIND.producer.text} OR attr_string['messaging.system'] != '',
        ('messaging', ${firstOf(['peer.service', 'messaging.destination.name', 'messaging.destination', 'messaging.system'])}),
        ('external', ${firstOf(['peer.service', 'server.address', 'net.peer.name', 'http.host', 'network.peer.address', 'net.peer.ip'])}))`);

function firstOf(keys: readonly string[]): string {
  const values = keys.map((key) => `attr_string['${key}']`);
  return `arrayFirst(name -> name != '', [${values.join(', ')}])`;
}
