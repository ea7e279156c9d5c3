import { groupKey } from '../evaluate/search.ts';
import type { Value } from '../evaluate/value.ts';

/** What the spans of a series have in common. */
export interface Label {
  readonly name: string;
  /** Undefined for spans that have no such thing. */
  readonly value: Value | undefined;
}

/** A number an interval. */
export interface Series {
  readonly labels: readonly Label[];
  /** `NaN` where there is nothing to tell. */
  readonly values: Float64Array;
}

/** Equal for series of the same labels, whatever order these are in. */
export function labelsKey(labels: readonly Label[]): string {
  const texts = labels.map(({ name, value }) => JSON.stringify([name, groupKey(value)]));
  return texts.sort((a, b) => (a < b ? -1 : 1)).join();
}

/** The same everywhere: by the text of their labels. */
export function compareSeries(a: Series, b: Series): number {
  const [first, second] = [labelsKey(a.labels), labelsKey(b.labels)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** In the order of `compareSeries`; the texts of many are made once each. */
export function sortSeries(series: readonly Series[]): readonly Series[] {
  return series
    .map((each) => ({ each, key: labelsKey(each.labels) }))
    .sort((a, b) => Number(a.key > b.key) - Number(a.key < b.key))
    .map(({ each }) => each);
}

export function isEmptySeries({ values }: Series): boolean {
  return values.every(Number.isNaN);
}
