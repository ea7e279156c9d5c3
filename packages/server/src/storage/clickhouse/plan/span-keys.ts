/**
 * The SQL that finds spans, newest first, and reads those that were found.
 *
 * Finding reads only what tells spans apart and puts them in order: of one service, backwards in the order of the table until there
 * are enough; elsewhere all matching ones of a stretch of time, of which the newest are kept. Reading then names service
 * and start of the few that are wanted, which is where they lie in the table's order.
 */
import { SPAN_KINDS } from '@clew/model';
import type { SpanId, SpanIdentity, TraceId, UnixNano } from '@clew/model';
import { partitionOfUnixNano } from '../../native/partition-time.ts';
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
  uint64List,
  uint64Literal,
  unionAll,
} from '../engine/sql.ts';
import { SPAN_ROW_COLUMNS } from '../span-row.ts';
import { commonConditions } from './candidates.ts';
import type { CandidateQuery } from './candidates.ts';

interface SpanKeyPage {
  readonly after: SpanIdentity | undefined;
  readonly limit: number;
}

/** Spans that started at `from` or after and meet one of the filters; copies of a span stand side by side. */
export function selectSpanKeys(query: CandidateQuery, from: bigint, page: SpanKeyPage): Sql {
  const common = [...commonConditions(query, from), isBehind(page.after)];
  const [filter, ...others] = query.filters;
  const alternatives = query.filters.flatMap((each) => each.alternatives);
  const isInOrder = filter?.service !== undefined && others.length === 0;
  // The indexes of attributes do not work through an "or", so elsewhere alternatives are looked for one by one.
  const apart = isInOrder ? [any(alternatives)] : alternatives;
  const matches = unionAll(
    apart.map((each) => sql`SELECT ${KEY} FROM spans WHERE ${all([...common, each])}`),
  );
  const source = apart.length === 1 ? matches : sql`SELECT ${KEY} FROM (${matches})`;
  return sql`
${source}
ORDER BY ${NEWEST_FIRST}
LIMIT ${integerLiteral(page.limit)}`;
}

const KEY = new Sql('start_unix_nano, trace_id, span_id, service, kind');
const NEWEST_FIRST = new Sql(
  'start_unix_nano DESC, trace_id DESC, span_id DESC, service DESC, kind DESC',
);

function isBehind(after: SpanIdentity | undefined): Sql {
  if (after === undefined) return new Sql('1');
  const { startUnixNano, traceId, spanId, service, kind } = after;
  const values = [
    sql`toFixedString(${bytesLiteral(traceId)}, 16)`,
    sql`toFixedString(${bytesLiteral(spanId)}, 8)`,
    textLiteral(service),
    integerLiteral(SPAN_KINDS.indexOf(kind)),
  ];
  // Apart, so that most rows are decided by their start.
  return sql`start_unix_nano < ${uint64Literal(startUnixNano)} OR (start_unix_nano = ${uint64Literal(startUnixNano)}
  AND (trace_id, span_id, toString(service), kind) < (${values}))`;
}

export function readSpanKeys(reader: RowBinaryReader): SpanIdentity[] {
  return reader.rows(() => ({
    startUnixNano: reader.uint64() as UnixNano,
    traceId: reader.hex(16) as TraceId,
    spanId: reader.hex(8) as SpanId,
    service: reader.repeatedText(),
    kind: SPAN_KINDS[reader.uint8()] ?? 'unspecified',
  }));
}

/** Whole rows with their trace's id in front: all copies of the spans, and others of their traces that began when one of them did. */
export function selectSpansByKey(tenant: string, spans: readonly SpanIdentity[]): Sql {
  const services = distinct(spans.map(({ service }) => service));
  const traceIds = distinct(spans.map(({ traceId }) => traceId));
  const starts = distinct(spans.map(({ startUnixNano }): bigint => startUnixNano));
  const partitions = distinct(starts.map(partitionOfUnixNano));
  return sql`
SELECT trace_id, ${new Sql(SPAN_ROW_COLUMNS)}
FROM spans
WHERE tenant = ${textLiteral(tenant)}
  AND (start_clamped OR partition_time IN (${partitions.map(dateTimeLiteral)}))
  AND service IN (${services.map(textLiteral)})
  AND start_unix_nano IN (${uint64List(starts)})
  AND trace_id IN (${traceIds.map(bytesLiteral)})`;
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}
