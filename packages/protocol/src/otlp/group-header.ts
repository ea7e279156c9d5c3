import type { WireReader } from '../wire/reader.ts';
import type { IdentityHash } from './identity.ts';

/**
 * What describes the members of a `ResourceSpans` or a `ScopeSpans`. Its parts may stand in any order and after the
 * members, so they are looked for before the members are read; that touches a byte or two of each member.
 */
export interface GroupHeader {
  /** Where each `Resource` or `InstrumentationScope` begins and ends, in turn. Several of them are merged. */
  readonly messages: number[];
  schemaUrlStart: number;
  schemaUrlEnd: number;
  hasMembers: boolean;
}

/**
 * Finds the header of a group and goes back to its beginning. The two kinds of group number their parts alike.
 *
 * ResourceSpans, ScopeSpans
 *   1  resource, scope     message  length-delimited
 *   2  scope_spans, spans  message  length-delimited, repeated
 *   3  schema_url          string   length-delimited
 */
export function findGroupHeader(reader: WireReader, end: number): GroupHeader {
  const start = reader.position;
  const header: GroupHeader = {
    messages: [],
    schemaUrlStart: start,
    schemaUrlEnd: start,
    hasMembers: false,
  };
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x12) {
      header.hasMembers = true;
      reader.position = reader.readEnd(end);
    } else if (tag === 0x0a) {
      const messageEnd = reader.readEnd(end);
      header.messages.push(reader.position, messageEnd);
      reader.position = messageEnd;
    } else if (tag === 0x1a) {
      header.schemaUrlEnd = reader.readEnd(end);
      header.schemaUrlStart = reader.position;
      reader.position = header.schemaUrlEnd;
    } else reader.skipUnknown(tag, end, 3);
  }
  reader.position = start;
  return header;
}

/** Computes the id of what the header describes; an empty message is the same as none. */
export function hashGroupHeader(hash: IdentityHash, bytes: Uint8Array, header: GroupHeader): void {
  hash.reset();
  for (let i = 0; i < header.messages.length; i += 2) {
    const start = header.messages[i] ?? 0;
    const end = header.messages[i + 1] ?? 0;
    if (end > start) hash.update(bytes, start, end);
  }
  hash.update(bytes, header.schemaUrlStart, header.schemaUrlEnd);
  hash.finish();
}
