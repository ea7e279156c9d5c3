import { formatHex } from '@clew/model';
import type { TraceView } from '../../../trace/trace-view.ts';

/** Words are bits of a number. */
const MAX_WORDS = 30;
const ID_PREFIX = /^[0-9a-f]{4,16}$/;

/**
 * Marks the spans in which all words of `text` occur, in any case: in the name, the service or the names of events, or as the
 * beginning of the id. Names are few and spans are many, so words are looked for in each name once.
 */
export function findSpans(view: TraceView, text: string): Uint8Array {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  const all = 2 ** words.length - 1;
  const { columns, spanCount, serviceIndexes } = view;
  const inNames = columns.names.map((name) => wordsIn(name, words));
  const inServices = view.services.map(({ service }) => wordsIn(service, words));
  const inEvents = wordsInEvents(view, words);
  const marks = new Uint8Array(spanCount);
  for (let index = 0; index < spanCount; index++) {
    const name = inNames[columns.nameIndexes[index] ?? 0] ?? 0;
    const service = inServices[serviceIndexes[index] ?? 0] ?? 0;
    if ((name | service | (inEvents?.[index] ?? 0)) === all) marks[index] = 1;
  }
  const [word] = words;
  if (words.length === 1 && word !== undefined && ID_PREFIX.test(word)) markIds(view, word, marks);
  return marks;
}

function wordsIn(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase();
  return words.reduce((bits, word, at) => (lower.includes(word) ? bits | (1 << at) : bits), 0);
}

/** The words in the names of each span's events; undefined when they are in none. */
function wordsInEvents({ columns, spanCount }: TraceView, words: readonly string[]) {
  const { eventNames, eventNameIndexes, eventFirsts } = columns;
  const inNames = eventNames.map((name) => wordsIn(name, words));
  if (inNames.every((bits) => bits === 0)) return undefined;
  const bits = new Uint32Array(spanCount);
  for (let index = 0; index < spanCount; index++) {
    const end = eventFirsts[index + 1] ?? 0;
    for (let at = eventFirsts[index] ?? 0; at < end; at++) {
      bits[index] = (bits[index] ?? 0) | (inNames[eventNameIndexes[at] ?? 0] ?? 0);
    }
  }
  return bits;
}

function markIds(
  { columns: { spanIds }, spanCount }: TraceView,
  prefix: string,
  marks: Uint8Array,
) {
  const byteCount = Math.ceil(prefix.length / 2);
  const first = Number.parseInt(prefix.slice(0, 2), 16);
  for (let index = 0; index < spanCount; index++) {
    const at = index * 8;
    if (spanIds[at] !== first) continue;
    if (formatHex(spanIds, at, at + byteCount).startsWith(prefix)) marks[index] = 1;
  }
}
