/**
 * The SQL that reads traces. The summary tells which services took part, when and on which days, and with that the
 * trace's spans are a few short ranges of the big table's order instead of everywhere.
 */
import type { TraceId } from '@clew/model';
import { partitionOfUnixNano } from '../../native/partition-time.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import {
  Sql,
  bytesLiteral,
  dateLiteral,
  dateTimeLiteral,
  sql,
  textLiteral,
  uint64Literal,
} from '../engine/sql.ts';
import { LEAN_ROW_COLUMNS, SPAN_ROW_COLUMNS } from '../span-row.ts';

export interface TraceExtent {
  /** Days since 1970. */
  readonly days: ReadonlySet<number>;
  readonly services: ReadonlySet<string>;
  readonly firstStartUnixNano: bigint;
  readonly lastEndUnixNano: bigint;
}

interface TraceRequest {
  readonly tenant: string;
  readonly traceId: TraceId;
}

export function selectExtent({ tenant, traceId }: TraceRequest): Sql {
  return sql`
SELECT partition_date, services.1, first_start_unix_nano, last_end_unix_nano
FROM traces
WHERE tenant = ${textLiteral(tenant)} AND trace_id = ${bytesLiteral(traceId)}`;
}

/** `undefined` when there is no such trace. */
export function readExtent(reader: RowBinaryReader): TraceExtent | undefined {
  if (reader.isAtEnd) return undefined;
  const days = new Set<number>();
  const services = new Set<string>();
  let firstStartUnixNano = MAX_UINT64;
  let lastEndUnixNano = 0n;
  while (!reader.isAtEnd) {
    days.add(reader.uint16());
    for (const service of reader.array(() => reader.text())) services.add(service);
    const start = reader.uint64();
    const end = reader.uint64();
    if (start < firstStartUnixNano) firstStartUnixNano = start;
    if (end > lastEndUnixNano) lastEndUnixNano = end;
  }
  return { days, services, firstStartUnixNano, lastEndUnixNano };
}

const MAX_UINT64 = (1n << 64n) - 1n;

export function selectSpans(request: TraceRequest, extent: TraceExtent): Sql {
  return sql`
SELECT ${new Sql(SPAN_ROW_COLUMNS)}
FROM spans
WHERE ${traceConditions(request, extent)}`;
}

/** The same of several traces, each row with its trace's id in front. */
export function selectSpansOfTraces(
  tenant: string,
  traceIds: readonly TraceId[],
  extent: TraceExtent,
): Sql {
  return sql`
SELECT trace_id, ${new Sql(SPAN_ROW_COLUMNS)}
FROM spans
WHERE ${tracesConditions(tenant, traceIds, extent)}`;
}

/** Without attributes, and with the filters that each span meets. */
export function selectLeanSpans(
  met: Sql,
  tenant: string,
  traceIds: readonly TraceId[],
  extent: TraceExtent,
): Sql {
  return sql`
SELECT trace_id, ${new Sql(LEAN_ROW_COLUMNS)}, ${met}
FROM spans
WHERE ${tracesConditions(tenant, traceIds, extent)}`;
}

/** Those of the traces that have a span which meets the condition. */
export function selectTracesWith(
  condition: Sql,
  tenant: string,
  traceIds: readonly TraceId[],
  extent: TraceExtent,
): Sql {
  return sql`
SELECT DISTINCT trace_id
FROM spans
WHERE ${tracesConditions(tenant, traceIds, extent)} AND (${condition})`;
}

/** What is true of the trace's rows in `spans`, and leads to them quickly. */
export function traceConditions({ tenant, traceId }: TraceRequest, extent: TraceExtent): Sql {
  return sql`${extentConditions(tenant, extent)} AND trace_id = ${bytesLiteral(traceId)}`;
}

function tracesConditions(tenant: string, traceIds: readonly TraceId[], extent: TraceExtent): Sql {
  return sql`${extentConditions(tenant, extent)} AND trace_id IN (${traceIds.map(bytesLiteral)})`;
}

function extentConditions(tenant: string, extent: TraceExtent): Sql {
  return sql`tenant = ${textLiteral(tenant)}
  AND toDate(partition_time) IN (${[...extent.days].map(dateLiteral)})
  AND (start_clamped OR partition_time BETWEEN ${partitionOf(extent.firstStartUnixNano)} AND ${partitionOf(extent.lastEndUnixNano)})
  AND service IN (${[...extent.services].map(textLiteral)})
  AND start_unix_nano >= ${uint64Literal(extent.firstStartUnixNano)}
  AND start_unix_nano <= ${uint64Literal(extent.lastEndUnixNano)}`;
}

function partitionOf(time: bigint): Sql {
  return dateTimeLiteral(partitionOfUnixNano(time));
}
