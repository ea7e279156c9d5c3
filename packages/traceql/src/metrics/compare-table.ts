/**
 * What the spans of two sides have: how often each attribute takes which value, by interval. Most spans of a store have a few attributes
 * that are different for each (ids, addresses); of those the values are forgotten as soon as there are too many, so that
 * what is held follows the number of attributes and not that of spans.
 */
import { InvalidQueryError } from '@clew/model';
import { groupKey } from '../evaluate/search.ts';
import type { Value } from '../evaluate/value.ts';

/** The spans that are looked at, and those they are compared with. */
export type Side = 'baseline' | 'selection';

/** An attribute with more of them on one side has too many to tell apart; also the most that can be asked for. */
export const MAX_COMPARED_VALUES = 1000;
/** Numbers that are held at a time, some 50 bytes each. */
const MAX_NUMBERS = 2_000_000;
/** What a value takes beside its own numbers, in numbers. */
const VALUE_COST = 4;

/** Spans of one interval and side. */
export interface CellCount {
  readonly cell: number;
  readonly spanCount: number;
}

export interface ComparedAttribute {
  /** Spans that have it, by cell. */
  readonly totals: ReadonlyMap<number, number>;
  /** By their `groupKey`; none where there are too many. */
  readonly values: ReadonlyMap<string, ComparedValue>;
  readonly hasTooManyValues: boolean;
}

export interface ComparedValue {
  readonly value: Value;
  readonly cells: ReadonlyMap<number, number>;
  /** Over all intervals. */
  readonly spanCounts: Readonly<Record<Side, number>>;
}

/** Values to tell apart, by attribute and their `groupKey`. */
export type WantedValues = ReadonlyMap<string, ReadonlyMap<string, Value>>;

/** Which of the cells of a table holds an interval and a side. */
export function cellOf(bin: number, side: Side): number {
  return bin * 2 + (side === 'selection' ? 1 : 0);
}

function sideOf(cell: number): Side {
  return cell % 2 === 1 ? 'selection' : 'baseline';
}

export class CompareTable {
  readonly binCount: number;
  readonly #wanted: WantedValues | undefined;
  readonly #attributes = new Map<string, AttributeCounts>();
  #numberCount = 0;

  /** Without `wanted`, all values are told apart. */
  constructor(binCount: number, wanted?: WantedValues) {
    this.binCount = binCount;
    this.#wanted = wanted;
  }

  get attributes(): ReadonlyMap<string, ComparedAttribute> {
    return this.#attributes;
  }

  /**
   * Counts spans that have an attribute; `value` is undefined where it is not told apart. Throws `InvalidQueryError` when
   * there are more numbers than can be held.
   */
  add(attribute: string, value: Value | undefined, counts: readonly CellCount[]): void {
    const compared = this.#attribute(attribute);
    this.#addTo(compared.totals, counts);
    if (value === undefined || compared.hasTooManyValues) return;
    const key = groupKey(value);
    if (this.#wanted !== undefined && !this.#wanted.get(attribute)?.has(key)) return;
    const found = compared.values.get(key) ?? this.#addValue(compared, key, value);
    for (const { cell, spanCount } of counts) {
      const side = sideOf(cell);
      if (found.spanCounts[side] === 0) compared.valueCounts[side]++;
      found.spanCounts[side] += spanCount;
    }
    this.#addTo(found.cells, counts);
    const { baseline, selection } = compared.valueCounts;
    if (Math.max(baseline, selection) > MAX_COMPARED_VALUES) this.#forgetValues(compared);
  }

  /** Of which it is known that there are too many values. */
  markTooManyValues(attribute: string): void {
    this.#forgetValues(this.#attribute(attribute));
  }

  #attribute(name: string): AttributeCounts {
    const known = this.#attributes.get(name);
    if (known !== undefined) return known;
    const counts: AttributeCounts = {
      totals: new Map(),
      values: new Map(),
      valueCounts: { baseline: 0, selection: 0 },
      hasTooManyValues: false,
    };
    this.#attributes.set(name, counts);
    return counts;
  }

  #addValue({ values }: AttributeCounts, key: string, value: Value): ValueCounts {
    const counts = { value, cells: new Map(), spanCounts: { baseline: 0, selection: 0 } };
    values.set(key, counts);
    this.#hold(VALUE_COST);
    return counts;
  }

  #addTo(cells: Map<number, number>, counts: readonly CellCount[]): void {
    for (const { cell, spanCount } of counts) {
      const known = cells.get(cell);
      if (known === undefined) this.#hold(1);
      cells.set(cell, (known ?? 0) + spanCount);
    }
  }

  #hold(count: number): void {
    this.#numberCount += count;
    if (this.#numberCount <= MAX_NUMBERS) return;
    throw new InvalidQueryError(
      `compare() counts more than ${MAX_NUMBERS} numbers: ask for longer intervals, or for fewer spans`,
      { parameter: 'q' },
    );
  }

  #forgetValues(compared: AttributeCounts): void {
    for (const { cells } of compared.values.values()) {
      this.#numberCount -= cells.size + VALUE_COST;
    }
    compared.values.clear();
    compared.hasTooManyValues = true;
  }
}

interface AttributeCounts extends ComparedAttribute {
  readonly totals: Map<number, number>;
  readonly values: Map<string, ValueCounts>;
  /** How many of the values each side has. */
  readonly valueCounts: Record<Side, number>;
  hasTooManyValues: boolean;
}

interface ValueCounts extends ComparedValue {
  readonly cells: Map<number, number>;
  readonly spanCounts: Record<Side, number>;
}
