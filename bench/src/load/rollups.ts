/**
 * Every rollup beside a count of the same over all spans: two queries that must give the same rows, in any order. In
 * `kept` the rows that the engine has yet to merge are merged by the query, over all partitions; in `recounted` stands
 * what the rollup is meant to say, written apart from how it is made. Of sketches and the like, what is the same in any
 * order is compared.
 *
 * Who adds a rollup to the schema adds its pair here.
 */
export interface RollupPair {
  /** The rollup's table. */
  readonly table: string;
  readonly kept: string;
  readonly recounted: string;
}

/** Tables that nothing else is counted into. */
export const SOURCES: readonly string[] = [
  'spans',
  'resources',
  'scopes',
  'attribute_sets',
  'schema_migrations',
  'edge_passes',
];

/** Rollups that a crash may leave incomplete, and say so: ADR 17. */
export const APPROXIMATE: readonly string[] = ['attribute_keys_1m'];

export const ROLLUPS: readonly RollupPair[] = [
  {
    table: 'traces',
    kept: `
      SELECT tenant, trace_id,
        min(first_start_unix_nano), max(last_end_unix_nano), sumMap(services), min(root)
      FROM traces
      GROUP BY tenant, trace_id`,
    recounted: `
      SELECT tenant, trace_id,
        min(start_unix_nano),
        max(start_unix_nano + least(duration_nano, toUInt64(18446744073709551615 - start_unix_nano))),
        sumMap([toString(service)], [toUInt64(1)], [toUInt64(status = 2)]),
        min(if(parent_span_id = toFixedString('', 8),
          (start_unix_nano, toString(service), toString(name)),
          (toUInt64(18446744073709551615), '', '')))
      FROM spans
      GROUP BY tenant, trace_id`,
  },
  {
    table: 'operations',
    kept: `
      SELECT tenant, service, name, kind, sum(span_count)
      FROM operations
      GROUP BY tenant, service, name, kind`,
    recounted: `
      SELECT tenant, service, name, kind, count()
      FROM spans
      GROUP BY tenant, service, name, kind`,
  },
  {
    table: 'red_1m',
    kept: `
      SELECT tenant, minute, service, name, kind, status,
        sum(span_count), sum(weight), sum(duration_nano), sumMap(latency)
      FROM red_1m
      GROUP BY tenant, minute, service, name, kind, status`,
    recounted: `
      SELECT tenant, toDateTime(intDiv(start_unix_nano, 60000000000) * 60, 'UTC') AS minute,
        service, name, kind, status,
        count(), sum(toFloat64(weight)), sum(duration_nano),
        sumMap([toUInt16(${bucketOf('duration_nano')})], [toFloat64(weight)])
      FROM spans
      GROUP BY tenant, minute, service, name, kind, status`,
  },
  {
    // Calls of which both sides were seen, in the minutes that a pass has computed since their last span came.
    table: 'edges_1m',
    kept: `
      SELECT tenant, minute, toString(client), toString(server), sum(call_count), sum(error_count)
      FROM edges_1m FINAL
      WHERE connection = '' AND call_count > 0 AND (tenant, minute) IN (${settledMinutes()})
      GROUP BY ALL`,
    recounted: `
      SELECT client.tenant, ${minuteOf('client.start_unix_nano')} AS minute,
        toString(client.service), toString(server.service),
        count(), countIf(client.status = 2 OR server.status = 2)
      FROM spans AS client
      INNER JOIN spans AS server
        ON server.trace_id = client.trace_id AND server.parent_span_id = client.span_id
      WHERE server.kind NOT IN (3, 4)
        AND (client.service != server.service OR (client.kind IN (3, 4) AND server.kind IN (2, 5)))
        AND client.kind != 4 AND server.kind != 5
        AND (client.tenant, minute) IN (${settledMinutes()})
      GROUP BY ALL`,
  },
  {
    // Calls that only the caller told of.
    table: 'edges_1m',
    kept: `
      SELECT tenant, minute, toString(client), sum(call_count), sum(error_count)
      FROM edges_1m FINAL
      WHERE connection != '' AND call_count > 0 AND (tenant, minute) IN (${settledMinutes()})
      GROUP BY ALL`,
    recounted: `
      SELECT tenant, ${minuteOf('start_unix_nano')} AS minute, toString(service),
        count(), countIf(status = 2)
      FROM spans
      WHERE kind IN (3, 4)
        AND (trace_id, span_id) NOT IN (
          SELECT trace_id, parent_span_id FROM spans WHERE kind IN (2, 5))
        AND (tenant, minute) IN (${settledMinutes()})
      GROUP BY ALL`,
  },
  {
    // Every key that a span has.
    table: 'attribute_values',
    kept: `SELECT DISTINCT tenant, key, type FROM attribute_values WHERE owner = 'span'`,
    recounted: `SELECT DISTINCT tenant, key, type FROM (${spanAttributes()})`,
  },
  {
    // Every value of a key that has few of them, and none that no span has.
    table: 'attribute_values',
    kept: `
      SELECT DISTINCT tenant, key, type, value
      FROM attribute_values
      WHERE owner = 'span' AND value != '' AND (tenant, key, type) IN (${keysWithFewValues()})`,
    recounted: `
      SELECT DISTINCT tenant, key, type, value
      FROM (${spanAttributes()})
      WHERE value != '' AND (tenant, key, type) IN (${keysWithFewValues()})`,
  },
];

/** The bucket of a latency sketch: 16 of equal width to each power of two, and one to each nanosecond below 16. */
function bucketOf(duration: string): string {
  const power = `(length(trim(LEADING '0' FROM bin(${duration}))) - 1)`;
  const sixteenth = `bitAnd(bitShiftRight(${duration}, toUInt8(greatest(${power} - 4, 0))), 15)`;
  return `if(${duration} < 16, ${duration}, (${power} - 3) * 16 + ${sixteenth})`;
}

function minuteOf(start: string): string {
  return `toDateTime(intDiv(${start}, 60000000000) * 60, 'UTC')`;
}

/** Minutes that were computed when they and the minute after them had all the spans they have. */
function settledMinutes(): string {
  const computed = `
    SELECT toString(tenant) AS tenant, minute, argMax(span_count, pass) AS spans
    FROM edge_passes GROUP BY tenant, minute`;
  const counted = `
    SELECT toString(tenant) AS tenant, ${minuteOf('start_unix_nano')} AS minute, count() AS spans
    FROM spans GROUP BY tenant, minute`;
  const current = `SELECT tenant, minute, spans FROM (${computed}) INTERSECT SELECT tenant, minute, spans FROM (${counted})`;
  return `
    SELECT tenant, minute FROM (${current})
    WHERE (tenant, minute + 60) IN (SELECT tenant, minute FROM (${current}))`;
}

function spanAttributes(): string {
  const texts = [
    ['string', 'v'],
    ['int', 'toString(v)'],
    ['bool', 'toString(v)'],
    ['double', `''`],
    ['complex', `''`],
  ] as const;
  return texts
    .map(
      ([type, value]) => `
        SELECT tenant, toString(k) AS key, '${type}' AS type, ${value} AS value
        FROM spans ARRAY JOIN mapKeys(attr_${type}) AS k, mapValues(attr_${type}) AS v`,
    )
    .join(' UNION ALL ');
}

function keysWithFewValues(): string {
  return `
    SELECT tenant, key, type FROM (${spanAttributes()})
    GROUP BY tenant, key, type
    HAVING uniqExact(value) <= 100 AND max(length(value)) <= 128`;
}
