/**
 * Text as bytes that may not be text. Nearly all of it is ASCII, which is told four bytes at a time; only what is not is
 * looked at character by character, and only what is wrong is ever decoded.
 */

/** A mark at the beginning of a text belongs to the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** A text that may be stored, and what had to be done to it. */
export interface CleanText {
  readonly bytes: Uint8Array;
  /** What was not UTF-8 is now U+FFFD. */
  readonly isSanitized: boolean;
  /** What was over the limit is gone. */
  readonly isTruncated: boolean;
}

/** Makes `bytes[start, end)` UTF-8 of at most `maxBytes`. What comes back may be a view. */
export function cleanText(
  bytes: Uint8Array,
  range: { readonly start: number; readonly end: number },
  maxBytes: number,
): CleanText {
  // Cut first, so that megabytes of nonsense are not decoded; a character that is cut in two is no nonsense.
  const { start } = range;
  const end = cutUtf8(bytes, range, maxBytes);
  const isTruncated = end < range.end;
  if (isUtf8(bytes, start, end)) {
    return { bytes: bytes.subarray(start, end), isSanitized: false, isTruncated };
  }
  const repaired = replaceInvalid(bytes, start, end);
  const repairedEnd = cutUtf8(repaired, { start: 0, end: repaired.length }, maxBytes);
  return {
    bytes: repaired.subarray(0, repairedEnd),
    isSanitized: true,
    isTruncated: isTruncated || repairedEnd < repaired.length,
  };
}

/** Whether `bytes[start, end)` is UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const first = bytes[at++] ?? 0;
    if (first < 0x80) continue;
    const count = followerCount(first);
    if (count === 0 || at + count > end) return false;
    const second = bytes[at] ?? 0;
    if (second < lowestSecond(first) || second > highestSecond(first)) return false;
    for (let i = 1; i < count; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return false;
    at += count;
  }
  return true;
}

/** `bytes[start, end)` as UTF-8, with U+FFFD for what is not. */
export function replaceInvalid(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return encoder.encode(decoder.decode(bytes.subarray(start, end)));
}

/** The end of the longest beginning of a text that has at most `maxBytes` and ends between two characters. */
function cutUtf8(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  maxBytes: number,
): number {
  if (end - start <= maxBytes) return end;
  const limit = start + maxBytes;
  // A character has at most three bytes after its first; more of them are nonsense, and cut anywhere.
  for (let at = limit; at >= start && at > limit - 4; at--) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return limit;
}

/** How many bytes follow the first of a character that is not ASCII; 0 when nothing begins so. */
function followerCount(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 1;
  return first < 0xf0 ? 2 : 3;
}

function lowestSecond(first: number): number {
  if (first === 0xe0) return 0xa0;
  return first === 0xf0 ? 0x90 : 0x80;
}

function highestSecond(first: number): number {
  if (first === 0xed) return 0x9f;
  return first === 0xf4 ? 0x8f : 0xbf;
}
