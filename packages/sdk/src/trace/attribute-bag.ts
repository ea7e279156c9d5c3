import type { Attribute, AttributeValue } from '@clew/model';
import type { Attributes } from '@opentelemetry/api';
import type { SpanLimits } from './span-limits.ts';

type Scalar = string | number | boolean | bigint;
type Stored = Scalar | Uint8Array | readonly (Scalar | undefined)[];

/**
 * The attributes of a span, an event or a link while they can still change: checked, copied and cut on the way in,
 * turned into the model's form only when they are exported.
 */
export class AttributeBag {
  readonly #limits: SpanLimits;
  readonly #values = new Map<string, Stored>();
  #droppedCount = 0;

  constructor(limits: SpanLimits, attributes?: Attributes) {
    this.#limits = limits;
    if (attributes) this.setAll(attributes);
  }

  /** How many attributes there was no room for. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Sets a value; one that OpenTelemetry does not allow (`undefined`, an object, a function) is ignored. */
  set(key: string, value: unknown): void {
    const stored = this.#toStored(value);
    if (stored === undefined || typeof key !== 'string' || key === '') return;
    if (this.#values.size >= this.#limits.attributeCount && !this.#values.has(key)) {
      this.#droppedCount++;
      return;
    }
    this.#values.set(key, stored);
  }

  setAll(attributes: Attributes): void {
    for (const key in attributes) {
      if (Object.hasOwn(attributes, key)) this.set(key, attributes[key]);
    }
  }

  /** The attributes in the order in which they were first set. */
  toModel(): Attribute[] {
    return Array.from(this.#values, ([key, value]) => ({ key, value: toModelValue(value) }));
  }

  #toStored(value: unknown): Stored | undefined {
    if (value instanceof Uint8Array) return value.slice();
    if (!Array.isArray(value)) return this.#toScalar(value);
    return value.map((item: unknown) => this.#toScalar(item));
  }

  #toScalar(value: unknown): Scalar | undefined {
    if (typeof value === 'string') {
      const limit = this.#limits.attributeValueLength;
      return value.length > limit ? value.slice(0, limit) : value;
    }
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    return typeof value === 'bigint' ? value : undefined;
  }
}

function toModelValue(value: Stored | undefined): AttributeValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'bigint') return fromBigint(value);
  if (value === undefined) return { type: 'empty' };
  if (value instanceof Uint8Array) return { type: 'bytes', value };
  return { type: 'array', value: value.map(toModelValue) };
}

function fromNumber(value: number): AttributeValue {
  return Number.isSafeInteger(value)
    ? { type: 'int', value: BigInt(value) }
    : { type: 'double', value };
}

/** An OTLP integer has 64 bits; a larger one keeps its digits as text. */
function fromBigint(value: bigint): AttributeValue {
  return BigInt.asIntN(64, value) === value
    ? { type: 'int', value }
    : { type: 'string', value: String(value) };
}
