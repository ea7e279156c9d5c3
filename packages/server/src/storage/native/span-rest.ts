/**
 * What of a span is shown and never searched, in one column: flags, dropped counts, trace state, events and links. As
 * columns of their own they cost each insert, merge and look at a trace seven times the work for values that most spans
 * have not got: 1 µs of CPU a span and a sixth of the time to read a trace (docs/adr/0010-settled-schema.md).
 *
 *     flags                       LEB128
 *     dropped attributes, events, links   LEB128 each
 *     trace state                 its length, LEB128, and UTF-8
 *     events, links               their length, LEB128, and OTLP messages, each with its length in front
 *
 * What comes after the last field that says anything is left out, so most spans have a byte or two.
 */
import { ByteColumn } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import { StringCursor } from './string-cursor.ts';

export interface SpanRest {
  readonly flags: number;
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
  readonly traceState: string;
  readonly events: Uint8Array;
  readonly links: Uint8Array;
}

/** The column of a block: a string a span. */
export function encodeRest(block: SpanBlock): ByteColumn {
  const out = new ByteColumn(block.spanCount * 4);
  const rest = new ByteColumn(1 << 10);
  const flags = block.flags.values;
  const droppedAttributes = block.droppedAttributesCounts.values;
  const droppedEvents = block.droppedEventsCounts.values;
  const droppedLinks = block.droppedLinksCounts.values;
  const traceStates = block.traceState.indexes.values;
  const events = new StringCursor(block.events.bytes);
  const links = new StringCursor(block.links.bytes);
  for (let row = 0; row < block.spanCount; row++) {
    events.next();
    links.next();
    rest.truncate(0);
    const traceState = traceStates[row] ?? 0;
    const counts =
      (droppedAttributes[row] ?? 0) + (droppedEvents[row] ?? 0) + (droppedLinks[row] ?? 0);
    const isLong =
      traceState !== 0 || counts !== 0 || events.end > events.start || links.end > links.start;
    if (isLong || flags[row] !== 0) rest.pushLength(flags[row] ?? 0);
    if (isLong) {
      rest.pushLength(droppedAttributes[row] ?? 0);
      rest.pushLength(droppedEvents[row] ?? 0);
      rest.pushLength(droppedLinks[row] ?? 0);
      block.traceState.dictionary.writeEntryTo(rest, traceState);
      rest.pushString(events.bytes, events.start, events.end);
      rest.pushString(links.bytes, links.start, links.end);
    }
    out.pushColumn(rest);
  }
  return out;
}

/** Throws `DecodeError` when the bytes are none that `encodeRest` made. */
export function decodeRest(bytes: Uint8Array): SpanRest {
  const cursor = new StringCursor(bytes);
  return {
    flags: cursor.number(),
    droppedAttributesCount: cursor.number(),
    droppedEventsCount: cursor.number(),
    droppedLinksCount: cursor.number(),
    traceState: decoder.decode(cursor.string()),
    events: cursor.string(),
    links: cursor.string(),
  };
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
