/**
 * The SQL that finds spans in the order of an answer, and reads those that were found.
 *
 * Finding reads only what tells spans apart and puts them in order: by start and of one service, in the order of the table or
 * backwards until there are enough; elsewhere all matching ones of a stretch of time, of which the first are kept. Reading then names service
 * and start of the few that are wanted, which is where they lie in the table's order.
 */
import { SPAN_KINDS } from '@clew/model';
import type { SpanId, SpanIdentity, TraceId, UnixNano } from '@clew/model';
import type { FoundSpan, SpanOrder } from '../../span-store.ts';
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
  readonly order: SpanOrder;
  readonly after: FoundSpan | undefined;
  readonly limit: number;
}

/**
 * Spans that started at `from` or after and meet one of the filters. Copies of a span stand side by side, but where the order goes
 * by what they differ in.
 */
export function selectSpanKeys(query: CandidateQuery, from: bigint, page: SpanKeyPage): Sql {
  const common = [...commonConditions(query, from), isBehind(page)];
  const [filter, ...others] = query.filters;
  const alternatives = query.filters.flatMap((each) => each.alternatives);
  const isInOrder = filter?.service !== undefined && others.length === 0;
  // The indexes of attributes do not work through an "or", so elsewhere alternatives are looked for one by one.
  const apart = isInOrder ? [any(alternatives)] : alternatives;
  const columns = new Sql([...ranked(page.order), ...KEY].join(', '));
  const matches = unionAll(
    apart.map((each) => sql`SELECT ${columns} FROM spans WHERE ${all([...common, each])}`),
  );
  const source = apart.length === 1 ? matches : sql`SELECT ${columns} FROM (${matches})`;
  return sql`
${source}
ORDER BY ${inOrder(page.order)}
LIMIT ${integerLiteral(page.limit)}`;
}

const KEY = ['start_unix_nano', 'trace_id', 'span_id', 'service', 'kind'];

/** What an order goes by in front of the start. */
function ranked({ by }: SpanOrder): readonly string[] {
  return by === 'duration' ? ['duration_nano'] : [];
}

function inOrder(order: SpanOrder): Sql {
  const way = order.direction === 'desc' ? 'DESC' : 'ASC';
  return new Sql([...ranked(order), ...KEY].map((column) => `${column} ${way}`).join(', '));
}

function isBehind({ order, after }: SpanKeyPage): Sql {
  if (after === undefined) return new Sql('1');
  const way = new Sql(order.direction === 'desc' ? '<' : '>');
  const start = isBehindByStart(after, way);
  if (order.by === 'start') return start;
  const rank = uint64Literal(after.rank);
  return sql`duration_nano ${way} ${rank} OR (duration_nano = ${rank} AND (${start}))`;
}

function isBehindByStart(after: FoundSpan, way: Sql): Sql {
  const { startUnixNano, traceId, spanId, service, kind } = after;
  const values = [
    sql`toFixedString(${bytesLiteral(traceId)}, 16)`,
    sql`toFixedString(${bytesLiteral(spanId)}, 8)`,
    textLiteral(service),
    integerLiteral(SPAN_KINDS.indexOf(kind)),
  ];
  // Apart, so that most rows are decided by their start.
  const startLiteral = uint64Literal(startUnixNano);
  return sql`start_unix_nano ${way} ${startLiteral} OR (start_unix_nano = ${startLiteral}
  AND (trace_id, span_id, toString(service), kind) ${way} (${values}))`;
}

export function readSpanKeys(reader: RowBinaryReader, { by }: SpanOrder): FoundSpan[] {
  return reader.rows(() => {
    const first = reader.uint64();
    const startUnixNano = (by === 'start' ? first : reader.uint64()) as UnixNano;
    return {
      rank: first,
      startUnixNano,
      traceId: reader.hex(16) as TraceId,
      spanId: reader.hex(8) as SpanId,
      service: reader.repeatedText(),
      kind: SPAN_KINDS[reader.uint8()] ?? 'unspecified',
    };
  });
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
