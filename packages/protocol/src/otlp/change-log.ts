/** The attribute of a span, resource or scope that says what of it was not kept as it was sent. */
export const SANITIZED = 'clew.sanitized';
/** The attribute of a span, resource or scope that names what of it was cut. */
export const TRUNCATED = 'clew.truncated';

const MAX_CHANGES = 32;
const MAX_CHANGE_LENGTH = 200;

/** What a decoder had to change in what it is reading. Mostly nothing. */
export class ChangeLog {
  readonly #sanitized = new ChangeList('; ');
  readonly #truncated = new ChangeList(', ');
  isEmpty = true;

  reset(): void {
    if (this.isEmpty) return;
    this.#sanitized.reset();
    this.#truncated.reset();
    this.isEmpty = true;
  }

  /** `change` says what was changed and into what. */
  addSanitized(change: string): void {
    this.isEmpty = false;
    this.#sanitized.add(change);
  }

  /** `what` is an attribute's key or another part's name. */
  addTruncated(what: string): void {
    this.isEmpty = false;
    this.#truncated.add(what);
  }

  /** The value for `SANITIZED`, after what that attribute already says; empty when there is none. */
  sanitizedAfter(before: string): string {
    return this.#sanitized.textAfter(before);
  }

  /** The same for `TRUNCATED`. */
  truncatedAfter(before: string): string {
    return this.#truncated.textAfter(before);
  }
}

/** Distinct changes, the first few by name. */
class ChangeList {
  readonly #separator: string;
  /** A list, since it is short and a set takes longer to make than a small request has time. */
  #changes: string[] = [];
  #moreCount = 0;

  constructor(separator: string) {
    this.#separator = separator;
  }

  reset(): void {
    this.#changes = [];
    this.#moreCount = 0;
  }

  add(change: string): void {
    const text = change.slice(0, MAX_CHANGE_LENGTH);
    if (this.#changes.length >= MAX_CHANGES) this.#moreCount++;
    else if (!this.#changes.includes(text)) this.#changes.push(text);
  }

  textAfter(before: string): string {
    if (this.#changes.length === 0) return '';
    // What has been decoded before may have been changed in the same way then.
    const said = before.split(this.#separator);
    const parts = this.#changes.filter((change) => !said.includes(change));
    if (parts.length === 0) return '';
    if (before !== '') parts.unshift(before);
    if (this.#moreCount > 0) parts.push(`${this.#moreCount} more`);
    return parts.join(this.#separator);
  }
}
