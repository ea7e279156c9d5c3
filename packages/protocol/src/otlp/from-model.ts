import { SPAN_KINDS, SPAN_STATUSES, samplingWeight, writeHex } from '@clew/model';
import type {
  Attribute,
  AttributeColumns,
  ByteColumn,
  Resource,
  Scope,
  Span,
  SpanBlock,
} from '@clew/model';
import { WireWriter } from '../wire/writer.ts';
import { writeAnyValue } from './encode-attributes.ts';
import { writeEvent, writeLink, writeResource, writeScope } from './encode-messages.ts';
import { IdentityHash } from './identity.ts';

const encoder = new TextEncoder();

/**
 * Appends `span` to `block`, and its resource and scope where the block has not got them. Equal resources get the id
 * they would have had in an OTLP request. It writes messages to hash them: decoding bytes is many times faster.
 */
export function appendSpan(block: SpanBlock, span: Span): void {
  const writer = new WireWriter();
  const resource = identifyResource(writer, span.resource);
  if (block.resources.find(resource.low, resource.high) === -1) {
    addResource(block, span.resource, resource);
  }
  const scope = identifyScope(writer, span.scope);
  if (block.scopes.find(scope.low, scope.high) === -1) addScope(block, span.scope, scope);

  pushId(block.traceIds, span.traceId, 16);
  pushId(block.spanIds, span.spanId, 8);
  pushId(block.parentSpanIds, span.parentSpanId ?? '', 8);
  block.startUnixNano.pushBigint(span.startUnixNano);
  block.durationNano.pushBigint(span.durationNano);
  block.service.pushText(span.resource.service);
  block.name.pushText(span.name);
  block.kinds.pushByte(SPAN_KINDS.indexOf(span.kind));
  block.statuses.pushByte(SPAN_STATUSES.indexOf(span.status));
  block.statusMessage.pushText(span.statusMessage);
  block.traceState.pushText(span.traceState);
  block.flags.push(span.flags);
  block.weights.push(samplingWeight(span.traceState));
  block.resourceIds.push(resource.low, resource.high);
  block.scopeIds.push(scope.low, scope.high);
  pushAttributes(block.attributes, span.attributes);
  block.droppedAttributesCounts.push(span.droppedAttributesCount);
  pushMessages(block.events, span.events, writeEvent);
  block.droppedEventsCounts.push(span.droppedEventsCount);
  pushMessages(block.links, span.links, writeLink);
  block.droppedLinksCounts.push(span.droppedLinksCount);
  block.endSpan();
}

interface Id {
  readonly low: number;
  readonly high: number;
}

function identifyResource(writer: WireWriter, resource: Resource): Id {
  writer.reset();
  writeResource(writer, resource);
  return identify(writer.bytes, resource.schemaUrl);
}

function identifyScope(writer: WireWriter, scope: Scope): Id {
  writer.reset();
  writeScope(writer, scope);
  return identify(writer.bytes, scope.schemaUrl);
}

function identify(message: Uint8Array, schemaUrl: string): Id {
  const hash = new IdentityHash();
  hash.reset();
  if (message.length > 0) hash.update(message, 0, message.length);
  const url = encoder.encode(schemaUrl);
  hash.update(url, 0, url.length);
  hash.finish();
  return hash;
}

function addResource(block: SpanBlock, resource: Resource, id: Id): void {
  const { resources } = block;
  resources.ids.push(id.low, id.high);
  resources.service.pushText(resource.service);
  resources.schemaUrl.pushText(resource.schemaUrl);
  pushAttributes(resources.attributes, resource.attributes);
  resources.attributes.endRow();
  resources.droppedAttributesCounts.push(resource.droppedAttributesCount);
}

function addScope(block: SpanBlock, scope: Scope, id: Id): void {
  const { scopes } = block;
  scopes.ids.push(id.low, id.high);
  scopes.name.pushText(scope.name);
  scopes.version.pushText(scope.version);
  scopes.schemaUrl.pushText(scope.schemaUrl);
  pushAttributes(scopes.attributes, scope.attributes);
  scopes.attributes.endRow();
  scopes.droppedAttributesCounts.push(scope.droppedAttributesCount);
}

/** `digits` may be empty: an id of zeros. */
function pushId(column: ByteColumn, digits: string, length: number): void {
  const id = new Uint8Array(length);
  writeHex(digits, id, 0);
  column.pushBytes(id, 0, length);
}

function pushAttributes(columns: AttributeColumns, attributes: readonly Attribute[]): void {
  for (const attribute of attributes) pushAttribute(columns, attribute);
}

function pushAttribute(columns: AttributeColumns, { key, value }: Attribute): void {
  switch (value.type) {
    case 'string': {
      const text = encoder.encode(value.value);
      columns.string.keys.pushText(key);
      columns.string.values.pushString(text, 0, text.length);
      break;
    }
    case 'int':
      columns.int.keys.pushText(key);
      columns.int.values.pushBigint(value.value);
      break;
    case 'double': {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value.value, true);
      columns.double.keys.pushText(key);
      columns.double.values.push(view.getUint32(0, true), view.getUint32(4, true));
      break;
    }
    case 'bool':
      columns.bool.keys.pushText(key);
      columns.bool.values.pushByte(value.value ? 1 : 0);
      break;
    case 'bytes':
    case 'array':
    case 'map':
    case 'empty': {
      const writer = new WireWriter();
      writeAnyValue(writer, value);
      columns.complex.keys.pushText(key);
      columns.complex.values.pushString(writer.bytes, 0, writer.length);
      break;
    }
  }
}

/** Pushes one string: the messages, each with its length in front. */
function pushMessages<Message>(
  column: ByteColumn,
  messages: readonly Message[],
  write: (writer: WireWriter, message: Message) => void,
): void {
  const writer = new WireWriter();
  for (const message of messages) {
    const start = writer.begin();
    write(writer, message);
    writer.end(start);
  }
  column.pushString(writer.bytes, 0, writer.length);
}
