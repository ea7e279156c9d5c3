/**
 * The schema, as the steps that lead to it. A step is never edited once it was released: change the schema by adding
 * one at the end. Every statement can be repeated, because a crash may come between a statement and the record that
 * its step is done.
 */
import { Sql } from '../engine/sql.ts';

export interface Migration {
  readonly version: number;
  readonly description: string;
  readonly statements: readonly Sql[];
}

/**
 * What the tables of a segment's insert have in common. The window remembers the tokens of the last inserts, so that
 * one repeated after a crash completes what was missing and doubles nothing. Parts are on the disk before an insert is
 * confirmed, so that the segment may be deleted, and merged ones before those they replace are deleted, which the
 * embedded engine does at once.
 */
const SYNCED = `
  fsync_after_insert = 1,
  fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1`;
const DURABLE = `
  non_replicated_deduplication_window = 10000,${SYNCED}`;

/**
 * A partition to which nothing was added for a quarter of an hour becomes one part, if that is not larger than merges may
 * make one. Each part costs a question its own look-ups, and most partitions of a small store are of the past.
 */
const MERGED_WHEN_QUIET = `
  min_age_to_force_merge_seconds = 900,
  min_age_to_force_merge_on_partition_only = 1`;

const SHARED_ATTRIBUTES = `
  attr_string Map(LowCardinality(String), String),
  attr_int Map(LowCardinality(String), Int64)`;

