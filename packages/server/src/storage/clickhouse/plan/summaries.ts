/** The SQL that tells what a list says of each trace. */
import type { DurationNano, ServiceCount, TraceId, TraceSummary, UnixNano } from '@clew/model';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { bytesLiteral, sql, textLiteral } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';

export function selectSummaries(tenant: string, traceIds: readonly TraceId[]): Sql {
  return sql`
SELECT
  trace_id,
  min(first_start_unix_nano),
  max(last_end_unix_nano),
  sumMap(services),
  min(root),
  groupUniqArray(partition_date)
FROM traces
WHERE tenant = ${textLiteral(tenant)} AND trace_id IN (${traceIds.map(bytesLiteral)})
GROUP BY trace_id`;
}

/** A summary, and under which days its spans are filed. */
export interface StoredSummary extends TraceSummary {
  /** Since 1970. */
  readonly days: readonly number[];
}

export function readSummaries(reader: RowBinaryReader): Map<TraceId, StoredSummary> {
  const summaries = new Map<TraceId, StoredSummary>();
  while (!reader.isAtEnd) {
    const summary = readSummary(reader);
    summaries.set(summary.traceId, summary);
  }
  return summaries;
}

function readSummary(reader: RowBinaryReader): StoredSummary {
  const traceId = reader.hex(16) as TraceId;
  const start = reader.uint64();
  const end = reader.uint64();
  const services = readServices(reader);
  reader.uint64(); // The root's start served to find the earliest.
  return {
    traceId,
    rootService: reader.text(),
    rootSpanName: reader.text(),
    startUnixNano: start as UnixNano,
    durationNano: (end - start) as DurationNano,
    spanCount: services.reduce((sum, service) => sum + service.spanCount, 0),
    errorCount: services.reduce((sum, service) => sum + service.errorCount, 0),
    services,
    days: reader.array(() => reader.uint16()),
  };
}

/** Three arrays of one length: names in order, spans, failed spans. */
function readServices(reader: RowBinaryReader): ServiceCount[] {
  const names = reader.array(() => reader.text());
  const spanCounts = reader.array(() => Number(reader.uint64()));
  const errorCounts = reader.array(() => Number(reader.uint64()));
  return names.map((service, i) => ({
    service,
    spanCount: spanCounts[i] ?? 0,
    errorCount: errorCounts[i] ?? 0,
  }));
}
