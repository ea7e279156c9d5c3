/** Rows of `spans`, `resources` and `scopes` as the model has them: the one place where column names meet fields. */
import {
  SPAN_KINDS,
  SPAN_STATUSES,
  isCancellationEvent,
  isCancellationMessage,
  isErrorEvent,
} from '@clew/model';
import type {
  Attribute,
  DurationNano,
  Resource,
  Scope,
  Span,
  SpanId,
  TraceId,
  UnixNano,
} from '@clew/model';
import {
  decodeAnyValue,
  decodeSpanEventMarks,
  decodeSpanEvents,
  decodeSpanLinks,
} from '@clew/protocol';
import { decodeRest } from '../native/span-rest.ts';
import type { ColumnarRows } from './columnar-rows.ts';
import type { RowBinaryReader } from './engine/row-binary-reader.ts';

const SHARED_ATTRIBUTE_COLUMNS = 'attr_string, attr_int';
const ATTRIBUTE_COLUMNS = `${SHARED_ATTRIBUTE_COLUMNS}, attr_double, attr_bool, attr_complex`;

/** What `readSpanRow` reads, in order. */
export const SPAN_ROW_COLUMNS: string =
  'span_id, parent_span_id, name, kind, start_unix_nano, duration_nano, status, status_message, ' +
  `${ATTRIBUTE_COLUMNS}, rest, service, resource_id, scope_id, attribute_set_id`;

/** A span whose resource and scope are still to be looked up, and with them what it shares with other spans. */
export interface SpanRow {
  readonly span: IncompleteSpan;
  readonly service: string;
  readonly resourceId: bigint;
  readonly scopeId: bigint;
  /** 0 where all attributes are the span's own. */
  readonly attributeSetId: bigint;
}

/** Has the fields of a span from the start, since objects that grow cost as much again. */
export interface IncompleteSpan extends Omit<Span, 'attributes' | 'resource' | 'scope'> {
  /** Without those of its set. */
  attributes: readonly Attribute[];
  resource: Resource;
  scope: Scope;
}

/** Stand in where they are not known: not yet, or not any more. */
export const UNKNOWN_SCOPE: Scope = {
  name: '',
  version: '',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};