const ATTRIBUTES = `${SHARED_ATTRIBUTES},
  attr_double Map(LowCardinality(String), Float64),
  attr_bool Map(LowCardinality(String), Bool),
  attr_complex Map(LowCardinality(String), String)`;

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    description: 'spans, their resources and scopes, and what is counted of them',
    statements: [
      new Sql(`CREATE TABLE IF NOT EXISTS spans (
  tenant LowCardinality(String),
  partition_time DateTime('UTC'),
  start_clamped Bool,
  service LowCardinality(String),
  start_unix_nano UInt64 CODEC(Delta, Default),
  duration_nano UInt64 CODEC(T64, Default),
  trace_id FixedString(16),
  span_id FixedString(8),
  parent_span_id FixedString(8),
  name LowCardinality(String),
  kind UInt8,
  status UInt8,
  status_message LowCardinality(String),
  weight Float32,
  resource_id UInt64,
  scope_id UInt64,
  call_role UInt8,
  peer LowCardinality(String),${ATTRIBUTES},
  rest String,
  INDEX attr_string_keys mapKeys(attr_string) TYPE bloom_filter(0.01) GRANULARITY 2,
  INDEX attr_string_values mapValues(attr_string) TYPE bloom_filter(0.002) GRANULARITY 2,
  INDEX attr_int_keys mapKeys(attr_int) TYPE bloom_filter(0.01) GRANULARITY 2,
  INDEX attr_int_values mapValues(attr_int) TYPE bloom_filter(0.01) GRANULARITY 2,
  INDEX attr_double_keys mapKeys(attr_double) TYPE bloom_filter(0.01) GRANULARITY 2,
  INDEX attr_bool_keys mapKeys(attr_bool) TYPE bloom_filter(0.01) GRANULARITY 2,
  INDEX resource_ids resource_id TYPE bloom_filter(0.01) GRANULARITY 2,
  INDEX durations duration_nano TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (partition_time, start_clamped)
ORDER BY (tenant, service, start_unix_nano)
SETTINGS index_granularity = 2048, min_compress_block_size = 8192, max_compress_block_size = 131072, string_serialization_version = 'single_stream', auto_statistics_types = '', merge_max_block_size = 65536, merge_max_block_size_bytes = 33554432, min_parts_to_merge_at_once = 16, max_bytes_to_merge_at_max_space_in_pool = 503316480, parts_to_delay_insert = 3000, parts_to_throw_insert = 10000, old_parts_lifetime = 60,${MERGED_WHEN_QUIET}, ${DURABLE}`),

      new Sql(`CREATE TABLE IF NOT EXISTS resources (
  tenant LowCardinality(String),
  partition_date Date,
  id UInt64,
  service LowCardinality(String),
  schema_url LowCardinality(String),${ATTRIBUTES},
  dropped_attributes_count UInt32
)
ENGINE = ReplacingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, id)
SETTINGS index_granularity = 1024, ${DURABLE}`),

      new Sql(`CREATE TABLE IF NOT EXISTS scopes (
  tenant LowCardinality(String),
  partition_date Date,
  id UInt64,
  name LowCardinality(String),
  version LowCardinality(String),
  schema_url LowCardinality(String),${ATTRIBUTES},
  dropped_attributes_count UInt32
)
ENGINE = ReplacingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, id)
SETTINGS index_granularity = 1024, ${DURABLE}`),

      // Of each trace what a segment brought: when, how many spans and errors of which services, and the earliest root. Who
      // reads them adds up the rows of a trace, so merges need not. A list asks for twenty traces that lie apart, so compressed
      // blocks are small: with the engine's own 64 KB that took three times as long, for a twentieth of the bytes.
      new Sql(`CREATE TABLE IF NOT EXISTS traces (
  tenant LowCardinality(String),
  partition_date Date,
  trace_id FixedString(16),
  first_start_unix_nano UInt64 CODEC(ZSTD(1)),
  last_end_unix_nano UInt64 CODEC(ZSTD(1)),
  services Tuple(Array(String), Array(UInt64), Array(UInt64)) CODEC(ZSTD(1)),
  root Tuple(UInt64, String, String) CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY partition_date
ORDER BY (tenant, trace_id)
SETTINGS index_granularity = 64, min_compress_block_size = 8192, max_compress_block_size = 65536, auto_statistics_types = '', min_parts_to_merge_at_once = 10,${MERGED_WHEN_QUIET}, ${DURABLE}`),

      // Requests, errors and durations: of each minute, service, span name, kind and status. The sketch is the weight of
      // the spans by bucket of `rollup/latency-bucket.ts`.
      new Sql(`CREATE TABLE IF NOT EXISTS red_1m (
  tenant LowCardinality(String),
  partition_date Date,
  minute DateTime('UTC') CODEC(Delta, Default),
  service LowCardinality(String),
  name LowCardinality(String),
  kind UInt8,
  status UInt8,
  span_count SimpleAggregateFunction(sum, UInt64),
  weight SimpleAggregateFunction(sum, Float64),
  duration_nano SimpleAggregateFunction(sum, UInt64),
  latency SimpleAggregateFunction(sumMap, Tuple(Array(UInt16), Array(Float64)))
)
ENGINE = AggregatingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, service, name, kind, status, minute)
SETTINGS index_granularity = 1024, ${DURABLE}`),

      // What completion offers. A key has a row without a value, and one for each of its first values of a day.
      new Sql(`CREATE TABLE IF NOT EXISTS attribute_values (
  tenant LowCardinality(String),
  partition_date Date,
  owner LowCardinality(String),
  key LowCardinality(String),
  type LowCardinality(String),
  value String
)
ENGINE = ReplacingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, owner, key, type, value)
SETTINGS index_granularity = 1024, ${DURABLE}`),

      new Sql(`CREATE TABLE IF NOT EXISTS operations (
  tenant LowCardinality(String),
  partition_date Date,
  service LowCardinality(String),
  name LowCardinality(String),
  kind UInt8,
  span_count SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, service, name, kind)
SETTINGS index_granularity = 1024, ${DURABLE}`),

      new Sql(`CREATE MATERIALIZED VIEW IF NOT EXISTS operations_view TO operations AS
SELECT tenant, partition_date, service, name, kind, sum(span_count) AS span_count
FROM red_1m
GROUP BY tenant, partition_date, service, name, kind`),

      // Who calls whom. `connection` is empty for a request between services, `messaging`, `database` or `external`. A
      // later pass replaces the rows of an earlier one: read it with FINAL, and leave out what has no calls.
      new Sql(`CREATE TABLE IF NOT EXISTS edges_1m (
  tenant LowCardinality(String),
  partition_date Date,
  minute DateTime('UTC') CODEC(Delta, Default),
  client LowCardinality(String),
  server LowCardinality(String),
  connection LowCardinality(String),
  call_count UInt64,
  weight Float64,
  error_count UInt64,
  client_duration_nano UInt64,
  server_duration_nano UInt64,
  latency Tuple(Array(UInt16), Array(Float64)),
  pass UInt64
)
ENGINE = ReplacingMergeTree(pass)
PARTITION BY partition_date
ORDER BY (tenant, minute, client, server, connection)
SETTINGS index_granularity = 1024, ${SYNCED}`),

      // How many spans a minute had when its edges were last computed.
      new Sql(`CREATE TABLE IF NOT EXISTS edge_passes (
  tenant LowCardinality(String),
  partition_date Date,
  minute DateTime('UTC') CODEC(Delta, Default),
  span_count UInt64,
  pass UInt64
)
ENGINE = ReplacingMergeTree(pass)
PARTITION BY partition_date
ORDER BY (tenant, minute)
SETTINGS index_granularity = 1024, ${SYNCED}`),
    ],
  },
  {
    version: 2,
    description: 'attributes that many spans have alike, as sets',
    statements: [
      new Sql(`CREATE TABLE IF NOT EXISTS attribute_sets (
  tenant LowCardinality(String),
  partition_date Date,
  id UInt64,${SHARED_ATTRIBUTES}
)
ENGINE = ReplacingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, id)
SETTINGS index_granularity = 1024, ${DURABLE}`),
      new Sql(`ALTER TABLE spans
  ADD COLUMN IF NOT EXISTS attribute_set_id UInt64 AFTER peer,
  ADD INDEX IF NOT EXISTS attribute_set_ids attribute_set_id TYPE bloom_filter(0.01) GRANULARITY 2 AFTER resource_ids`),
    ],
  },
  {
    version: 3,
    description: 'traces that are kept for ever',
    statements: [
      // Without a partition, so that retention has nothing of it to drop. Few and read by their ids alone.
      new Sql(`CREATE TABLE IF NOT EXISTS archived_traces (
  tenant LowCardinality(String),
  trace_id FixedString(16),
  part UInt32,
  span_count UInt32,
  archived_ms UInt64,
  spans String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(archived_ms)
ORDER BY (tenant, trace_id, part)
SETTINGS index_granularity = 16, ${DURABLE}`),
    ],
  },
  {
    version: 4,
    description: 'how many spans have each key of attributes',
    statements: [
      // By the minute that spans began in. Completion asks for the last hour at each key, so the minute comes first.
      new Sql(`CREATE TABLE IF NOT EXISTS attribute_keys_1m (
  tenant LowCardinality(String),
  partition_date Date,
  minute DateTime('UTC') CODEC(Delta, Default),
  owner LowCardinality(String),
  key LowCardinality(String),
  span_count SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY partition_date
ORDER BY (tenant, minute, owner, key)
SETTINGS index_granularity = 1024, ${DURABLE}`),
    ],
  },
];

/** Tables whose partitions are dropped when their day is too old, dependents first. */
export const PARTITIONED_TABLES: readonly string[] = [
  'traces',
  'edges_1m',
  'edge_passes',
  'red_1m',
  'attribute_values',
  'attribute_keys_1m',
  'operations',
  'spans',
  'resources',
  'scopes',
  'attribute_sets',
];
