const FIRST_SLOTS = 1 << 12;
const GROWTH = 4;
const HASH_FACTOR = 0x9e3779b1;
/** A latency sketch has fewer buckets than fit. */
const BUCKET_BITS = 10;
const BUCKET_MASK = (1 << BUCKET_BITS) - 1;

/**
 * Weights by group and bucket: an open-addressing hash table whose slots are the sums themselves, so that a span costs one look at
 * two arrays.
 */
export class BucketWeights {
  /** Group and bucket in one number, plus one; 0 is a free slot. At most half full. */
  #keys = new Uint32Array(FIRST_SLOTS);
  #weights = new Float64Array(FIRST_SLOTS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** `group` is below two million. */
  add(group: number, bucket: number, weight: number): void {
    const key = (group << BUCKET_BITS) + bucket + 1;
    const slot = slotOf(this.#keys, key);
    if (this.#keys[slot] === key) {
      this.#weights[slot] = (this.#weights[slot] ?? 0) + weight;
      return;
    }
    this.#keys[slot] = key;
    this.#weights[slot] = weight;
    this.#count++;
    if (this.#count * 2 > this.#keys.length) this.#grow();
  }

  /** In no order. */
  forEach(visit: (group: number, bucket: number, weight: number) => void): void {
    const keys = this.#keys;
    const weights = this.#weights;
    for (let slot = 0; slot < keys.length; slot++) {
      const place = (keys[slot] ?? 0) - 1;
      if (place >= 0) visit(place >>> BUCKET_BITS, place & BUCKET_MASK, weights[slot] ?? 0);
    }
  }

  #grow(): void {
    const keys = new Uint32Array(this.#keys.length * GROWTH);
    const weights = new Float64Array(keys.length);
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const key = this.#keys[slot] ?? 0;
      if (key === 0) continue;
      const moved = slotOf(keys, key);
      keys[moved] = key;
      weights[moved] = this.#weights[slot] ?? 0;
    }
    this.#keys = keys;
    this.#weights = weights;
  }
}

/** Where the key is, or would be. */
function slotOf(keys: Uint32Array, key: number): number {
  const mask = keys.length - 1;
  let hash = Math.imul(key, HASH_FACTOR);
  hash ^= hash >>> 15;
  let slot = hash & mask;
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
  return slot;
}
