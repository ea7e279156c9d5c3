/** The messages that requests are made of, each without its own tag and length: those belong to what is around it. */
import { findAttribute } from '@clew/model';
import type { Attribute, Link, Resource, Scope, SpanEvent } from '@clew/model';
import type { WireWriter } from '../wire/writer.ts';
import { writeAttributes } from './encode-attributes.ts';
import { SERVICE_NAME, isServicePlaceholder } from './service-name.ts';

/**
 * Writes a resource. Its `service` is written as `service.name` where the attributes do not say it.
 *
 * Resource
 *   1  attributes                KeyValue  length-delimited, repeated
 *   2  dropped_attributes_count  uint32    varint
 */
export function writeResource(writer: WireWriter, resource: Resource): void {
  writeAttributes(writer, 0x0a, withServiceName(resource));
  writeCount(writer, 0x10, resource.droppedAttributesCount);
}

/**
 * InstrumentationScope
 *   1  name                      string    length-delimited
 *   2  version                   string    length-delimited
 *   3  attributes                KeyValue  length-delimited, repeated
 *   4  dropped_attributes_count  uint32    varint
 */
export function writeScope(writer: WireWriter, scope: Scope): void {
  writeText(writer, 0x0a, scope.name);
  writeText(writer, 0x12, scope.version);
  writeAttributes(writer, 0x1a, scope.attributes);
  writeCount(writer, 0x20, scope.droppedAttributesCount);
}

/**
 * Event
 *   1  time_unix_nano            fixed64   fixed64
 *   2  name                      string    length-delimited
 *   3  attributes                KeyValue  length-delimited, repeated
 *   4  dropped_attributes_count  uint32    varint
 */
export function writeEvent(writer: WireWriter, event: SpanEvent): void {
  if (event.timeUnixNano !== 0n) {
    writer.writeVarint(0x09);
    writer.writeFixed64(event.timeUnixNano);
  }
  writeText(writer, 0x12, event.name);
  writeAttributes(writer, 0x1a, event.attributes);
  writeCount(writer, 0x20, event.droppedAttributesCount);
}

/**
 * Link
 *   1  trace_id                  bytes     length-delimited
 *   2  span_id                   bytes     length-delimited
 *   3  trace_state               string    length-delimited
 *   4  attributes                KeyValue  length-delimited, repeated
 *   5  dropped_attributes_count  uint32    varint
 *   6  flags                     fixed32   fixed32
 */
export function writeLink(writer: WireWriter, link: Link): void {
  writer.writeVarint(0x0a);
  writer.writeHex(link.traceId);
  writer.writeVarint(0x12);
  writer.writeHex(link.spanId);
  writeText(writer, 0x1a, link.traceState);
  writeAttributes(writer, 0x22, link.attributes);
  writeCount(writer, 0x28, link.droppedAttributesCount);
  if (link.flags !== 0) {
    writer.writeVarint(0x35);
    writer.writeFixed32(link.flags);
  }
}

/** Writes a string field unless it is empty, which is the default. */
export function writeText(writer: WireWriter, tag: number, text: string): void {
  if (text === '') return;
  writer.writeVarint(tag);
  writer.writeText(text);
}

/** Writes a `uint32` or enum field unless it is 0, which is the default. */
export function writeCount(writer: WireWriter, tag: number, count: number): void {
  if (count === 0) return;
  writer.writeVarint(tag);
  writer.writeVarint(count);
}

/** The attributes of a resource as they are written: with its `service`, unless that only stands for a missing one. */
export function withServiceName({ service, attributes }: Resource): readonly Attribute[] {
  if (isServicePlaceholder(service) || service === '') return attributes;
  if (findAttribute(attributes, SERVICE_NAME) !== undefined) return attributes;
  return [{ key: SERVICE_NAME, value: { type: 'string', value: service } }, ...attributes];
}