const UNKNOWN_RESOURCE: Resource = {
  service: '',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

/** Reads a row of the trace that was asked for. */
export function readSpanRow(reader: RowBinaryReader, traceId: TraceId): SpanRow {
  const spanId = reader.hex(8) as SpanId;
  const parentSpanId = reader.hex(8);
  const name = reader.repeatedText();
  const kind = SPAN_KINDS[reader.uint8()] ?? 'unspecified';
  const startUnixNano = reader.uint64() as UnixNano;
  const durationNano = reader.uint64() as DurationNano;
  const status = SPAN_STATUSES[reader.uint8()] ?? 'unset';
  const statusMessage = reader.repeatedText();
  const attributes = readAttributes(reader);
  const rest = decodeRest(reader.bytes());
  return {
    span: {
      traceId,
      spanId,
      parentSpanId: parentSpanId === NO_PARENT ? undefined : (parentSpanId as SpanId),
      traceState: rest.traceState,
      flags: rest.flags,
      name,
      kind,
      startUnixNano,
      durationNano,
      status,
      statusMessage,
      attributes,
      droppedAttributesCount: rest.droppedAttributesCount,
      events: decodeOrNone(rest.events, decodeSpanEvents),
      droppedEventsCount: rest.droppedEventsCount,
      links: decodeOrNone(rest.links, decodeSpanLinks),
      droppedLinksCount: rest.droppedLinksCount,
      resource: UNKNOWN_RESOURCE,
      scope: UNKNOWN_SCOPE,
    },
    service: reader.repeatedText(),
    resourceId: reader.uint64(),
    scopeId: reader.uint64(),
    attributeSetId: reader.uint64(),
  };
}

/** What of a lean span is read only where it is asked for: of twenty traces, each of these columns took a third of a millisecond. */
const LEAN_DETAILS = ['parent_span_id', 'name', 'status', 'status_message'] as const;
export type LeanDetail = (typeof LEAN_DETAILS)[number];

/** What `readLeanRow` reads, in order. */
export function leanRowColumns(details: ReadonlySet<LeanDetail>): string {
  const asked = LEAN_DETAILS.filter((column) => details.has(column));
  return ['span_id', 'kind', 'start_unix_nano', 'duration_nano', 'service', ...asked].join(', ');
}

/** A span without what takes long to read, but for its service; and which of the filters it meets. */
export interface LeanRow {
  readonly span: IncompleteSpan & { met: number };
  readonly service: string;
}

/** Reads a row, but for the filters. What was not asked for is as if the span had none. */
export function readLeanRow(
  reader: RowBinaryReader,
  traceId: TraceId,
  details: ReadonlySet<LeanDetail>,
): LeanRow {
  const spanId = reader.hex(8) as SpanId;
  const kind = SPAN_KINDS[reader.uint8()] ?? 'unspecified';
  const startUnixNano = reader.uint64() as UnixNano;
  const durationNano = reader.uint64() as DurationNano;
  const service = reader.repeatedText();
  const parentSpanId = details.has('parent_span_id') ? reader.hex(8) : NO_PARENT;
  return {
    span: {
      traceId,
      spanId,
      parentSpanId: parentSpanId === NO_PARENT ? undefined : (parentSpanId as SpanId),
      traceState: '',
      flags: 0,
      name: details.has('name') ? reader.repeatedText() : '',
      kind,
      startUnixNano,
      durationNano,
      status: (details.has('status') ? SPAN_STATUSES[reader.uint8()] : undefined) ?? 'unset',
      statusMessage: details.has('status_message') ? reader.repeatedText() : '',
      attributes: [],
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      resource: UNKNOWN_RESOURCE,
      scope: UNKNOWN_SCOPE,
      met: 0,
    },
    service,
  };
}

/** What `readColumnarRow` reads, in order. */
export const COLUMNAR_ROW_COLUMNS: string =
  'span_id, parent_span_id, start_unix_nano, duration_nano, kind, status, status_message, service, name, ' +
  // The sizes that maps are stored with: of their lengths, the engine would compute them after it has sorted whole maps.
  'toUInt32(attr_string.size0 + attr_int.size0 + attr_double.size0 + attr_bool.size0 + attr_complex.size0), ' +
  'attribute_set_id, rest';

/**
 * Adds a row to columns: nothing is made for it, unless it has events or links, because a trace may have millions of rows. What a
 * span's own attributes say of a cancellation is not read, for a map takes as long as all other columns: the keys that
 * say it are those of sets, which are looked up for all rows together.
 */
export function readColumnarRow(reader: RowBinaryReader, rows: ColumnarRows): void {
  rows.spanIds.push(reader.uint32(), reader.uint32());
  rows.parentSpanIds.push(reader.uint32(), reader.uint32());
  rows.starts.push(reader.uint32(), reader.uint32());
  rows.durations.push(reader.uint32(), reader.uint32());
  rows.kinds.pushByte(reader.uint8());
  const status = reader.uint8();
  rows.statuses.pushByte(status);
  const message = reader.repeatedText();
  rows.serviceIndexes.push(rows.services.numberOf(reader.repeatedText()));
  rows.nameIndexes.push(rows.names.numberOf(reader.repeatedText()));
  rows.attributeCounts.push(reader.uint32());
  rows.setNumbers.push(rows.sets.numberOf(reader.uint32(), reader.uint32()));
  const rest = reader.bytes();
  let isCancelled = status === FAILED && isCancellationMessage(message);
  // Most spans have neither events nor links.
  if (rest.length < SHORTEST_DETAILS) rows.endRow(0);
  else isCancelled = readColumnarDetails(rest, rows) || isCancelled;
  rows.cancelled.pushByte(isCancelled && status !== OK ? 1 : 0);
}

const OK = SPAN_STATUSES.indexOf('ok');
const FAILED = SPAN_STATUSES.indexOf('error');

/** Flags, three counts, the trace state's length, and an event or a link (`native/span-rest.ts`). */
const SHORTEST_DETAILS = 7;

/** Gives whether an exception says that the span was cancelled. */
function readColumnarDetails(bytes: Uint8Array, rows: ColumnarRows): boolean {
  const { events, links } = decodeRest(bytes);
  const marks = decodeOrNone(events, decodeSpanEventMarks);
  for (const { timeUnixNano, name } of marks) {
    rows.eventTimes.pushBigint(timeUnixNano);
    rows.eventNameIndexes.push(rows.eventNames.numberOf(name));
  }
  rows.endRow(decodeOrNone(links, decodeSpanLinks).length);
  return marks.some(isErrorEvent) && decodeSpanEvents(events).some(isCancellationEvent);
}

/** Most spans have no events and no links. */
function decodeOrNone<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T[]): readonly T[] {
  return bytes.length === 0 ? [] : decode(bytes);
}

