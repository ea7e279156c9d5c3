/** What can be found by its name. */
export interface Named {
  readonly name: string;
  /** Looked at too, for less. */
  readonly note?: string | undefined;
}

export interface Ranked<Entry> {
  readonly entry: Entry;
  readonly score: number;
}

/** A name of kilobytes is looked at as far as a line shows of it. */
const MAX_LENGTH = 300;
const NOTE_WEIGHT = 0.5;
const CONSECUTIVE = 6;
const WORD_START = 8;
const FIRST = 4;

/** Those that have the letters of every word in their order, best first; all of them, as they are, for no words. `favour` adds to a score. */
export function rankEntries<Entry extends Named>(
  entries: readonly Entry[],
  text: string,
  favour: (entry: Entry) => number = () => 0,
): readonly Ranked<Entry>[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .flatMap((entry) => {
      const score = scoreOf(entry, words);
      return score === undefined ? [] : [{ entry, score: score + favour(entry) }];
    })
    .sort((a, b) => b.score - a.score);
}

function scoreOf({ name, note = '' }: Named, words: readonly string[]): number | undefined {
  let sum = 0;
  for (const word of words) {
    const inName = scoreWord(name.slice(0, MAX_LENGTH), word);
    const inNote = scoreWord(note.slice(0, MAX_LENGTH), word);
    if (inName === undefined && inNote === undefined) return undefined;
    sum += Math.max(inName ?? 0, (inNote ?? 0) * NOTE_WEIGHT);
  }
  // Of two that fit alike, the shorter says less that was not asked for.
  return sum - Math.min(name.length, MAX_LENGTH) / MAX_LENGTH;
}

/**
 * A letter counts 1, more where it follows the one before or begins a word. A text that has the word whole is as good as its
 * best place; else its letters are taken as early as they come, and may not be scattered over more than twice its length.
 */
function scoreWord(text: string, word: string): number | undefined {
  const lower = text.toLowerCase();
  const whole = scoreWhole(text, lower, word);
  if (whole !== undefined) return whole;
  if (word.length < 2) return undefined;
  let score = 0;
  let at = -1;
  let first = 0;
  for (const letter of word) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    if (at < 0) first = next;
    score += 1 + (at >= 0 && next === at + 1 ? CONSECUTIVE / 2 : 0);
    score += isWordStart(text, next) ? WORD_START / 2 : 0;
    at = next;
  }
  const spread = at - first + 1;
  return spread > word.length * 2 && score < word.length * (1 + WORD_START / 2) ? undefined : score;
}

function scoreWhole(text: string, lower: string, word: string): number | undefined {
  let best: number | undefined;
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    const score = word.length * (1 + CONSECUTIVE) + (isWordStart(text, at) ? WORD_START : 0);
    best = Math.max(best ?? 0, at === 0 ? score + FIRST : score);
  }
  return best;
}

function isWordStart(text: string, at: number): boolean {
  if (at === 0) return true;
  const [before = '', here = ''] = [text[at - 1], text[at]];
  return /[^\p{L}\p{N}]/u.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(here));
}
