import {
  SPAN_KINDS,
  SPAN_STATUSES,
  assert,
  durationNano,
  formatHex,
  parseSpanId,
  parseTraceId,
  unixNano,
} from '@clew/model';
import type {
  Attribute,
  AttributeColumns,
  ByteColumn,
  DictionaryColumn,
  Resource,
  Scope,
  Span,
  SpanBlock,
  SpanId,
  TraceId,
  Uint64Column,
} from '@clew/model';
import { decodeAnyValue, decodeSpanEvents, decodeSpanLinks } from './decode-messages.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads a block back as spans, in its order; spans of one resource or scope share the object. Attributes come by type
 * (strings, integers, doubles, booleans, the rest) and within a type as they were sent.
 */
export function readSpans(block: SpanBlock): Span[] {
  const resources = readResources(block);
  const scopes = readScopes(block);
  const attributes = new AttributeReader(block.attributes);
  const events = new StringReader(block.events);
  const links = new StringReader(block.links);
  const nameOf = decodeTexts(block.name);
  const statusMessageOf = decodeTexts(block.statusMessage);
  const traceStateOf = decodeTexts(block.traceState);
  const kinds = block.kinds.bytes;
  const statuses = block.statuses.bytes;
  return Array.from({ length: block.spanCount }, (_, row): Span => {
    const resource = resources.get(block.resourceIds.at(row));
    const scope = scopes.get(block.scopeIds.at(row));
    assert(resource !== undefined, `span ${row} has no resource in its block`);
    assert(scope !== undefined, `span ${row} has no scope in its block`);
    return {
      traceId: readTraceId(block, row),
      spanId: readSpanId(block, row),
      parentSpanId: parseSpanId(readId(block.parentSpanIds, row, 8)),
      traceState: traceStateOf(row),
      flags: block.flags.at(row),
      name: nameOf(row),
      kind: SPAN_KINDS[kinds[row] ?? 0] ?? 'unspecified',
      startUnixNano: unixNano(block.startUnixNano.at(row)),
      durationNano: durationNano(block.durationNano.at(row)),
      status: SPAN_STATUSES[statuses[row] ?? 0] ?? 'unset',
      statusMessage: statusMessageOf(row),
      attributes: attributes.next(),
      droppedAttributesCount: block.droppedAttributesCounts.at(row),
      events: decodeSpanEvents(events.next()),
      droppedEventsCount: block.droppedEventsCounts.at(row),
      links: decodeSpanLinks(links.next()),
      droppedLinksCount: block.droppedLinksCounts.at(row),
      resource,
      scope,
    };
  });
}

/** A row's text. */
type TextOf = (row: number) => string;

/** Decodes each distinct text of a column once. */
function decodeTexts({ dictionary, indexes }: DictionaryColumn): TextOf {
  const texts = Array.from({ length: dictionary.count }, (_, entry) => dictionary.text(entry));
  return (row) => texts[indexes.at(row)] ?? '';
}

function readResources({ resources }: SpanBlock): Map<bigint, Resource> {
  const attributes = new AttributeReader(resources.attributes);
  const byId = new Map<bigint, Resource>();
  for (let row = 0; row < resources.count; row++) {
    byId.set(resources.ids.at(row), {
      service: resources.service.text(row),
      attributes: attributes.next(),
      droppedAttributesCount: resources.droppedAttributesCounts.at(row),
      schemaUrl: resources.schemaUrl.text(row),
    });
  }
  return byId;
}

function readScopes({ scopes }: SpanBlock): Map<bigint, Scope> {
  const attributes = new AttributeReader(scopes.attributes);
  const byId = new Map<bigint, Scope>();
  for (let row = 0; row < scopes.count; row++) {
    byId.set(scopes.ids.at(row), {
      name: scopes.name.text(row),
      version: scopes.version.text(row),
      attributes: attributes.next(),
      droppedAttributesCount: scopes.droppedAttributesCounts.at(row),
      schemaUrl: scopes.schemaUrl.text(row),
    });
  }
  return byId;
}

function readTraceId(block: SpanBlock, row: number): TraceId {
  const id = parseTraceId(readId(block.traceIds, row, 16));
  assert(id !== undefined, `span ${row} of a block has no trace id`);
  return id;
}

function readSpanId(block: SpanBlock, row: number): SpanId {
  const id = parseSpanId(readId(block.spanIds, row, 8));
  assert(id !== undefined, `span ${row} of a block has no span id`);
  return id;
}

function readId(column: ByteColumn, row: number, length: number): string {
  return formatHex(column.bytes, row * length, (row + 1) * length);
}

/** Walks over a column of strings that have their length in front. */
class StringReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(column: ByteColumn) {
    this.#bytes = column.bytes;
  }

  /** A view of the next string's bytes. */
  next(): Uint8Array {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#position++] ?? 0;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }
}

/** Walks over the rows of attribute columns. */
class AttributeReader {
  readonly #columns: AttributeColumns;
  readonly #keys: Readonly<Record<'string' | 'int' | 'double' | 'bool' | 'complex', TextOf>>;
  readonly #strings: StringReader;
  readonly #complex: StringReader;
  #row = 0;

  constructor(columns: AttributeColumns) {
    this.#columns = columns;
    this.#keys = {
      string: decodeTexts(columns.string.keys),
      int: decodeTexts(columns.int.keys),
      double: decodeTexts(columns.double.keys),
      bool: decodeTexts(columns.bool.keys),
      complex: decodeTexts(columns.complex.keys),
    };
    this.#strings = new StringReader(columns.string.values);
    this.#complex = new StringReader(columns.complex.values);
  }

  /** The attributes of the next row. */
  next(): Attribute[] {
    const { string, int, double, bool, complex } = this.#columns;
    const attributes: Attribute[] = [];
    for (const entry of this.#entries(string.rowEnds)) {
      const value = decoder.decode(this.#strings.next());
      attributes.push({ key: this.#keys.string(entry), value: { type: 'string', value } });
    }
    for (const entry of this.#entries(int.rowEnds)) {
      const value = BigInt.asIntN(64, int.values.at(entry));
      attributes.push({ key: this.#keys.int(entry), value: { type: 'int', value } });
    }
    for (const entry of this.#entries(double.rowEnds)) {
      const value = readDouble(double.values, entry);
      attributes.push({ key: this.#keys.double(entry), value: { type: 'double', value } });
    }
    for (const entry of this.#entries(bool.rowEnds)) {
      const value = bool.values.bytes[entry] === 1;
      attributes.push({ key: this.#keys.bool(entry), value: { type: 'bool', value } });
    }
    for (const entry of this.#entries(complex.rowEnds)) {
      attributes.push({
        key: this.#keys.complex(entry),
        value: decodeAnyValue(this.#complex.next()),
      });
    }
    this.#row++;
    return attributes;
  }

  /** The numbers of a map's entries in the current row. */
  *#entries(rowEnds: Uint64Column): Iterable<number> {
    const end = Number(rowEnds.at(this.#row));
    const start = this.#row === 0 ? 0 : Number(rowEnds.at(this.#row - 1));
    for (let entry = start; entry < end; entry++) yield entry;
  }
}

function readDouble(values: Uint64Column, entry: number): number {
  const { bytes } = values;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(entry * 8, true);
}
