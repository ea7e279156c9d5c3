import { findAttribute } from '@clew/model';
import type { Attribute, AttributeValue } from '@clew/model';

/** Tags from which those with a meaning of their own are taken out. Of a key given twice the last counts. */
export class TagList {
  /** What has not been taken. */
  rest: readonly Attribute[];

  constructor(tags: readonly Attribute[]) {
    this.rest = tags;
  }

  find(key: string): AttributeValue | undefined {
    return findAttribute(this.rest, key);
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
    this.rest = this.rest.filter((tag) => tag.key !== key);
  }

  /** Renames `from`, unless there is a `to` already. */
  rename(from: string, to: string): void {
    if (this.find(from) === undefined || this.find(to) !== undefined) return;
    this.rest = this.rest.map((tag) => (tag.key === from ? { key: to, value: tag.value } : tag));
  }
}