const NO_PARENT = '0000000000000000';

/** What `readResourceRow` reads, in order. */
export const RESOURCE_ROW_COLUMNS: string = `id, service, schema_url, ${ATTRIBUTE_COLUMNS}, dropped_attributes_count`;

export function readResourceRow(reader: RowBinaryReader): readonly [bigint, Resource] {
  const id = reader.uint64();
  return [
    id,
    {
      service: reader.text(),
      schemaUrl: reader.text(),
      attributes: readAttributes(reader),
      droppedAttributesCount: reader.uint32(),
    },
  ];
}

/** What `readScopeRow` reads, in order. */
export const SCOPE_ROW_COLUMNS: string = `id, name, version, schema_url, ${ATTRIBUTE_COLUMNS}, dropped_attributes_count`;

export function readScopeRow(reader: RowBinaryReader): readonly [bigint, Scope] {
  const id = reader.uint64();
  return [
    id,
    {
      name: reader.text(),
      version: reader.text(),
      schemaUrl: reader.text(),
      attributes: readAttributes(reader),
      droppedAttributesCount: reader.uint32(),
    },
  ];
}

/** What `readAttributeSetRow` reads, in order. */
export const ATTRIBUTE_SET_ROW_COLUMNS: string = `id, ${SHARED_ATTRIBUTE_COLUMNS}`;

export function readAttributeSetRow(
  reader: RowBinaryReader,
): readonly [bigint, readonly Attribute[]] {
  return [reader.uint64(), readSharedAttributes(reader)];
}

/** The two maps of a set, one after the other. */
function readSharedAttributes(reader: RowBinaryReader): Attribute[] {
  const attributes: Attribute[] = [];
  for (let n = reader.length(); n > 0; n--) {
    attributes.push({
      key: reader.repeatedText(),
      value: { type: 'string', value: reader.text() },
    });
  }
  for (let n = reader.length(); n > 0; n--) {
    attributes.push({ key: reader.repeatedText(), value: { type: 'int', value: reader.int64() } });
  }
  return attributes;
}

/** The five maps, one after the other. */
function readAttributes(reader: RowBinaryReader): readonly Attribute[] {
  const attributes = readSharedAttributes(reader);
  for (let n = reader.length(); n > 0; n--) {
    attributes.push({
      key: reader.repeatedText(),
      value: { type: 'double', value: reader.float64() },
    });
  }
  for (let n = reader.length(); n > 0; n--) {
    attributes.push({
      key: reader.repeatedText(),
      value: { type: 'bool', value: reader.uint8() !== 0 },
    });
  }
  for (let n = reader.length(); n > 0; n--) {
    attributes.push({ key: reader.repeatedText(), value: decodeAnyValue(reader.bytes()) });
  }
  return attributes;
}
