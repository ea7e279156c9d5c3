/**
 * The attributes of one span, resource or scope while they are read: they go straight to the typed columns, and this
 * keeps what a list of attributes is. It has at most so many members, each key once, and every text in it is UTF-8.
 *
 * A key is looked up once, in a dictionary of all keys of the request; from its number follow its entry in the dictionary
 * of each typed column and the row that had it last. So the keys of a span that resembles the one before cost a
 * comparison each, and that a key came twice is seen by a number. Measured by `otlp/decode/2000-spans`.
 */
import { StringDictionary } from '@clew/model';
import type {
  AttributeColumns,
  AttributeColumnType,
  ByteColumn,
  Uint32Column,
  Uint64Column,
} from '@clew/model';
import type { WireReader } from '../wire/reader.ts';
import { cleanText, isUtf8, replaceInvalid } from '../wire/utf8.ts';
import { ChangeLog, SANITIZED, TRUNCATED } from './change-log.ts';
import type { DecodeLimits } from './limits.ts';

/** Which column a value goes to: the low bits of a slot. */
const TYPE = { string: 0, int: 1, double: 2, bool: 3, complex: 4 } as const;
const TYPE_NAMES: readonly AttributeColumnType[] = ['string', 'int', 'double', 'bool', 'complex'];
const TYPE_BITS = 3;

/** The slots of a key. Arrays, since making typed ones takes longer than a small request. */
const NO_ENTRIES: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];

