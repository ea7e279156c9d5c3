/** One entry of the `baggage` header. */
export interface BaggageMember {
  readonly key: string;
  readonly value: string;
  /** What follows the value, as it came: `ttl=30;secret`. Empty when there is none. */
  readonly metadata: string;
}

const MAX_MEMBERS = 180;
const MAX_MEMBER_CHARACTERS = 4096;
const MAX_CHARACTERS = 8192;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Reads a `baggage` header, several of them joined by commas (W3C Baggage, section 3.3). A member that is malformed is left out,
 * and so is what is beyond 180 members or 8192 characters; of two with one key the later counts.
 */
export function parseBaggage(header: string): readonly BaggageMember[] {
  const members = new Map<string, BaggageMember>();
  let characters = 0;
  for (const part of header.split(',')) {
    characters += part.length + 1;
    if (characters > MAX_CHARACTERS + 1 || members.size >= MAX_MEMBERS) break;
    const member = part.length > MAX_MEMBER_CHARACTERS ? undefined : parseMember(part);
    if (member !== undefined) members.set(member.key, member);
  }
  return [...members.values()];
}

/** Writes as many members as the limits let; one whose key is no token, or whose value is no text, is left out. */
export function formatBaggage(members: readonly BaggageMember[]): string {
  const texts: string[] = [];
  let characters = 0;
  for (const member of members) {
    const text = formatMember(member);
    if (text === undefined || text.length > MAX_MEMBER_CHARACTERS) continue;
    if (texts.length === MAX_MEMBERS || characters + text.length > MAX_CHARACTERS) break;
    texts.push(text);
    characters += text.length + 1;
  }
  return texts.join(',');
}

function parseMember(text: string): BaggageMember | undefined {
  const [pair = '', ...properties] = text.split(';');
  const separator = pair.indexOf('=');
  if (separator < 0) return undefined;
  const key = pair.slice(0, separator).trim();
  const value = convert(decodeURIComponent, pair.slice(separator + 1).trim());
  if (!TOKEN.test(key) || value === undefined) return undefined;
  return { key, value, metadata: properties.join(';').trim() };
}

function formatMember({ key, value, metadata }: BaggageMember): string | undefined {
  // What is not printable ASCII, or separates members, would break the header.
  const encoded = convert(encodeURIComponent, value);
  if (!TOKEN.test(key) || encoded === undefined) return undefined;
  if (!/^[\x20-\x2b\x2d-\x7e]*$/.test(metadata)) return undefined;
  const pair = `${key}=${encoded}`;
  return metadata === '' ? pair : `${pair};${metadata}`;
}

function convert(change: (text: string) => string, text: string): string | undefined {
  try {
    return change(text);
  } catch {
    return undefined; // A stray percent sign, or half a character.
  }
}
