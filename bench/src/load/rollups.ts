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
export const SOURCES: readonly string[] = ['spans', 'resources', 'scopes', 'schema_migrations'];

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
];