/** The largest count that a column of counts takes. */
export const MAX_COUNT: number = 2 ** 32 - 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class AttributeRow {
  readonly log: ChangeLog = new ChangeLog();
  /** Members that were left out, and those that the sender said it had left out. */
  droppedCount = 0;

  readonly #columns: AttributeColumns;
  readonly #maxAttributes: number;
  readonly #maxValueBytes: number;
  readonly #maxNameBytes: number;
  readonly #source: Uint8Array;
  readonly #view: DataView;
  readonly #stringKeys: Uint32Column;
  readonly #stringValues: ByteColumn;
  readonly #intKeys: Uint32Column;
  readonly #intValues: Uint64Column;

  readonly #keys = new StringDictionary();
  /** By slot (a key's number and a type): the key's entry in that type's dictionary; 0 when it is not known. */
  readonly #entries: number[] = [...NO_ENTRIES];
  /** By key: the row that last had it. */
  readonly #rowOfKey: number[] = [0];
  #row = 0;
  /** The open row's members, as slots. */
  readonly #slots: number[] = [];
  #count = 0;
  #hasDuplicates = false;
  #exemptKey: Uint8Array = new Uint8Array(0);

  constructor(reader: WireReader, columns: AttributeColumns, limits: DecodeLimits) {
    this.#source = reader.bytes;
    this.#view = reader.view;
    this.#columns = columns;
    this.#maxAttributes = limits.maxAttributes;
    this.#maxValueBytes = limits.maxValueBytes;
    this.#maxNameBytes = limits.maxNameBytes;
    this.#stringKeys = columns.string.keys.indexes;
    this.#stringValues = columns.string.values;
    this.#intKeys = columns.int.keys.indexes;
    this.#intValues = columns.int.values;
  }

  /** Whether the row takes no more attributes, but for one of an exempt key. */
  get isFull(): boolean {
    return this.#count >= this.#maxAttributes;
  }

  /** Attributes of `key`, given as UTF-8, are kept in a full row too. */
  exempt(key: Uint8Array): void {
    this.#exemptKey = key;
  }

  isExempt(keyStart: number, keyEnd: number): boolean {
    const { length } = this.#exemptKey;
    if (length === 0 || keyEnd - keyStart !== length) return false;
    return this.#exemptKey.every((byte, i) => byte === this.#source[keyStart + i]);
  }

  /** Opens a row. */
  begin(): void {
    this.#row++;
    this.#count = 0;
    this.#hasDuplicates = false;
    this.droppedCount = 0;
    this.log.reset();
  }

  /** Adds what was changed, and removes all but the last of a key that came twice. Ending the row is left to its owner. */
  finish(): void {
    if (!this.log.isEmpty) this.#pushChanges();
    if (this.#hasDuplicates) this.#retainLast();
  }

  /**
   * Reads an attribute of the usual form: the key, then the value, both under 128 bytes, and nothing else. False when it
   * has another, or is for somebody else to judge. One function and no objects: it runs for every attribute. Measured by
   * `otlp/decode/2000-spans`.
   */
  readUsual(start: number, end: number): boolean {
    const source = this.#source;
    const keyEnd = start + 2 + (source[start + 1] ?? 0);
    const valueStart = keyEnd + 2;
    const valueLength = end - valueStart;
    if (
      valueLength < 2 ||
      valueLength > 127 ||
      source[keyEnd + 1] !== valueLength ||
      source[keyEnd] !== 0x12 ||
      source[start] !== 0x0a ||
      keyEnd - start > 129 ||
      this.#count >= this.#maxAttributes
    ) {
      return false;
    }
    const tag = source[valueStart] ?? 0;
    const type = this.#typeOfUsual(tag, valueStart, end);
    if (type === -1) return false;
    let key = this.#keys.find(source, start + 2, keyEnd, this.#view);
    if (key === -1) {
      key = this.#addKey(start + 2, keyEnd);
      if (key === -1) return true;
    }
    const entry = this.#open(key, type);
    switch (tag) {
      case 0x0a:
        this.#stringKeys.push(entry);
        if (!this.#stringValues.pushText(source, valueStart + 1, end, this.#view)) {
          this.#checkText(valueStart + 2, end);
        }
        break;
      case 0x18:
        this.#intKeys.push(entry);
        this.#pushVarint(valueStart + 1);
        break;
      case 0x21:
        this.#columns.double.keys.pushIndex(entry);
        this.#columns.double.values.push(
          this.#view.getInt32(valueStart + 1, true),
          this.#view.getInt32(valueStart + 5, true),
        );
        break;
      default:
        this.#columns.bool.keys.pushIndex(entry);
        this.#columns.bool.values.pushByte(source[valueStart + 1] ?? 0);
    }
    return true;
  }

  pushString(keyStart: number, keyEnd: number, textStart: number, textEnd: number): void {
    const entry = this.#openKey(keyStart, keyEnd, TYPE.string);
    if (entry === -1) return;
    this.#stringKeys.push(entry);
    if (textEnd - textStart <= this.#maxValueBytes) {
      const values = this.#stringValues;
      const before = values.length;
      values.pushLength(textEnd - textStart);
      if (values.pushText(this.#source, textStart, textEnd, this.#view)) return;
      if (isUtf8(this.#source, textStart, textEnd)) return;
      values.truncate(before);
    }
    this.#pushCleanText(textStart, textEnd);
  }

  /** The halves of an integer. */
  pushInt(keyStart: number, keyEnd: number, low: number, high: number): void {
    const entry = this.#openKey(keyStart, keyEnd, TYPE.int);
    if (entry === -1) return;
    this.#columns.int.keys.pushIndex(entry);
    this.#columns.int.values.push(low, high);
  }

  /** The halves of a double's bits. */
  pushDouble(keyStart: number, keyEnd: number, low: number, high: number): void {
    const entry = this.#openKey(keyStart, keyEnd, TYPE.double);
    if (entry === -1) return;
    this.#columns.double.keys.pushIndex(entry);
    this.#columns.double.values.push(low, high);
  }

  pushBool(keyStart: number, keyEnd: number, value: boolean): void {
    const entry = this.#openKey(keyStart, keyEnd, TYPE.bool);
    if (entry === -1) return;
    this.#columns.bool.keys.pushIndex(entry);
    this.#columns.bool.values.pushByte(value ? 1 : 0);
  }

  /** A value that no typed column takes, as an `AnyValue` that may be stored as it is. False when it was left out. */
  pushComplex(keyStart: number, keyEnd: number, message: Uint8Array): boolean {
    const entry = this.#openKey(keyStart, keyEnd, TYPE.complex);
    if (entry === -1) return false;
    this.#columns.complex.keys.pushIndex(entry);
    this.#columns.complex.values.pushString(message, 0, message.length);
    return true;
  }

  /** The value pushed last had been cut. */
  noteTruncated(): void {
    this.log.addTruncated(this.#lastKey());
  }

  /** The value pushed last had texts in it that were not UTF-8. */
  noteSanitized(): void {
    this.log.addSanitized(`invalid UTF-8 in ${this.#lastKey()}`);
  }

  /**
   * The value that a key, given as UTF-8, has in the open row: its bytes when it is a string, which are valid until the
   * next push, and otherwise whether there is one.
   */
  find(name: Uint8Array): Uint8Array | boolean {
    const key = this.#keys.find(name, 0, name.length);
    let at = this.#count - 1;
    while (at >= 0 && (this.#slots[at] ?? 0) >> TYPE_BITS !== key) at--;
    if (at < 0) return false;
    if (typeOf(this.#slots[at] ?? 0) !== TYPE.string) return true;
    let stringsBefore = 0;
    for (let i = 0; i < at; i++) if (typeOf(this.#slots[i] ?? 0) === TYPE.string) stringsBefore++;
    return this.#columns.openString(stringsBefore);
  }

  /** Gives a key another value than it had, if it had one. */
  replaceString(key: string, text: string): void {
    const name = encoder.encode(key);
    const known = this.#keys.find(name, 0, name.length);
    const number = known === -1 ? this.#addKeyBytes(name, 0, name.length) : known;
    const bytes = encoder.encode(text);
    this.#stringKeys.push(this.#open(number, TYPE.string));
    this.#stringValues.pushString(bytes, 0, bytes.length);
  }

  /** How the key of the member opened last reads in what is said about it. */
  #lastKey(): string {
    return this.#keys.text((this.#slots[this.#count - 1] ?? 0) >> TYPE_BITS);
  }

  /** The type of a value of the usual form; -1 when it is not one. */
  #typeOfUsual(tag: number, start: number, end: number): number {
    const next = this.#source[start + 1] ?? 0;
    if (tag === 0x0a)
      return next === end - start - 2 && next <= this.#maxValueBytes ? TYPE.string : -1;
    if (tag === 0x18) return this.#isVarint(start + 1, end) ? TYPE.int : -1;
    if (tag === 0x21) return end - start === 9 ? TYPE.double : -1;
    return tag === 0x10 && end - start === 2 && next < 2 ? TYPE.bool : -1;
  }

  /** Whether a number of at most 10 bytes ends exactly at `end`. */
  #isVarint(start: number, end: number): boolean {
    const source = this.#source;
    if (end - start > 10 || (source[end - 1] ?? 0) > 127) return false;
    for (let at = start; at < end - 1; at++) if ((source[at] ?? 0) < 128) return false;
    return true;
  }

  #pushVarint(start: number): void {
    const source = this.#source;
    let byte = source[start] ?? 0;
    let low = byte & 127;
    let high = 0;
    for (let shift = 7, at = start; byte > 127; shift += 7) {
      byte = source[++at] ?? 0;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift > 28) high |= bits << (shift - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
    }
    this.#intValues.push(low, high);
  }

  /** Puts U+FFFD in the string pushed last where it is not UTF-8; it is the source's from `start` to `end`. */
  #checkText(start: number, end: number): void {
    if (isUtf8(this.#source, start, end)) return;
    const values = this.#stringValues;
    values.truncate(values.length - (end - start + 1));
    this.#pushCleanText(start, end);
  }

  /** The entry of a member's key in its type's dictionary; -1 when the key is over the limit, and it was left out. */
  #openKey(keyStart: number, keyEnd: number, type: number): number {
    let key = this.#keys.find(this.#source, keyStart, keyEnd, this.#view);
    if (key === -1) {
      key = this.#addKey(keyStart, keyEnd);
      if (key === -1) return -1;
    }
    return this.#open(key, type);
  }

  #open(key: number, type: number): number {
    if (this.#rowOfKey[key] === this.#row) this.#hasDuplicates = true;
    this.#rowOfKey[key] = this.#row;
    const slot = (key << TYPE_BITS) | type;
    this.#slots[this.#count++] = slot;
    const entry = this.#entries[slot] ?? 0;
    return entry === 0 ? this.#addEntry(key, type) : entry;
  }

  /** A key that is not UTF-8 is never added as it is, and comes here each time. */
  #addKey(start: number, end: number): number {
    if (end - start > this.#maxNameBytes) {
      this.droppedCount++;
      return -1;
    }
    if (isUtf8(this.#source, start, end)) return this.#addKeyBytes(this.#source, start, end);
    const clean = replaceInvalid(this.#source, start, end);
    this.log.addSanitized(`invalid UTF-8 in the key ${decoder.decode(clean)}`);
    const known = this.#keys.find(clean, 0, clean.length);
    return known === -1 ? this.#addKeyBytes(clean, 0, clean.length) : known;
  }

  #addKeyBytes(bytes: Uint8Array, start: number, end: number): number {
    const view = bytes === this.#source ? this.#view : undefined;
    const key = this.#keys.add(bytes, start, end, view);
    this.#rowOfKey.push(0);
    this.#entries.push(...NO_ENTRIES);
    return key;
  }

  #addEntry(key: number, type: number): number {
    const columns = this.#columns[TYPE_NAMES[type] ?? 'string'];
    const entry = columns.keys.dictionary.internFrom(this.#keys, key);
    this.#entries[(key << TYPE_BITS) | type] = entry;
    return entry;
  }

  #pushCleanText(start: number, end: number): void {
    const { bytes, isSanitized, isTruncated } = cleanText(
      this.#source,
      { start, end },
      this.#maxValueBytes,
    );
    this.#stringValues.pushString(bytes, 0, bytes.length);
    if (isSanitized) this.log.addSanitized(`invalid UTF-8 in ${this.#lastKey()}`);
    if (isTruncated) this.log.addTruncated(this.#lastKey());
  }

  /** What other decoders had changed before is kept: they speak through the same attributes. */
  #pushChanges(): void {
    const truncated = this.log.truncatedAfter(this.#findText(TRUNCATED));
    const sanitized = this.log.sanitizedAfter(this.#findText(SANITIZED));
    if (truncated !== '') this.replaceString(TRUNCATED, truncated);
    if (sanitized !== '') this.replaceString(SANITIZED, sanitized);
  }

  #findText(key: string): string {
    const value = this.find(encoder.encode(key));
    return typeof value === 'boolean' ? '' : decoder.decode(value);
  }

  /** Of a key that came twice the last wins. Done once a row, so that a list of one key alone takes no longer than any. */
  #retainLast(): void {
    const flags = { string: [], int: [], double: [], bool: [], complex: [] } as Record<
      AttributeColumnType,
      boolean[]
    >;
    const seen = new Set<number>();
    for (const slot of this.#slots.slice(0, this.#count).toReversed()) {
      const key = slot >> TYPE_BITS;
      flags[TYPE_NAMES[typeOf(slot)] ?? 'string'].push(!seen.has(key));
      seen.add(key);
    }
    for (const list of Object.values(flags)) list.reverse();
    this.#columns.retainOpenEntries(flags);
  }
}

function typeOf(slot: number): number {
  return slot & ((1 << TYPE_BITS) - 1);
}
