import type { ResourceColumns, ScopeColumns, SpanBlock } from '@clew/model';
import type { SetColumns, SplitBlock } from '../attribute-sets/attribute-sets.ts';
import { findCallSides } from './call-sides.ts';
import type { NativeWriter } from './native-writer.ts';
import type { BlockFiling } from './partition-time.ts';
import { encodeRest } from './span-rest.ts';
import {
  ATTRIBUTE_SET_STRUCTURE,
  RESOURCE_STRUCTURE,
  SCOPE_STRUCTURE,
  SPAN_STRUCTURE,
} from './structures.ts';

const SPAN_COLUMN_COUNT = Object.keys(SPAN_STRUCTURE).length;
const RESOURCE_COLUMN_COUNT = Object.keys(RESOURCE_STRUCTURE).length;
const SCOPE_COLUMN_COUNT = Object.keys(SCOPE_STRUCTURE).length;
const ATTRIBUTE_SET_COLUMN_COUNT = Object.keys(ATTRIBUTE_SET_STRUCTURE).length;

const PARTITION_TYPE = "DateTime('UTC')";

const encoder = new TextEncoder();

/** Where the spans of a block are filed, and which of their attributes are stored with them. */
export interface SpanPlacement extends Omit<SplitBlock, 'newSets'> {
  readonly filing: BlockFiling;
}

/**
 * Encodes the spans of a block as one Native block: what a segment holds and what the engine inserts. Mostly a copy of
 * the block's columns; only dictionary indexes are computed. Measured by the benchmark `storage/encode`.
 */
export function encodeSpans(
  writer: NativeWriter,
  block: SpanBlock,
  { filing, setIds, own }: SpanPlacement,
): void {
  const count = block.spanCount;
  const { roles, peers } = findCallSides(block);
  writer.begin(SPAN_COLUMN_COUNT, count);
  writer.constant('tenant', encoder.encode(block.tenant), count);
  writer.plain('partition_time', PARTITION_TYPE, bytesOf(filing.partitions));
  writer.plain('start_clamped', 'Bool', filing.clamped);
  writer.lowCardinality('service', block.service);
  writer.plain('start_unix_nano', 'UInt64', block.startUnixNano.bytes);
  writer.plain('duration_nano', 'UInt64', block.durationNano.bytes);
  writer.plain('trace_id', 'FixedString(16)', block.traceIds.bytes);
  writer.plain('span_id', 'FixedString(8)', block.spanIds.bytes);
  writer.plain('parent_span_id', 'FixedString(8)', block.parentSpanIds.bytes);
  writer.lowCardinality('name', block.name);
  writer.plain('kind', 'UInt8', block.kinds.bytes);
  writer.plain('status', 'UInt8', block.statuses.bytes);
  writer.lowCardinality('status_message', block.statusMessage);
  writer.plain('weight', 'Float32', bytesOf(block.weights.values));
  writer.plain('resource_id', 'UInt64', block.resourceIds.bytes);
  writer.plain('scope_id', 'UInt64', block.scopeIds.bytes);
  writer.plain('call_role', 'UInt8', roles);
  writer.lowCardinality('peer', peers);
  writer.plain('attribute_set_id', 'UInt64', bytesOf(setIds));
  const { double, bool, complex } = block.attributes;
  writer.attributes({ ...own, double, bool, complex });
  writer.plain('rest', 'String', encodeRest(block).bytes);
}

/** Encodes the resources of a block, filed under `day`. */
export function encodeResources(writer: NativeWriter, block: SpanBlock, day: number): void {
  const { resources } = block;
  writer.begin(RESOURCE_COLUMN_COUNT, resources.count);
  beginDictionary(writer, block.tenant, resources, day);
  writer.lowCardinality('service', resources.service);
  endDictionary(writer, resources);
}

/** Encodes sets of attributes, filed under `day`. */
export function encodeAttributeSets(
  writer: NativeWriter,
  tenant: string,
  { ids, attributes }: SetColumns,
  day: number,
): void {
  const count = ids.length;
  writer.begin(ATTRIBUTE_SET_COLUMN_COUNT, count);
  writer.constant('tenant', encoder.encode(tenant), count);
  writer.plain('partition_date', 'Date', bytesOf(new Uint16Array(count).fill(day)));
  writer.plain('id', 'UInt64', ids.bytes);
  writer.sharedAttributes(attributes);
}

/** Encodes the scopes of a block, filed under `day`. */
export function encodeScopes(writer: NativeWriter, block: SpanBlock, day: number): void {
  const { scopes } = block;
  writer.begin(SCOPE_COLUMN_COUNT, scopes.count);
  beginDictionary(writer, block.tenant, scopes, day);
  writer.lowCardinality('name', scopes.name);
  writer.lowCardinality('version', scopes.version);
  endDictionary(writer, scopes);
}

function beginDictionary(
  writer: NativeWriter,
  tenant: string,
  columns: ResourceColumns | ScopeColumns,
  day: number,
): void {
  writer.constant('tenant', encoder.encode(tenant), columns.count);
  writer.plain('partition_date', 'Date', bytesOf(new Uint16Array(columns.count).fill(day)));
  writer.plain('id', 'UInt64', columns.ids.bytes);
}

function endDictionary(writer: NativeWriter, columns: ResourceColumns | ScopeColumns): void {
  writer.lowCardinality('schema_url', columns.schemaUrl);
  writer.attributes(columns.attributes);
  writer.plain(
    'dropped_attributes_count',
    'UInt32',
    bytesOf(columns.droppedAttributesCounts.values),
  );
}

function bytesOf(values: Uint16Array | Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
