/**
 * The attributes of one trace: which there are, and the value of one on every span. The spans come some thousand at a time, so that
 * the answer is exact for a trace of any size, in memory that grows by four bytes a span.
 */
import type { Attribute, AttributeValue } from './attributes.ts';
import { LimitError } from './errors.ts';
import type { Resource, Span } from './span.ts';

export interface TraceAttribute {
  readonly owner: 'span' | 'resource';
  readonly key: string;
  readonly spanCount: number;
}

export interface TraceAttributes {
  readonly spanCount: number;
  /** By how many spans have them, most first; then by key. */
  readonly attributes: readonly TraceAttribute[];
}

/** What the spans of a trace have of one attribute. */
export interface TraceAttributeValues {
  /** Each once, in the order they are first seen. */
  readonly values: readonly AttributeValue[];
  /** Of each span, in the order of the trace: an index into `values`, -1 for a span without the attribute. */
  readonly valueIndexes: readonly number[];
}

/** Different values of one attribute that one answer has; more make no groups. */
export const MAX_DIFFERENT_VALUES = 100_000;
const MAX_VALUE_CHARACTERS = 16 * 1024 * 1024;

/** All there are. The chunks are the spans of one trace, each span once. */
export async function collectAttributes(
  chunks: AsyncIterable<readonly Span[]> | Iterable<readonly Span[]>,
): Promise<TraceAttributes> {
  const counts = { span: new Map<string, number>(), resource: new Map<string, number>() };
  const spanCounts = new Map<Resource, number>();
  let spanCount = 0;
  for await (const spans of chunks) {
    for (const { attributes, resource } of spans) {
      spanCounts.set(resource, (spanCounts.get(resource) ?? 0) + 1);
      countKeys(counts.span, attributes, 1);
    }
    spanCount += spans.length;
  }
  for (const [{ attributes }, count] of spanCounts) countKeys(counts.resource, attributes, count);
  const attributes = (['span', 'resource'] as const).flatMap((owner) =>
    Array.from(counts[owner], ([key, count]) => ({ owner, key, spanCount: count })),
  );
  return {
    spanCount,
    attributes: attributes.sort(
      (a, b) => b.spanCount - a.spanCount || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
    ),
  };
}

function countKeys(
  counts: Map<string, number>,
  attributes: readonly Attribute[],
  spanCount: number,
): void {
  for (const { key } of attributes) counts.set(key, (counts.get(key) ?? 0) + spanCount);
}

/** Throws `LimitError` where there are more different values than an answer can have. */
export async function collectAttributeValues(
  chunks: AsyncIterable<readonly Span[]> | Iterable<readonly Span[]>,
  { owner, key }: Pick<TraceAttribute, 'owner' | 'key'>,
): Promise<TraceAttributeValues> {
  const numbers = new ValueNumbers(key);
  const ofResources = new Map<Resource, number>();
  const valueIndexes: number[] = [];
  for await (const spans of chunks) {
    for (const { attributes, resource } of spans) {
      if (owner === 'span') {
        valueIndexes.push(numbers.numberOf(attributes));
        continue;
      }
      let number = ofResources.get(resource);
      if (number === undefined) {
        number = numbers.numberOf(resource.attributes);
        ofResources.set(resource, number);
      }
      valueIndexes.push(number);
    }
  }
  return { values: numbers.values, valueIndexes };
}

/** Numbers values in the order they are first seen. */
class ValueNumbers {
  readonly values: AttributeValue[] = [];
  readonly #key: string;
  readonly #numbers = new Map<string, number>();
  #characters = 0;

  constructor(key: string) {
    this.#key = key;
  }

  /** Of the attribute among others; -1 when it is not there. */
  numberOf(attributes: readonly Attribute[]): number {
    const value = attributes.findLast(({ key }) => key === this.#key)?.value;
    if (value === undefined) return -1;
    const text = textOf(value);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#characters += text.length;
    this.#checkLimits();
    this.#numbers.set(text, this.values.length);
    return this.values.push(value) - 1;
  }

  #checkLimits(): void {
    const count = this.values.length + 1;
    if (count > MAX_DIFFERENT_VALUES) {
      const message = `${this.#key} has more than ${MAX_DIFFERENT_VALUES} different values in this trace`;
      throw new LimitError(message, { limit: MAX_DIFFERENT_VALUES, actual: count });
    }
    if (this.#characters > MAX_VALUE_CHARACTERS) {
      const message = `the values of ${this.#key} are longer than ${MAX_VALUE_CHARACTERS} characters together`;
      throw new LimitError(message, { limit: MAX_VALUE_CHARACTERS, actual: this.#characters });
    }
  }
}

/** A text that says type and value, so that different values have different ones. */
function textOf(value: AttributeValue): string {
  if (value.type === 'string') return `"${value.value}`;
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return part.toString();
    if (part instanceof Uint8Array) return [...part];
    // What JSON has no numbers for, and the zero that it has no sign for.
    return typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))
      ? `${Object.is(part, -0) ? '-0' : part}`
      : part;
  });
}
