/**
 * The series of `compare()`, in Tempo's shape: of each attribute and side those values that most spans have, and how many spans
 * have the attribute at all.
 */
import { InvalidQueryError } from '@clew/model';
import type { Value } from '../evaluate/value.ts';
import type { CompareFunction } from '../syntax-tree.ts';
import { cellOf } from './compare-table.ts';
import type {
  CompareTable,
  ComparedAttribute,
  ComparedValue,
  Side,
  WantedValues,
} from './compare-table.ts';
import { MAX_SERIES } from './metrics-table.ts';
import { sortSeries } from './series.ts';
import type { Label, Series } from './series.ts';

/** How many values of an attribute are given when nobody says. */
const DEFAULT_COUNT = 10;

/** Numbers of all series together: 80 MB. */
const MAX_GIVEN_NUMBERS = 10_000_000;

const SIDES: readonly Side[] = ['baseline', 'selection'];

/** Throws `InvalidQueryError` for more series, or longer ones, than anybody could look at. */
export function computeComparison(
  { topCount = DEFAULT_COUNT }: CompareFunction,
  table: CompareTable,
): readonly Series[] {
  const { binCount } = table;
  const series: Series[] = [];
  for (const [name, attribute] of table.attributes) {
    const add = (label: Label, value: Value | undefined, values: Float64Array): void => {
      series.push({ labels: [label, { name, value }], values });
    };
    for (const side of SIDES) {
      for (const [, { value, cells }] of topValues(attribute, side, topCount)) {
        add(metaLabel('__meta_type', side), value, valuesOf(cells, side, binCount));
      }
      const totals = valuesOf(attribute.totals, side, binCount);
      const isThere = totals.some((count) => count > 0);
      if (isThere) add(metaLabel('__meta_type', `${side}_total`), undefined, totals);
    }
    if (attribute.hasTooManyValues) {
      const label = metaLabel('__meta_error', '__too_many_values__');
      add(label, undefined, new Float64Array(binCount));
    }
    if (series.length > MAX_SERIES) {
      refuse(`more than ${MAX_SERIES} series: compare fewer values, as in compare({ … }, 3)`);
    }
    if (series.length * binCount > MAX_GIVEN_NUMBERS) {
      refuse(`more than ${MAX_GIVEN_NUMBERS} numbers: ask for longer intervals`);
    }
  }
  return sortSeries(series);
}

/** The values that `computeComparison` gives. */
export function wantedValues(
  { topCount = DEFAULT_COUNT }: CompareFunction,
  table: CompareTable,
): WantedValues {
  const wanted = new Map<string, Map<string, Value>>();
  for (const [name, attribute] of table.attributes) {
    const top = SIDES.flatMap((side) => topValues(attribute, side, topCount));
    wanted.set(name, new Map(top.map(([key, { value }]) => [key, value])));
  }
  return wanted;
}

/** Those that most spans of a side have; of equally many the first by their text. */
function topValues(
  { values }: ComparedAttribute,
  side: Side,
  topCount: number,
): readonly (readonly [key: string, ComparedValue])[] {
  return [...values]
    .filter(([, { spanCounts }]) => spanCounts[side] > 0)
    .sort(
      ([key, a], [other, b]) => b.spanCounts[side] - a.spanCounts[side] || (key < other ? -1 : 1),
    )
    .slice(0, topCount);
}

function valuesOf(cells: ReadonlyMap<number, number>, side: Side, binCount: number): Float64Array {
  return Float64Array.from({ length: binCount }, (_, bin) => cells.get(cellOf(bin, side)) ?? 0);
}

function metaLabel(name: string, value: string): Label {
  return { name, value: { type: 'string', value } };
}

function refuse(what: string): never {
  throw new InvalidQueryError(`the query makes ${what}`, { parameter: 'q' });
}
