import type { TextMapGetter } from '@opentelemetry/api';
import type { Complaints } from '../complaints.ts';

/**
 * Longer than any header of one value is: `uber-trace-id` has at most 69 characters, and 207 when all of it is percent-encoded.
 */
const MAX_CHARACTERS = 512;

/** For headers whose names are made by others. */
interface SingleOptions {
  /** What is longer is passed over. */
  readonly maxCharacters?: number;
  /** What complaints call it, so that there is one for all of the kind. */
  readonly kind?: string;
}

/**
 * Reads headers for the propagators out of whatever carrier, with whatever getter. Nothing in it throws: a header that is no text,
 * or whose getter throws, is missing. So is one that is malformed, or longer than it can be, or there several times, where one
 * value is expected, because then its values contradict each other; that is told once.
 */
export class HeaderReader {
  readonly #carrier: unknown;
  readonly #getter: TextMapGetter;
  readonly #complaints: Complaints;

  constructor(carrier: unknown, getter: TextMapGetter, complaints: Complaints) {
    this.#carrier = carrier;
    this.#getter = getter;
    this.#complaints = complaints;
  }

  /** All names of headers. */
  names(): readonly string[] {
    try {
      const names: readonly unknown[] = this.#getter.keys(this.#carrier);
      return names.filter((name) => typeof name === 'string');
    } catch (thrown) {
      this.#complaints.tell('the names of headers cannot be read', thrown);
      return [];
    }
  }

  /** The text of a header with one value, without the blanks around it. */
  single(
    name: string,
    { maxCharacters = MAX_CHARACTERS, kind = name }: SingleOptions = {},
  ): string | undefined {
    const texts = this.#texts(name, kind);
    const [text] = texts;
    if (text === undefined) return undefined;
    if (texts.length === 1 && text.length <= maxCharacters) return text.trim();
    this.reject(kind);
    return undefined;
  }

  /** What `parse` makes of a header with one value; it answers `undefined` for one that is malformed. */
  parsed<T>(name: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.single(name);
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) this.reject(name);
    return value;
  }

  /** The text of a header that is a list, which may be spread over several of the same name. Empty when it is missing. */
  joined(name: string): string {
    return this.#texts(name).join(',');
  }

  /** Tells that a header, or one of this kind, is passed over. */
  reject(kind: string): void {
    this.#complaints.tell(`header is malformed, oversized or duplicated and passed over: ${kind}`);
  }

  #texts(name: string, kind = name): readonly string[] {
    try {
      const value: unknown = this.#getter.get(this.#carrier, name);
      if (typeof value === 'string') return [value];
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    } catch (thrown) {
      this.#complaints.tell(`header cannot be read: ${kind}`, thrown);
      return [];
    }
  }
}
