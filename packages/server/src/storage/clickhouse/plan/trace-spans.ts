/**
 * The SQL that reads traces. The summary tells which services took part, when and on which days, and with that the
 * trace's spans are a few short ranges of the big table's order instead of everywhere.
 */
import type { SpanId, TraceId, TraceSummary } from '@clew/model';
import { partitionOfUnixNano } from '../../native/partition-time.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import {
  Sql,
  any,
  bytesLiteral,
  dateLiteral,
  dateTimeLiteral,
  integerLiteral,
  sql,
  textLiteral,
  uint64Literal,
} from '../engine/sql.ts';
import { COLUMNAR_ROW_COLUMNS, SPAN_ROW_COLUMNS, leanRowColumns } from '../span-row.ts';
import type { LeanPart } from './lean-spans.ts';

export interface TraceExtent {
  /** Days since 1970; undefined where only the times are known. */
  readonly days: ReadonlySet<number> | undefined;
  readonly services: ReadonlySet<string>;
  readonly firstStartUnixNano: bigint;
  readonly lastEndUnixNano: bigint;
}

/** Of one trace, as its summaries have it. */
export interface StoredExtent extends TraceExtent {
  /** Spans, each as often as it was sent. */
  readonly rowCount: number;
}

/** A place in the order of a trace's rows: by start, then span id. Copies of a span have one place. */
export interface RowPlace {
  readonly startUnixNano: bigint;
  readonly spanId: string;
}

/** Rows from a place up to another, which is not among them. */
export interface RowRange {
  /** The first row when absent. */
  readonly from?: RowPlace | undefined;
  /** The end when absent. */
  readonly to?: RowPlace | undefined;
}

interface TraceRequest {
  readonly tenant: string;
  readonly traceId: TraceId;
}

export function selectExtents(tenant: string, traceIds: readonly TraceId[]): Sql {
  return sql`
SELECT trace_id, partition_date, services.1, arraySum(services.2), first_start_unix_nano, last_end_unix_nano
FROM traces
WHERE tenant = ${textLiteral(tenant)} AND trace_id IN (${traceIds.map(bytesLiteral)})`;
}

/** A trace that is not stored is missing. */
export function readExtents(reader: RowBinaryReader): ReadonlyMap<TraceId, StoredExtent> {
  const extents = new Map<TraceId, StoredExtent>();
  while (!reader.isAtEnd) {
    const traceId = reader.hex(16) as TraceId;
    const extent = readExtent(reader);
    const known = extents.get(traceId);
    extents.set(traceId, known === undefined ? extent : joinExtents([known, extent]));
  }
  return extents;
}

/** Of the spans of a trace that one segment brought. */
function readExtent(reader: RowBinaryReader): StoredExtent {
  return {
    days: new Set([reader.uint16()]),
    services: new Set(reader.array(() => reader.text())),
    rowCount: Number(reader.uint64()),
    firstStartUnixNano: reader.uint64(),
    lastEndUnixNano: reader.uint64(),
  };
}

/** Has all of them in it. */
function joinExtents(extents: readonly StoredExtent[]): StoredExtent {
  const starts = extents.map(({ firstStartUnixNano }) => firstStartUnixNano);
  const ends = extents.map(({ lastEndUnixNano }) => lastEndUnixNano);
  return {
    days: joinDays(extents),
    services: new Set(extents.flatMap(({ services }) => [...services])),
    rowCount: extents.reduce((sum, { rowCount }) => sum + rowCount, 0),
    firstStartUnixNano: starts.reduce((a, b) => (a < b ? a : b)),
    lastEndUnixNano: ends.reduce((a, b) => (a > b ? a : b)),
  };
}

function joinDays(extents: readonly TraceExtent[]): TraceExtent['days'] {
  const joined = new Set<number>();
  for (const { days } of extents) {
    if (days === undefined) return undefined;
    for (const day of days) joined.add(day);
  }
  return joined;
}

/** As far as a summary tells; undefined of one that has not come yet. */
export function extentOfSummary({
  services,
  startUnixNano,
  durationNano,
  spanCount,
}: TraceSummary): StoredExtent | undefined {
  if (services.length === 0) return undefined;
  return {
    days: undefined,
    services: new Set(services.map(({ service }) => service)),
    rowCount: spanCount,
    firstStartUnixNano: startUnixNano,
    lastEndUnixNano: startUnixNano + durationNano,
  };
}

/** The engine need not look for what to test first when it is told (PREWHERE), which is a twentieth of a small trace's time. */
export function selectSpans(request: TraceRequest, extent: TraceExtent, range: RowRange = {}): Sql {
  return sql`
SELECT ${new Sql(SPAN_ROW_COLUMNS)}
FROM spans
PREWHERE ${rangeConditions(request, extent, range)}`;
}

/** Those with an id. */
export function selectSpansOfId(request: TraceRequest, extent: TraceExtent, spanId: SpanId): Sql {
  return sql`${selectSpans(request, extent)} WHERE span_id = ${bytesLiteral(spanId)}`;
}

/** What a timeline shows of spans, in the order of their places. */
export function selectColumnarRows(
  request: TraceRequest,
  extent: TraceExtent,
  range: RowRange,
): Sql {
  return sql`
SELECT ${new Sql(COLUMNAR_ROW_COLUMNS)}
FROM spans
PREWHERE ${rangeConditions(request, extent, range)}
ORDER BY start_unix_nano, span_id`;
}

