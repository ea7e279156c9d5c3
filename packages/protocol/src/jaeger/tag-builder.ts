import { shorten, unreachable } from '@clew/model';
import type { Attribute, AttributeValue } from '@clew/model';
import { TextReader } from '../wire/text-reader.ts';

/** The types of a tag's value; each encoding has its own numbers for them. */
export type JaegerTagType = 'string' | 'double' | 'bool' | 'int' | 'bytes' | 'unknown';

/** How many changes of one span are told one by one. */
const MAX_CHANGES = 10;

/**
 * Makes attributes of the tags of a payload, one after the other: a decoder sets the fields that were sent, in any order,
 * texts and bytes as places in the payload, and then asks for the attribute. Texts that are not UTF-8 are what old clients get wrong most, and nothing of them is
 * lost: the bytes of a value stay its value, those of a key or a name go into an attribute of their own, under the names
 * that Jaeger gives them.
 */
export class TagBuilder {
  keyStart = 0;
  keyEnd = 0;
  type: JaegerTagType = 'string';
  /** The type's number, for one that does not exist. */
  typeNumber = 0;
  textStart = 0;
  textEnd = 0;
  bool = false;
  int = 0n;
  double = 0;
  bytesStart = 0;
  bytesEnd = 0;
  readonly #payload: Uint8Array;
  readonly #texts: TextReader;
  #changes: string[] = [];
  #keptBytes: Attribute[] = [];
  #invalidKeys = 0;

  constructor(payload: Uint8Array) {
    this.#payload = payload;
    this.#texts = new TextReader(payload);
  }

  /** Begins a tag; nothing of the one before stays. */
  begin(): void {
    this.keyStart = this.keyEnd = this.textStart = this.textEnd = 0;
    this.bytesStart = this.bytesEnd = 0;
    this.type = 'string';
    this.typeNumber = this.double = 0;
    this.int = 0n;
    this.bool = false;
  }

  end(): Attribute {
    const key = this.#readKey();
    return { key, value: this.#readValue(key) };
  }

  /** Reads the name of a span or a service. */
  readName(start: number, end: number, what: string): string {
    const name = this.#texts.read(start, end);
    if (this.#texts.isExact) return name;
    this.addChange(`${what} is not UTF-8: replaced what is none`);
    this.#keep(`invalid-${what.replace(' ', '-')}`, start, end);
    return name;
  }

  addChange(change: string): void {
    if (this.#changes.length < MAX_CHANGES) this.#changes.push(change);
    else if (this.#changes.length === MAX_CHANGES) this.#changes.push('and more');
  }

  /** What was changed since the last call, for people to read. */
  takeChanges(): readonly string[] {
    const changes = this.#changes;
    if (changes.length > 0) this.#changes = [];
    return changes;
  }

  /** Attributes with the bytes of names and keys that were changed since the last call. */
  takeKeptBytes(): readonly Attribute[] {
    const kept = this.#keptBytes;
    if (kept.length > 0) this.#keptBytes = [];
    this.#invalidKeys = 0;
    return kept;
  }

  /** Both of these as tags, for a process, whose changes are told in its own tags. */
  takeProcessChanges(): readonly Attribute[] {
    const changes = this.takeChanges();
    if (changes.length === 0) return [];
    const value = { type: 'string', value: changes.join('; ') } as const;
    return [...this.takeKeptBytes(), { key: 'clew.sanitized', value }];
  }

  #readKey(): string {
    const key = this.#texts.read(this.keyStart, this.keyEnd);
    if (this.#texts.isExact) return key;
    this.#invalidKeys++;
    this.addChange(`key of a tag is not UTF-8: replaced what is none in "${shorten(key)}"`);
    this.#keep(`invalid-tag-key-${this.#invalidKeys}`, this.keyStart, this.keyEnd);
    return key;
  }

  #readValue(key: string): AttributeValue {
    switch (this.type) {
      case 'string':
        return this.#readText(key);
      case 'double':
        return { type: 'double', value: this.double };
      case 'bool':
        return { type: 'bool', value: this.bool };
      case 'int':
        return { type: 'int', value: this.int };
      case 'bytes':
        return { type: 'bytes', value: this.#payload.slice(this.bytesStart, this.bytesEnd) };
      case 'unknown':
        return { type: 'string', value: `<Unknown Jaeger TagType ${this.typeNumber}>` };
      default:
        return unreachable(this.type);
    }
  }

  #readText(key: string): AttributeValue {
    const value = this.#texts.read(this.textStart, this.textEnd);
    if (this.#texts.isExact) return { type: 'string', value };
    this.addChange(`value of "${shorten(key)}" is not UTF-8: kept as bytes`);
    return { type: 'bytes', value: this.#payload.slice(this.textStart, this.textEnd) };
  }

  #keep(key: string, start: number, end: number): void {
    if (this.#keptBytes.length > MAX_CHANGES) return;
    this.#keptBytes.push({ key, value: { type: 'bytes', value: this.#payload.slice(start, end) } });
  }
}
