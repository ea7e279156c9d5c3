import type { AttributeValue, Link, SpanEvent } from '@clew/model';

/** Decodes the `events` string of one span of a `SpanBlock`: `Event` messages, each with its length in front. */
export function decodeSpanEvents(bytes: Uint8Array): SpanEvent[] {
  throw new Error(`not there yet ${bytes.length}`);
}

/** Decodes the `links` string of one span of a `SpanBlock`. Links without valid ids are left out. */
export function decodeSpanLinks(bytes: Uint8Array): Link[] {
  throw new Error(`not there yet ${bytes.length}`);
}

/** Decodes an `AnyValue` message, as `AttributeColumns.complex` holds them. */
export function decodeAnyValue(bytes: Uint8Array): AttributeValue {
  throw new Error(`not there yet ${bytes.length}`);
}
