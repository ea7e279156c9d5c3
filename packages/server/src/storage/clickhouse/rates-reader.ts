/** Reads what is counted of spans by the minute: requests by service and span name, and calls between services. */
import { SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import type { LatencySketch } from '@clew/model';
import type {
  MinuteRange,
  RateReader,
  RatesOptions,
  ServiceEdge,
  ServiceEdgesRequest,
  SpanRate,
  SpanRateGroup,
  SpanRatesRequest,
} from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, all, dateTimeLiteral, integerLiteral, sql, textLiteral } from './engine/sql.ts';

const NANOS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_MINUTE = 60;

export class RatesReader implements RateReader {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async readServiceEdges(request: ServiceEdgesRequest): Promise<readonly ServiceEdge[]> {
    const answer = await this.#engine.read(
      sql`
SELECT
  ${intervalColumn(request)} AS interval,
  client,
  server,
  connection,
  sum(call_count),
  sum(weight),
  sum(error_count),
  sum(client_duration_nano),
  sum(server_duration_nano),
  ${latencyColumns(request)}
FROM edges_1m FINAL
WHERE ${isWithin(request)} AND call_count > 0
GROUP BY interval, client, server, connection
ORDER BY interval, client, server, connection`,
      { signal: request.signal },
    );
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => ({
      interval: reader.uint32(),
      client: reader.repeatedText(),
      server: reader.repeatedText(),
      connection: reader.repeatedText() as ServiceEdge['connection'],
      callCount: Number(reader.uint64()),
      weight: reader.float64(),
      errorCount: Number(reader.uint64()),
      clientDurationNano: reader.uint64(),
      serverDurationNano: reader.uint64(),
      latency: readSketch(reader),
    }));
  }

  async readSpanRates(request: SpanRatesRequest): Promise<readonly SpanRate[]> {
    const { groupBy, services, kinds, signal } = request;
    const columns = groupBy.map((group) => new Sql(COLUMNS[group]));
    const conditions = [
      isWithin(request),
      ...(services === undefined ? [] : [sql`service IN (${services.map(textLiteral)})`]),
      ...(kinds === undefined ? [] : [sql`kind IN (${kinds.map(kindLiteral)})`]),
    ];
    if (services?.length === 0 || kinds?.length === 0) return [];
    const groups = [new Sql('interval'), ...columns];
    const answer = await this.#engine.read(
      sql`
SELECT
  ${[sql`${intervalColumn(request)} AS interval`, ...columns]},
  sum(span_count),
  sum(weight),
  sum(duration_nano),
  ${latencyColumns(request)}
FROM red_1m
WHERE ${all(conditions)}
GROUP BY ${groups}
ORDER BY ${groups}`,
      { signal },
    );
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => readRate(reader, groupBy));
  }
}

const COLUMNS: Readonly<Record<SpanRateGroup, string>> = {
  service: 'service',
  spanName: 'name',
  spanKind: 'kind',
  status: 'status',
};

function kindLiteral(kind: (typeof SPAN_KINDS)[number]): Sql {
  return integerLiteral(SPAN_KINDS.indexOf(kind));
}

function readRate(reader: RowBinaryReader, groupBy: readonly SpanRateGroup[]): SpanRate {
  const interval = reader.uint32();
  const group: { -readonly [Group in SpanRateGroup]?: SpanRate[Group] } = {};
  for (const each of groupBy) {
    if (each === 'spanKind') group.spanKind = SPAN_KINDS[reader.uint8()];
    else if (each === 'status') group.status = SPAN_STATUSES[reader.uint8()];
    else group[each] = reader.repeatedText();
  }
  return {
    ...group,
    interval,
    spanCount: Number(reader.uint64()),
    weight: reader.float64(),
    durationNano: reader.uint64(),
    latency: readSketch(reader),
  };
}

function latencyColumns({ withoutLatency = false }: RatesOptions): Sql {
  return new Sql(
    withoutLatency ? `([]::Array(UInt16), []::Array(Float64))` : 'sumMap(latency.1, latency.2)',
  );
}

function readSketch(reader: RowBinaryReader): LatencySketch {
  return {
    buckets: reader.array(() => reader.uint16()),
    weights: reader.array(() => reader.float64()),
  };
}

/** Seconds of the first minute, and of the first after the last. */
function minutesOf({ startUnixNano, endUnixNano }: MinuteRange): {
  readonly first: number;
  readonly end: number;
} {
  const minutes = (nanos: bigint): number => Number(nanos / NANOS_PER_SECOND) / SECONDS_PER_MINUTE;
  return {
    first: Math.floor(minutes(startUnixNano)) * SECONDS_PER_MINUTE,
    end: Math.ceil(minutes(endUnixNano)) * SECONDS_PER_MINUTE,
  };
}

function isWithin(range: MinuteRange & { readonly tenant: string }): Sql {
  const { first, end } = minutesOf(range);
  return sql`tenant = ${textLiteral(range.tenant)}
  AND partition_date BETWEEN toDate(${dateTimeLiteral(first)}) AND toDate(${dateTimeLiteral(end)})
  AND minute >= ${dateTimeLiteral(first)} AND minute < ${dateTimeLiteral(end)}`;
}

function intervalColumn(range: MinuteRange): Sql {
  const { stepNano } = range;
  if (stepNano === undefined) return new Sql('toUInt32(0)');
  const stepSeconds = integerLiteral(Number(stepNano / NANOS_PER_SECOND));
  const { first } = minutesOf(range);
  return sql`toUInt32(intDiv(toUnixTimestamp(minute) - ${integerLiteral(first)}, ${stepSeconds}))`;
}
