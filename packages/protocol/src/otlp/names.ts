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

/** Appends a name to its column: as it is, or cut, or with U+FFFD for what is not UTF-8. */
export function pushName(column: DictionaryColumn, context: DecodeContext, name: NameRange): void {
  const { bytes, view } = context.reader;
  // Only what is right is ever added, so that what is found needs no look.
  const known = column.dictionary.find(bytes, name.start, name.end, view);
  const { maxNameBytes } = context.limits;
  column.pushIndex(known === -1 ? addName(column, { ...name, bytes, view }, maxNameBytes) : known);
}

/** Adds a text that the column's dictionary does not have to it, as far as it may be kept, and gives its entry. */
export function addName(
  { dictionary }: DictionaryColumn,
  name: NameRange & { readonly bytes: Uint8Array; readonly view: DataView },
  maxBytes: number,
): number {
  const { start, end } = name;
  if (end - start <= maxBytes && isUtf8(name.bytes, start, end)) {
    return dictionary.add(name.bytes, start, end, name.view);
  }
  const { bytes, isSanitized, isTruncated } = cleanText(name.bytes, name, maxBytes);
  if (isTruncated) name.log.addTruncated(name.what);
  if (isSanitized) name.log.addSanitized(`invalid UTF-8 in the ${name.what}`);
  return dictionary.intern(bytes, 0, bytes.length);
}
