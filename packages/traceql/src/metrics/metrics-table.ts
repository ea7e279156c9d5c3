import { InvalidQueryError } from '@clew/model';
import { labelsKey } from './series.ts';
import type { Label } from './series.ts';

/** What is known of the spans of one group in one interval. */
export interface Cell {
  /** How many there are, or how many they stand for. */
  weight: number;
  /** Of those that have the number that is asked about. */
  numberWeight: number;
  sum: number;
  min: number;
  max: number;
  /** By bucket, where quantiles or a histogram are asked for. */
  readonly buckets: Map<number, number>;
  /** The quantiles that are asked for, in their order, where they were computed elsewhere. */
  quantiles: readonly number[] | undefined;
}

export interface MetricsRow {
  readonly labels: readonly Label[];
  /** By interval; undefined where there were no spans. */
  readonly cells: readonly (Cell | undefined)[];
}

/** More are no picture that anybody could read. */
export const MAX_SERIES = 10_000;

/** Groups of spans by interval, being counted. */
export class MetricsTable {
  readonly binCount: number;
  readonly #rows = new Map<string, { labels: readonly Label[]; cells: (Cell | undefined)[] }>();

  constructor(binCount: number) {
    this.binCount = binCount;
  }

  get rows(): readonly MetricsRow[] {
    return [...this.#rows.values()];
  }

  /** Throws `InvalidQueryError` when there are more groups than anybody could look at. */
  cell(labels: readonly Label[], bin: number): Cell {
    const key = labelsKey(labels);
    let row = this.#rows.get(key);
    if (row === undefined) {
      if (this.#rows.size >= MAX_SERIES) {
        throw new InvalidQueryError(
          `the query makes more than ${MAX_SERIES} series: group by less, or keep the largest with topk()`,
          { parameter: 'q' },
        );
      }
      row = { labels, cells: Array.from({ length: this.binCount }) };
      this.#rows.set(key, row);
    }
    if (bin >= this.binCount) throw new RangeError(`there is no interval ${bin}`);
    let cell = row.cells[bin];
    if (cell === undefined) {
      cell = {
        weight: 0,
        numberWeight: 0,
        sum: 0,
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
        buckets: new Map(),
        quantiles: undefined,
      };
      row.cells[bin] = cell;
    }
    return cell;
  }
}
