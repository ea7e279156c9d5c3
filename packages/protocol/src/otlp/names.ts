import type { DictionaryColumn } from '@clew/model';
import { cleanText, isUtf8 } from '../wire/utf8.ts';
import type { ChangeLog } from './change-log.ts';
import type { DecodeContext } from './decode-resource.ts';

/** A text of the request, what it is called in what is said about it, and where that is said. */
export interface NameRange {
  readonly start: number;
  readonly end: number;
  readonly what: string;
  readonly log: ChangeLog;
}

/** What a status message is called: it is no name, and may be as long as a value. */
export const STATUS_MESSAGE = 'status message';

/** Appends a name to its column: as it is, or cut, or with U+FFFD for what is not UTF-8. */
export function pushName(column: DictionaryColumn, context: DecodeContext, name: NameRange): void {
  const { bytes, view } = context.reader;
  // Only what is right is ever added, so that what is found needs no look.
  const known = column.dictionary.find(bytes, name.start, name.end, view);
  column.pushIndex(known === -1 ? addName(column, context, name) : known);
}

/** Adds a text that the column's dictionary does not have to it, as far as it may be kept, and gives its entry. */
export function addName(
  { dictionary }: DictionaryColumn,
  { reader, limits }: DecodeContext,
  name: NameRange,
): number {
  const { start, end, what, log } = name;
  const { bytes, view } = reader;
  const maxBytes = what === STATUS_MESSAGE ? limits.maxValueBytes : limits.maxNameBytes;
  if (end - start <= maxBytes && isUtf8(bytes, start, end)) {
    return dictionary.add(bytes, start, end, view);
  }
  const clean = cleanText(bytes, name, maxBytes);
  if (clean.isTruncated) log.addTruncated(what);
  if (clean.isSanitized) log.addSanitized(`invalid UTF-8 in the ${what}`);
  return dictionary.intern(clean.bytes, 0, clean.bytes.length);
}
