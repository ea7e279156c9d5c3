import { trimBlanks } from './trim-blanks.ts';

/** One vendor's entry in the `tracestate` header. */
export interface TraceStateMember {
  readonly key: string;
  readonly value: string;
}

const MAX_MEMBERS = 32;
/** Of a header to be read: as many members as there may be, each with the longest key and value. Blanks are not counted on. */
const MAX_READ_CHARACTERS = MAX_MEMBERS * (256 + 1 + 256 + 1) - 1;
const MAX_CHARACTERS = 512;
const LONG_MEMBER_CHARACTERS = 128;
const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads a `tracestate` header, several of them joined by commas (W3C Trace Context Level 2, section 3.3). One malformed
 * or repeated member, more than 32, or more characters than 32 can have, make the whole header worthless: then the list is empty.
 */
export function parseTracestate(header: string): readonly TraceStateMember[] {
  if (header.length > MAX_READ_CHARACTERS) return [];
  const members: TraceStateMember[] = [];
  const keys = new Set<string>();
  for (const part of header.split(',')) {
    const text = trimBlanks(part);
    if (text === '') continue;
    const separator = text.indexOf('=');
    const key = text.slice(0, Math.max(separator, 0));
    const value = text.slice(separator + 1);
    if (!KEY.test(key) || !VALUE.test(value) || keys.has(key)) return [];
    keys.add(key);
    members.push({ key, value });
    if (members.length > MAX_MEMBERS) return [];
  }
  return members;
}

/**
 * Writes a `tracestate` header of at most 512 characters: what is too long loses whole members, those above 128
 * characters first, then from the end (section 3.3.1.5).
 */
export function formatTracestate(members: readonly TraceStateMember[]): string {
  const texts = members.slice(0, MAX_MEMBERS).map(({ key, value }) => `${key}=${value}`);
  let length = texts.reduce((sum, text) => sum + text.length + 1, -1);
  for (const longOnly of [true, false]) {
    for (let i = texts.length - 1; i >= 0 && length > MAX_CHARACTERS; i--) {
      const text = texts[i] ?? '';
      if (longOnly && text.length <= LONG_MEMBER_CHARACTERS) continue;
      texts.splice(i, 1);
      length -= text.length + 1;
    }
  }
  return texts.join(',');
}
