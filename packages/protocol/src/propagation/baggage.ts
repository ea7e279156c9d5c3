import { decodePercent, encodePercent } from './percent.ts';
import { trimBlanks } from './trim-blanks.ts';

/** One entry of the `baggage` header. */
export interface BaggageMember {
  /** An HTTP token. */
  readonly key: string;
  /** Any text. */
  readonly value: string;
  /** The properties after the value as they are written, such as `ttl=5;secret`; empty when there are none. */
  readonly metadata: string;
}

const MAX_MEMBERS = 180;
const MAX_CHARACTERS = 8192;
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const METADATA = /^[\t\x20-\x2b\x2d-\x7e]*$/;

/**
 * Reads a `baggage` header, several of them joined by commas (W3C Baggage). Malformed members are left out. So is what is beyond
 * 180 members or 8192 bytes of the header, whole members from the end. Of a key given twice the last value counts.
 */
export function parseBaggage(header: string): readonly BaggageMember[] {
  const members = new Map<string, BaggageMember>();
  let start = 0;
  while (start < header.length && members.size < MAX_MEMBERS) {
    const comma = header.indexOf(',', start);
    const end = comma < 0 ? header.length : comma;
    if (end > MAX_CHARACTERS) break;
    const member = parseMember(header.slice(start, end));
    if (member !== undefined) members.set(member.key, member);
    start = end + 1;
  }
  return [...members.values()];
}

/**
 * Writes a `baggage` header of at most 180 members and 8192 bytes; a member that does not fit, or whose key is no token, is left
 * out. Properties that would break the header are left out as well.
 */
export function formatBaggage(members: Iterable<BaggageMember>): string {
  const texts: string[] = [];
  let length = 0;
  for (const member of members) {
    if (texts.length === MAX_MEMBERS) break;
    const text = formatMember(member);
    if (text === '' || length + text.length > MAX_CHARACTERS) continue;
    texts.push(text);
    length += text.length + 1;
  }
  return texts.join(',');
}

function parseMember(text: string): BaggageMember | undefined {
  const semicolon = text.indexOf(';');
  const pair = semicolon < 0 ? text : text.slice(0, semicolon);
  const metadata = semicolon < 0 ? '' : trimBlanks(text.slice(semicolon + 1));
  const separator = pair.indexOf('=');
  const key = trimBlanks(pair.slice(0, Math.max(separator, 0)));
  const value = trimBlanks(pair.slice(separator + 1));
  if (!TOKEN.test(key) || !VALUE.test(value) || !METADATA.test(metadata)) return undefined;
  return { key, value: decodePercent(value), metadata };
}

function formatMember({ key, value, metadata }: BaggageMember): string {
  // Encoding makes a value longer, never shorter: one that is too long is not worth the work.
  if (key.length + value.length + metadata.length > MAX_CHARACTERS || !TOKEN.test(key)) return '';
  const properties = metadata !== '' && METADATA.test(metadata) ? `;${metadata}` : '';
  return `${key}=${encodePercent(value)}${properties}`;
}
