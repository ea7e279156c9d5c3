import type { Attributes } from '@opentelemetry/api';

/** OTLP's `AnyValue` in JSON (opentelemetry/proto/common/v1/common.proto): 64-bit integers are texts. */
type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number | string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  // Nothing, in a list.
  | Readonly<Record<string, never>>;

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** The attributes of a span, an event, a link or the page: checked and cut on the way in. */
export class AttributeSet {
  readonly #values = new Map<string, AnyValue>();
  readonly #maxCount: number;
  readonly #maxLength: number;
  /** How many attributes there was no room for; undefined for none. */
  droppedCount: number | undefined;

  constructor(maxCount: number, maxLength: number) {
    this.#maxCount = maxCount;
    this.#maxLength = maxLength;
  }

  /** Sets a value; one that OpenTelemetry does not allow (`undefined`, an object, a function) is ignored. */
  set(key: string, value: unknown): this {
    const any = Array.isArray(value)
      ? { arrayValue: { values: value.map((item: unknown) => this.#toValue(item) ?? {}) } }
      : this.#toValue(value);
    if (any === undefined || typeof key !== 'string' || key === '') return this;
    if (this.#values.size < this.#maxCount || this.#values.has(key)) this.#values.set(key, any);
    else this.droppedCount = (this.droppedCount ?? 0) + 1;
    return this;
  }

  setAll(attributes: Attributes | undefined): this {
    try {
      for (const [key, value] of Object.entries(attributes ?? {})) this.set(key, value);
    } catch {
      // An object with getters that throw must not hurt who traces it.
    }
    return this;
  }

  toJSON(): readonly KeyValue[] {
    return Array.from(this.#values, ([key, value]) => ({ key, value }));
  }

  #toValue(value: unknown): AnyValue | undefined {
    if (typeof value === 'string') return { stringValue: this.#cut(value) };
    if (typeof value === 'boolean') return { boolValue: value };
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) return { intValue: String(value) };
      // JSON has no word for the others.
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    }
    if (typeof value !== 'bigint') return undefined;
    // An OTLP integer has 64 bits; a larger one keeps its digits as text.
    return BigInt.asIntN(64, value) === value
      ? { intValue: String(value) }
      : { stringValue: this.#cut(String(value)) };
  }

  /** Not between the two halves of a character. */
  #cut(text: string): string {
    if (text.length <= this.#maxLength) return text;
    return text.slice(0, this.#maxLength).replace(/[\ud800-\udbff]$/, '');
  }
}
