/** The SQL that tells what a list says of each trace. */
import type { DurationNano, ServiceCount, TraceId, TraceSummary, UnixNano } from '@clew/model';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { bytesLiteral, sql, textLiteral } from '../engine/sql.ts';
import type { Sql } from '../engine/sql.ts';

/** Rows as they are stored. A trace has few, and the engine takes longer to add them up than who reads them. */
export function selectSummaries(tenant: string, traceIds: readonly TraceId[]): Sql {
  return sql`
SELECT trace_id, partition_date, first_start_unix_nano, last_end_unix_nano, services, root
FROM traces
WHERE tenant = ${textLiteral(tenant)} AND trace_id IN (${traceIds.map(bytesLiteral)})`;
}

/** A summary, and under which days its spans are filed. */
export interface StoredSummary extends TraceSummary {
  /** Since 1970. */
  readonly days: readonly number[];
}

export function readSummaries(reader: RowBinaryReader): Map<TraceId, StoredSummary> {
  const summaries = new Map<TraceId, RootedSummary>();
  while (!reader.isAtEnd) {
    const summary = readSummary(reader);
    const known = summaries.get(summary.traceId);
    summaries.set(summary.traceId, known === undefined ? summary : join(known, summary));
  }
  return new Map([...summaries].map(([traceId, summary]) => [traceId, finish(summary)]));
}

function finish(summary: RootedSummary): StoredSummary {
  const { rootStart: _, services, ...rest } = summary;
  return { ...rest, services: services.toSorted((a, b) => (a.service < b.service ? -1 : 1)) };
}

/** Its services in any order. */
interface RootedSummary extends StoredSummary {
  /** The last moment there is where there is no root. */
  readonly rootStart: bigint;
}

function readSummary(reader: RowBinaryReader): RootedSummary {
  const traceId = reader.hex(16) as TraceId;
  const days = [reader.uint16()];
  const start = reader.uint64();
  const end = reader.uint64();
  const services = readServices(reader);
  return {
    traceId,
    startUnixNano: start as UnixNano,
    durationNano: (end - start) as DurationNano,
    spanCount: services.reduce((sum, service) => sum + service.spanCount, 0),
    errorCount: services.reduce((sum, service) => sum + service.errorCount, 0),
    services,
    days,
    rootStart: reader.uint64(),
    rootService: reader.text(),
    rootSpanName: reader.text(),
  };
}

/** Three arrays of one length: names, spans, failed spans. */
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

/** Of the same trace. */
function join(a: RootedSummary, b: RootedSummary): RootedSummary {
  const start = a.startUnixNano < b.startUnixNano ? a.startUnixNano : b.startUnixNano;
  const [endOfA, endOfB] = [endOf(a), endOf(b)];
  const { rootStart, rootService, rootSpanName } = isRootBefore(b, a) ? b : a;
  return {
    traceId: a.traceId,
    startUnixNano: start,
    durationNano: ((endOfA > endOfB ? endOfA : endOfB) - start) as DurationNano,
    spanCount: a.spanCount + b.spanCount,
    errorCount: a.errorCount + b.errorCount,
    services: joinServices(a.services, b.services),
    days: [...new Set([...a.days, ...b.days])],
    rootStart,
    rootService,
    rootSpanName,
  };
}

function endOf({ startUnixNano, durationNano }: StoredSummary): bigint {
  return startUnixNano + durationNano;
}

/** Of two roots that start together, the one whose service and name come first. */
function isRootBefore(a: RootedSummary, b: RootedSummary): boolean {
  if (a.rootStart !== b.rootStart) return a.rootStart < b.rootStart;
  if (a.rootService !== b.rootService) return a.rootService < b.rootService;
  return a.rootSpanName < b.rootSpanName;
}

function joinServices(
  a: readonly ServiceCount[],
  b: readonly ServiceCount[],
): readonly ServiceCount[] {
  const joined = new Map(a.map((each) => [each.service, each]));
  for (const each of b) {
    const known = joined.get(each.service);
    joined.set(each.service, {
      service: each.service,
      spanCount: each.spanCount + (known?.spanCount ?? 0),
      errorCount: each.errorCount + (known?.errorCount ?? 0),
    });
  }
  return [...joined.values()];
}
