/**
 * Names and values as they stand on the screen. A sender may put characters into them that nobody sees, that turn the order
 * of what stands beside them, or that end the line; each is shown as a mark, so that two names which differ look different.
 * What is copied, searched for and linked to stays the true text.
 *
 * What counts is Unicode's: controls (general category Cc), separators of lines and paragraphs (Zl, Zp), interlinear annotations,
 * and Default_Ignorable_Code_Point (UAX #44), which has the bidi controls of UAX #9, zero-width characters, joiners and tags.
 */

/** Matched first: almost no name has one, and the others are answered as they are. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{DI}\uFFF9-\uFFFB]/u;

/** Scripts whose letters take another shape beside a joiner or non-joiner (The Unicode Standard, section 23.2). */
const JOINING = ['Arab', 'Syrc', 'Nkoo', 'Mong', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml']
  .concat(['Telu', 'Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr'])
  .map((script) => `\\p{sc=${script}}`)
  .join('');

/** Where a hidden character belongs to what is written: the parts of an emoji, of a flag and of a syllable, and forms of a letter. */
const BELONGS = [
  String.raw`(?<=[\p{ExtPict}\p{EMod}\uFE0F])\u200D(?=\p{ExtPict})`,
  String.raw`(?<=[${JOINING}])[\u200C\u200D]`,
  String.raw`(?<=[\p{Emoji}\p{S}\p{Lo}])\p{VS}`,
  String.raw`(?<=\u{1F3F4}[\u{E0020}-\u{E007E}]*)[\u{E0020}-\u{E007F}]`,
  String.raw`(?<=\p{M})\u034F`,
  String.raw`(?<=[\u1100-\u115F])\u1160|\u115F(?=[\u1160-\u11A7])`,
].join('|');

const IN_A_LINE = new RegExp(`${BELONGS}|(${HIDDEN.source})`, 'gu');
const IN_LINES = new RegExp(`${BELONGS}|\\r\\n|[\\t\\n]|(${HIDDEN.source})`, 'gu');

const MARKS: ReadonlyMap<number, string> = new Map([
  [0x7f, '␡'],
  [0x85, '⟨NEL⟩'],
  [0xad, '⟨SHY⟩'],
  [0x61c, '⟨ALM⟩'],
  [0x200b, '⟨ZWSP⟩'],
  [0x200c, '⟨ZWNJ⟩'],
  [0x200d, '⟨ZWJ⟩'],
  [0x200e, '⟨LRM⟩'],
  [0x200f, '⟨RLM⟩'],
  [0x2028, '⟨LS⟩'],
  [0x2029, '⟨PS⟩'],
  [0x202a, '⟨LRE⟩'],
  [0x202b, '⟨RLE⟩'],
  [0x202c, '⟨PDF⟩'],
  [0x202d, '⟨LRO⟩'],
  [0x202e, '⟨RLO⟩'],
  [0x2060, '⟨WJ⟩'],
  [0x2066, '⟨LRI⟩'],
  [0x2067, '⟨RLI⟩'],
  [0x2068, '⟨FSI⟩'],
  [0x2069, '⟨PDI⟩'],
  [0xfeff, '⟨BOM⟩'],
]);

/** A name, or a value of one line: ends of lines and tabs are marks, too. */
export function visibleText(text: string): string {
  return HIDDEN.test(text) ? text.replace(IN_A_LINE, markHidden) : text;
}

/** Writing from the right: its scripts lie in these blocks. */
const FROM_THE_RIGHT =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** A name within a sentence: one that is read from the right stands between isolates (U+2068, U+2069), as `<bdi>` does it in a list. */
export function isolatedText(text: string): string {
  const visible = visibleText(text);
  return FROM_THE_RIGHT.test(visible) ? `\u2068${visible}\u2069` : visible;
}

/** A text whose lines and tabs are shown as such. */
export function visibleLines(text: string): string {
  return HIDDEN.test(text) ? text.replace(IN_LINES, markHidden) : text;
}

/** Text of JSON, whose strings can say the same without the character itself. */
export function visibleJson(text: string): string {
  return HIDDEN.test(text) ? text.replace(IN_LINES, escapeHidden) : text;
}

function markHidden(match: string, hidden: string | undefined): string {
  if (hidden === undefined) return match;
  const code = hidden.codePointAt(0) ?? 0;
  // The pictures of the first 32 controls are in their order (U+2400).
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return MARKS.get(code) ?? `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

function escapeHidden(match: string, hidden: string | undefined): string {
  if (hidden === undefined) return match;
  return Array.from({ length: hidden.length }, (_, at) => {
    const unit = hidden.charCodeAt(at);
    return `\\u${unit.toString(16).padStart(4, '0')}`;
  }).join('');
}
