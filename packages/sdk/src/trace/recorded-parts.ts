/** The parts of a span that are messages of their own (opentelemetry/proto/trace/v1/trace.proto). */
import type { SpanContext } from '@opentelemetry/api';
import type { AttributeList } from './attribute-list.ts';
import { wordAt } from './trace-bits.ts';
import type { UnixTime } from './time-input.ts';
import type { WireWriter } from './wire-writer.ts';
import { writeAttributes } from './write-attributes.ts';

export interface RecordedEvent extends UnixTime {
  readonly name: string;
  readonly attributes: AttributeList;
  /** The one after it in its span. */
  next: RecordedEvent | undefined;
}

export interface RecordedLink {
  readonly context: SpanContext;
  readonly traceState: string;
  readonly attributes: AttributeList;
}

/** Without texts and attributes. */
const EVENT_BYTES = 32;
const LINK_BYTES = 64;
/** Tags, lengths and the time of an event. */
const EVENT_GUESS = 13;

export function maxBytesOfEvent({ name, attributes }: RecordedEvent): number {
  return EVENT_BYTES + name.length * 3 + attributes.maxBytes;
}

export function maxBytesOfLink({ traceState, attributes }: RecordedLink): number {
  return LINK_BYTES + traceState.length * 3 + attributes.maxBytes;
}

/** An `Event`, with its length in front. */
export function writeEvent(writer: WireWriter, event: RecordedEvent): void {
  const guess = EVENT_GUESS + event.name.length + event.attributes.guessBytes();
  const start = writer.begin(guess);
  writer.byte(0x09);
  writer.unixNano(event.seconds, event.nanoseconds);
  writer.byte(0x12);
  writer.text(event.name);
  writeAttributes(writer, 0x1a, event.attributes);
  if (event.attributes.droppedCount > 0) {
    writer.byte(0x20);
    writer.varint(event.attributes.droppedCount);
  }
  writer.finish(start, guess);
}

/** A `Link`, with its length in front. */
export function writeLink(writer: WireWriter, link: RecordedLink): void {
  const { traceId, spanId, traceFlags, isRemote } = link.context;
  const start = writer.begin(0);
  writer.byte(0x0a);
  writer.byte(16);
  for (let at = 0; at < 32; at += 8) writer.word(wordAt(traceId, at));
  writer.byte(0x12);
  writer.byte(8);
  for (let at = 0; at < 16; at += 8) writer.word(wordAt(spanId, at));
  if (link.traceState !== '') {
    writer.byte(0x1a);
    writer.text(link.traceState);
  }
  writeAttributes(writer, 0x22, link.attributes);
  if (link.attributes.droppedCount > 0) {
    writer.byte(0x28);
    writer.varint(link.attributes.droppedCount);
  }
  writer.byte(0x35);
  writer.fixed32(traceFlags | remoteFlags(isRemote === true));
  writer.finish(start, 0);
}

/** OTLP's span flags 8 and 9: "it is known whether the parent is remote" and "it is". */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

export function remoteFlags(isRemote: boolean): number {
  return isRemote ? HAS_IS_REMOTE | IS_REMOTE : HAS_IS_REMOTE;
}