/** The places of the first row and of every `step`th after it, in order. */
export function selectPlaces(request: TraceRequest, extent: TraceExtent, step: number): Sql {
  return sql`
SELECT start_unix_nano, span_id
FROM (
  SELECT start_unix_nano, span_id
  FROM spans
  WHERE ${traceConditions(request, extent)}
  ORDER BY start_unix_nano, span_id
)
WHERE rowNumberInAllBlocks() % ${integerLiteral(step)} = 0`;
}

export function readPlaces(reader: RowBinaryReader): readonly RowPlace[] {
  return reader.rows(() => ({ startUnixNano: reader.uint64(), spanId: reader.hex(8) }));
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

/** The same of traces that may lie far apart: what lies between them is not read. */
export function selectSpansWithin(
  tenant: string,
  extents: ReadonlyMap<TraceId, StoredExtent>,
): Sql {
  const joined = joinExtents([...extents.values()]);
  const spans = selectSpansOfTraces(tenant, [...extents.keys()], joined);
  return sql`${spans} AND (${isWithin(extents)})`;
}

/** How many spans of each trace name a parent that is not in it; a trace without such spans is missing. */
export function selectOrphanCounts(
  tenant: string,
  extents: ReadonlyMap<TraceId, StoredExtent>,
): Sql {
  const joined = joinExtents([...extents.values()]);
  const conditions = sql`${tracesConditions(tenant, [...extents.keys()], joined)} AND (${isWithin(extents)})`;
  return sql`
SELECT trace_id, uniqExact(span_id)
FROM spans
WHERE ${conditions} AND parent_span_id != toFixedString('', 8)
  AND (trace_id, parent_span_id) NOT IN (SELECT trace_id, span_id FROM spans WHERE ${conditions})
GROUP BY trace_id`;
}

/** Traces that fill so much of the time between the first and the last of them lie near each other. */
const NEAR_SHARE = 4n;

/** Leads past what lies between the traces; where that is little, it would take longer than to read it. */
function isWithin(extents: ReadonlyMap<TraceId, StoredExtent>): Sql {
  const { firstStartUnixNano, lastEndUnixNano } = joinExtents([...extents.values()]);
  const lengths = [...extents.values()].map(
    (each) => each.lastEndUnixNano - each.firstStartUnixNano,
  );
  const filled = lengths.reduce((sum, length) => sum + length, 0n);
  if (lastEndUnixNano - firstStartUnixNano <= NEAR_SHARE * filled) return new Sql('1');
  const ranges = [...extents.values()].map(({ firstStartUnixNano, lastEndUnixNano }) => {
    return sql`start_unix_nano BETWEEN ${uint64Literal(firstStartUnixNano)} AND ${uint64Literal(lastEndUnixNano)}`;
  });
  return any(ranges);
}

/** Without attributes, and with the filters that each span meets. */
export function selectLeanSpans(
  { met, details }: LeanPart,
  tenant: string,
  traceIds: readonly TraceId[],
  extent: TraceExtent,
): Sql {
  return sql`
SELECT trace_id, ${new Sql(leanRowColumns(details))}, ${met}
FROM spans
WHERE ${tracesConditions(tenant, traceIds, extent)}`;
}

/** The same of traces that may lie far apart. */
export function selectLeanSpansWithin(
  part: LeanPart,
  tenant: string,
  extents: ReadonlyMap<TraceId, StoredExtent>,
): Sql {
  const joined = joinExtents([...extents.values()]);
  const spans = selectLeanSpans(part, tenant, [...extents.keys()], joined);
  return sql`${spans} AND (${isWithin(extents)})`;
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

function rangeConditions(request: TraceRequest, extent: TraceExtent, { from, to }: RowRange): Sql {
  // The first and the last start lead to the rows, the places tell apart those that started together.
  const conditions = traceConditions(request, {
    ...extent,
    firstStartUnixNano: from?.startUnixNano ?? extent.firstStartUnixNano,
    lastEndUnixNano: to?.startUnixNano ?? extent.lastEndUnixNano,
  });
  const notBefore = from === undefined ? new Sql('') : sql` AND NOT (${isBefore(from)})`;
  const before = to === undefined ? new Sql('') : sql` AND (${isBefore(to)})`;
  return sql`${conditions}${notBefore}${before}`;
}

function isBefore({ startUnixNano, spanId }: RowPlace): Sql {
  const start = uint64Literal(startUnixNano);
  return sql`start_unix_nano < ${start} OR start_unix_nano = ${start} AND span_id < ${bytesLiteral(spanId)}`;
}

function tracesConditions(tenant: string, traceIds: readonly TraceId[], extent: TraceExtent): Sql {
  return sql`${extentConditions(tenant, extent)} AND trace_id IN (${traceIds.map(bytesLiteral)})`;
}

function extentConditions(tenant: string, extent: TraceExtent): Sql {
  const { days } = extent;
  const ofDays =
    days === undefined
      ? new Sql('')
      : sql`
  AND toDate(partition_time) IN (${[...days].map(dateLiteral)})`;
  return sql`tenant = ${textLiteral(tenant)}${ofDays}
  AND (start_clamped OR partition_time BETWEEN ${partitionOf(extent.firstStartUnixNano)} AND ${partitionOf(extent.lastEndUnixNano)})
  AND service IN (${[...extent.services].map(textLiteral)})
  AND start_unix_nano >= ${uint64Literal(extent.firstStartUnixNano)}
  AND start_unix_nano <= ${uint64Literal(extent.lastEndUnixNano)}`;
}

function partitionOf(time: bigint): Sql {
  return dateTimeLiteral(partitionOfUnixNano(time));
}
