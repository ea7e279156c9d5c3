/** A queue of fixed capacity. What arrives when it is full takes the place of the oldest. */
export class SpanQueue<T> {
  readonly #slots: (T | undefined)[];
  #first = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#slots = Array.from({ length: capacity });
  }

  get count(): number {
    return this.#count;
  }

  /** Adds an item; `true` when the oldest had to go. */
  push(item: T): boolean {
    const capacity = this.#slots.length;
    const isFull = this.#count === capacity;
    this.#slots[(this.#first + this.#count) % capacity] = item;
    if (isFull) this.#first = (this.#first + 1) % capacity;
    else this.#count++;
    return isFull;
  }

  /** Removes up to `maxCount` items, the oldest first. */
  take(maxCount: number): T[] {
    const items: T[] = [];
    while (items.length < maxCount && this.#count > 0) {
      const item = this.#slots[this.#first];
      this.#slots[this.#first] = undefined;
      this.#first = (this.#first + 1) % this.#slots.length;
      this.#count--;
      if (item !== undefined) items.push(item);
    }
    return items;
  }
}
