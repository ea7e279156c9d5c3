/**
 * The columns of the four kinds of segment file, with their types, in the order the encoders write them: the one place
 * that both the encoders and the statements that read segments go by. A segment may be read by a later version of Clew,
 * so a change here is a new `SEGMENT_VERSION` (see `block-check.ts`) and the old structure stays readable.
 */

export type Structure = Readonly<Record<string, string>>;

const SHARED_ATTRIBUTE_STRUCTURE: Structure = {
  attr_string: 'Map(LowCardinality(String), String)',
  attr_int: 'Map(LowCardinality(String), Int64)',
};

const ATTRIBUTE_STRUCTURE: Structure = {
  ...SHARED_ATTRIBUTE_STRUCTURE,
  attr_double: 'Map(LowCardinality(String), Float64)',
  attr_bool: 'Map(LowCardinality(String), Bool)',
  attr_complex: 'Map(LowCardinality(String), String)',
};

export const SPAN_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_time: "DateTime('UTC')",
  start_clamped: 'Bool',
  service: 'LowCardinality(String)',
  start_unix_nano: 'UInt64',
  duration_nano: 'UInt64',
  trace_id: 'FixedString(16)',
  span_id: 'FixedString(8)',
  parent_span_id: 'FixedString(8)',
  name: 'LowCardinality(String)',
  kind: 'UInt8',
  status: 'UInt8',
  status_message: 'LowCardinality(String)',
  weight: 'Float32',
  resource_id: 'UInt64',
  scope_id: 'UInt64',
  call_role: 'UInt8',
  peer: 'LowCardinality(String)',
  attribute_set_id: 'UInt64',
  ...ATTRIBUTE_STRUCTURE,
  rest: 'String',
};

export const RESOURCE_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  id: 'UInt64',
  service: 'LowCardinality(String)',
  schema_url: 'LowCardinality(String)',
  ...ATTRIBUTE_STRUCTURE,
  dropped_attributes_count: 'UInt32',
};

export const SCOPE_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  id: 'UInt64',
  name: 'LowCardinality(String)',
  version: 'LowCardinality(String)',
  schema_url: 'LowCardinality(String)',
  ...ATTRIBUTE_STRUCTURE,
  dropped_attributes_count: 'UInt32',
};

export const ATTRIBUTE_SET_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  id: 'UInt64',
  ...SHARED_ATTRIBUTE_STRUCTURE,
};

/** Rows of rollups: see `rollup/`. Their files live only from the sealing of a segment to its insert. */
export const TRACE_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  trace_id: 'FixedString(16)',
  first_start_unix_nano: 'UInt64',
  last_end_unix_nano: 'UInt64',
  services: 'Tuple(Array(String), Array(UInt64), Array(UInt64))',
  root: 'Tuple(UInt64, String, String)',
};

export const RED_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  minute: 'DateTime',
  service: 'String',
  name: 'String',
  kind: 'UInt8',
  status: 'UInt8',
  span_count: 'UInt64',
  weight: 'Float64',
  duration_nano: 'UInt64',
  latency: 'Tuple(Array(UInt16), Array(Float64))',
};

export const ATTRIBUTE_VALUE_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  owner: 'String',
  key: 'String',
  type: 'String',
  value: 'String',
};

export const ATTRIBUTE_KEY_STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  partition_date: 'Date',
  minute: 'DateTime',
  owner: 'String',
  key: 'String',
  span_count: 'UInt64',
};
