import { findAttribute } from '@clew/model';
import type { Attribute, AttributeValue } from '@clew/model';

/**
 * Tags from which those with a meaning of their own are taken out. Of a key given twice the last counts. Most tags have
 * none, so those that may are set aside first and only they are looked through.
 */
export class TagList {
  #meaningful: readonly Attribute[];
  readonly #others: readonly Attribute[];

  constructor(tags: readonly Attribute[], meaningfulKeys: ReadonlySet<string>) {
    const meaningful: Attribute[] = [];
    const others: Attribute[] = [];
    for (const tag of tags) (meaningfulKeys.has(tag.key) ? meaningful : others).push(tag);
    this.#meaningful = meaningful;
    this.#others = others;
  }

  /** What has not been taken. */
  get rest(): readonly Attribute[] {
    return this.#meaningful.length === 0 ? this.#others : [...this.#others, ...this.#meaningful];
  }

  /** The value of one of the keys that have a meaning. */
  find(key: string): AttributeValue | undefined {
    return this.#meaningful.length === 0 ? undefined : findAttribute(this.#meaningful, key);
  }

  findText(key: string): string | undefined {
    const value = this.find(key);
    return value?.type === 'string' ? value.value : undefined;
  }

  /** The text of `key`, which is then gone; a value that is no text stays where it is. */
  takeText(key: string): string | undefined {
    const text = this.findText(key);
    if (text !== undefined) this.remove(key);
    return text;
  }

  remove(key: string): void {
    this.#meaningful = this.#meaningful.filter((tag) => tag.key !== key);
  }

  /** Renames `from`, unless there is a `to` already. */
  rename(from: string, to: string): void {
    if (this.find(from) === undefined || this.find(to) !== undefined) return;
    this.#meaningful = this.#meaningful.map((tag) =>
      tag.key === from ? { key: to, value: tag.value } : tag,
    );
  }
}
