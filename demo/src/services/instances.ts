/** The instances of another service, which are asked in turn. */
export class Instances {
  #urls: readonly string[];
  #asked = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** Reads addresses between commas. */
  static parse(text: string): Instances {
    return new Instances(text.split(','));
  }

  /** Whose turn it is. */
  next(): string {
    const url = this.#urls[this.#asked % this.#urls.length];
    if (url === undefined) throw new Error('the service has no instances');
    this.#asked += 1;
    return url;
  }

  /** From now on there are these, and the first of them is next. */
  replace(urls: readonly string[]): void {
    this.#urls = urls;
    this.#asked = 0;
  }
}
