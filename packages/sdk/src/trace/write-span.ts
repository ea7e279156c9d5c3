/** A span that has ended, as OTLP's `Span` (opentelemetry/proto/trace/v1/trace.proto). */
import { SpanStatusCode } from '@opentelemetry/api';
import {
  maxBytesOfEvent,
  maxBytesOfLink,
  remoteFlags,
  writeEvent,
  writeLink,
} from './recorded-parts.ts';
import type { RecordedLink } from './recorded-parts.ts';
import { hasParent } from './recording-span.ts';
import type { RecordingSpan } from './recording-span.ts';
import type { WireWriter } from './wire-writer.ts';
import { writeAttributes } from './write-attributes.ts';

// Without name, status message, `tracestate`, attributes, events and links.
const BARE_BYTES = 66;
const MORE_BYTES = 200;
const MAX_BARE_BYTES = 160;

/** About how many bytes `writeSpan` takes; exact for most spans without attributes and events. */
export function guessSpanBytes({ name, attributeList, firstEvent }: RecordingSpan): number {
  const isBare = attributeList === undefined && firstEvent === undefined;
  return name.length + (isBare ? BARE_BYTES : MORE_BYTES);
}

/** How many bytes `writeSpan` takes at most. */
export function maxSpanBytes(span: RecordingSpan): number {
  const { name, statusMessage, traceState, attributeList, linkList } = span;
  let sum = MAX_BARE_BYTES + 3 * (name.length + statusMessage.length);
  if (traceState !== undefined) sum += 3 * traceState.serialize().length;
  if (attributeList !== undefined) sum += attributeList.maxBytes;
  for (let event = span.firstEvent; event !== undefined; event = event.next) {
    sum += maxBytesOfEvent(event);
  }
  if (linkList !== undefined) for (const link of linkList) sum += maxBytesOfLink(link);
  return sum;
}

/** Field by field, in their order. */
export function writeSpan(writer: WireWriter, span: RecordingSpan): void {
  writeIds(writer, span);
  writer.byte(NAME);
  writer.text(span.name);
  writer.byte(KIND);
  // OpenTelemetry's API counts the kinds from "internal", OTLP from "unspecified".
  writer.byte(span.kind + 1);
  writer.byte(START_TIME);
  writer.unixNano(span.startSeconds, span.startNanoseconds);
  writer.byte(END_TIME);
  writer.unixNano(span.endSeconds, span.endNanoseconds);
  const { attributeList, linkList } = span;
  if (attributeList !== undefined) {
    writeAttributes(writer, ATTRIBUTES, attributeList);
    writeCount(writer, DROPPED_ATTRIBUTES, attributeList.droppedCount);
  }
  if (span.firstEvent !== undefined) writeEvents(writer, span);
  if (linkList !== undefined) writeLinks(writer, linkList, span.droppedLinksCount);
  if (span.statusCode !== SpanStatusCode.UNSET) writeStatus(writer, span);
  writer.byte(FLAGS);
  writer.byte(FLAGS_2);
  writer.fixed32(span.traceFlags | remoteFlags(span.hasRemoteParent));
}

function writeIds(writer: WireWriter, span: RecordingSpan): void {
  const { trace, traceState } = span;
  writer.byte(TRACE_ID);
  writer.byte(16);
  writer.word(trace.word0);
  writer.word(trace.word1);
  writer.word(trace.word2);
  writer.word(trace.word3);
  writer.byte(SPAN_ID);
  writer.byte(8);
  writer.word(span.spanWord0);
  writer.word(span.spanWord1);
  if (traceState !== undefined) {
    writer.byte(TRACE_STATE);
    writer.text(traceState.serialize());
  }
  if (!hasParent(span)) return;
  writer.byte(PARENT_SPAN_ID);
  writer.byte(8);
  writer.word(span.parentWord0);
  writer.word(span.parentWord1);
}

function writeEvents(writer: WireWriter, span: RecordingSpan): void {
  for (let event = span.firstEvent; event !== undefined; event = event.next) {
    writer.byte(EVENTS);
    writeEvent(writer, event);
  }
  writeCount(writer, DROPPED_EVENTS, span.droppedEventsCount);
}

function writeLinks(writer: WireWriter, links: readonly RecordedLink[], dropped: number): void {
  for (const link of links) {
    writer.byte(LINKS);
    writeLink(writer, link);
  }
  writeCount(writer, DROPPED_LINKS, dropped);
}

function writeStatus(writer: WireWriter, { statusCode, statusMessage }: RecordingSpan): void {
  writer.byte(STATUS);
  const guess = statusMessage.length + 4;
  const start = writer.begin(guess);
  if (statusMessage !== '') {
    writer.byte(STATUS_MESSAGE);
    writer.text(statusMessage);
  }
  writer.byte(STATUS_CODE);
  writer.byte(statusCode);
  writer.finish(start, guess);
}

function writeCount(writer: WireWriter, tag: number, count: number): void {
  if (count === 0) return;
  writer.byte(tag);
  writer.varint(count);
}

// Tags of `Span` and `Status`: field number << 3 | wire type.
const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const TRACE_STATE = 0x1a;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const KIND = 0x30;
const START_TIME = 0x39;
const END_TIME = 0x41;
const ATTRIBUTES = 0x4a;
const DROPPED_ATTRIBUTES = 0x50;
const EVENTS = 0x5a;
const DROPPED_EVENTS = 0x60;
const LINKS = 0x6a;
const DROPPED_LINKS = 0x70;
const STATUS = 0x7a;
const STATUS_MESSAGE = 0x12;
const STATUS_CODE = 0x18;
/** The tag of field 16 takes two bytes. */
const FLAGS = 0x85;
const FLAGS_2 = 0x01;
