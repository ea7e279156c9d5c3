/** What requests say of spans that share a resource and a scope, written once. */
import type { Attributes } from '@opentelemetry/api';
import { Complaints } from '../complaints.ts';
import { AttributeList } from './attribute-list.ts';
import { createBoundlessRules } from './attribute-rules.ts';
import { createRoom } from './wire-room.ts';
import { WireWriter } from './wire-writer.ts';
import { writeAttributes } from './write-attributes.ts';

export interface InstrumentationScope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
}

/** Tags, lengths and counts of either message. */
const OVERHEAD_BYTES = 64;

/** The fields of `ScopeSpans` but its spans. */
export function encodeScope({ name, version, schemaUrl }: InstrumentationScope): Uint8Array {
  const length = name.length + version.length + schemaUrl.length;
  const writer = new WireWriter(createRoom(3 * length + OVERHEAD_BYTES));
  writer.byte(0x0a);
  const start = writer.begin(length);
  if (name !== '') writeText(writer, 0x0a, name);
  if (version !== '') writeText(writer, 0x12, version);
  writer.finish(start, length);
  if (schemaUrl !== '') writeText(writer, 0x1a, schemaUrl);
  return writer.bytes.slice(0, writer.at);
}

/** The fields of `ResourceSpans` but its scopes. */
export function encodeResource(attributes: Attributes): Uint8Array {
  const list = new AttributeList(createBoundlessRules(new Complaints()));
  list.setAll(attributes);
  const length = list.maxBytes;
  const writer = new WireWriter(createRoom(length + OVERHEAD_BYTES));
  writer.byte(0x0a);
  const start = writer.begin(length);
  writeAttributes(writer, 0x0a, list);
  writer.finish(start, length);
  return writer.bytes.slice(0, writer.at);
}

function writeText(writer: WireWriter, tag: number, text: string): void {
  writer.byte(tag);
  writer.text(text);
}
