/**
 * What `compare()` found, as a table: of each value how many spans of the selection and of the baseline have it, and how many
 * those are of a hundred. First comes what tells the two sides apart best.
 */
import type { AttributeValueJson, LabelJson, MetricsInstantResponse } from '@clew/api';
import { formatTable } from './format-table.ts';

type SeriesJson = MetricsInstantResponse['series'][number];
type Side = 'selection' | 'baseline';

/** Whether the series are those of `compare()`. */
export function isComparison({ series }: MetricsInstantResponse): boolean {
  return series.some(({ labels }) => textOf(labels, '__meta_type') !== undefined);
}

export function formatComparison({ series }: MetricsInstantResponse): string {
  const attributes = new Map<string, ComparedAttribute>();
  for (const each of series) readSeries(each, attributes);
  const spanCounts = spanCountsOf([...attributes.values()]);
  const rows = [...attributes]
    .map(([name, attribute]) => ({ name, attribute, values: valuesOf(attribute, spanCounts) }))
    .sort((a, b) => differenceOf(b.values[0]) - differenceOf(a.values[0]))
    .flatMap(({ name, attribute, values }) =>
      values.length === 0
        ? [withoutValues(name, attribute)]
        : values.map((value) => [name, value.text, ...shown(value, spanCounts)]),
    );
  return formatTable(COLUMNS, rows);
}

const COLUMNS = [
  { title: 'ATTRIBUTE' },
  { title: 'VALUE' },
  { title: 'SELECTION', align: 'right' },
  { title: '%', align: 'right' },
  { title: 'BASELINE', align: 'right' },
  { title: '%', align: 'right' },
] as const;

type SpanCounts = Readonly<Record<Side, number>>;

interface ComparedAttribute {
  readonly totals: Record<Side, number>;
  /** Spans by the text of the value; undefined where a side has it not among its most frequent. */
  readonly values: Map<string, Partial<Record<Side, number>>>;
  hasTooManyValues: boolean;
}

function readSeries(
  { labels, value }: SeriesJson,
  attributes: Map<string, ComparedAttribute>,
): void {
  const label = labels.find(({ name }) => !name.startsWith('__'));
  if (label === undefined) return;
  const attribute = attributes.get(label.name) ?? {
    totals: { selection: 0, baseline: 0 },
    values: new Map(),
    hasTooManyValues: false,
  };
  attributes.set(label.name, attribute);
  if (textOf(labels, '__meta_error') !== undefined) attribute.hasTooManyValues = true;
  const type = textOf(labels, '__meta_type');
  for (const side of ['selection', 'baseline'] as const) {
    if (type === `${side}_total`) attribute.totals[side] = value;
    if (type !== side) continue;
    const text = textOfValue(label.value);
    attribute.values.set(text, { ...attribute.values.get(text), [side]: value });
  }
}

/** Texts in quotes, which tells them from numbers. */
function textOfValue(value: AttributeValueJson): string {
  if (value.type === 'int') return value.value;
  return 'value' in value ? JSON.stringify(value.value) : 'nil';
}

function textOf(labels: readonly LabelJson[], name: string): string | undefined {
  const value = labels.find((label) => label.name === name)?.value;
  return value?.type === 'string' ? value.value : undefined;
}

/** What all spans have is among the attributes, such as their kind. */
function spanCountsOf(attributes: readonly ComparedAttribute[]): SpanCounts {
  const [selection = 0, baseline = 0] = SIDES.map((side) =>
    attributes.reduce((most, { totals }) => Math.max(most, totals[side]), 0),
  );
  return { selection, baseline };
}

interface ComparedValue {
  readonly text: string;
  readonly counts: Partial<Record<Side, number>>;
  /** Of the shares of the selection's spans and of the baseline's. */
  readonly difference: number;
}

/** The largest difference first. */
function valuesOf({ values }: ComparedAttribute, spanCounts: SpanCounts): readonly ComparedValue[] {
  return [...values]
    .map(([text, counts]) => {
      const [selection, baseline] = SIDES.map((side) => shareOf(counts[side], spanCounts[side]));
      return { text, counts, difference: Math.abs((selection ?? 0) - (baseline ?? 0)) };
    })
    .sort((a, b) => b.difference - a.difference);
}

const SIDES: readonly Side[] = ['selection', 'baseline'];

function shareOf(count: number | undefined, total: number): number {
  return total === 0 ? 0 : (count ?? 0) / total;
}

/** What cannot be told apart comes last. */
function differenceOf(value: ComparedValue | undefined): number {
  return value?.difference ?? -1;
}

function shown({ counts }: ComparedValue, spanCounts: SpanCounts): readonly string[] {
  return SIDES.flatMap((side) => {
    const count = counts[side];
    if (count === undefined) return ['', ''];
    return [String(count), (100 * shareOf(count, spanCounts[side])).toFixed(1)];
  });
}

function withoutValues(
  name: string,
  { totals, hasTooManyValues }: ComparedAttribute,
): readonly string[] {
  const reason = hasTooManyValues ? 'too many values' : 'lists, maps or bytes';
  return [name, `(${reason})`, ...SIDES.flatMap((side) => [String(totals[side]), ''])];
}
