/**
 * The comparison of two traces in the address: what a link must restore.
 *
 * `a` and `b` are the ids of the traces, `aSource=file` where one is of a file that was opened here; `view` is `spans` for the
 * spans themselves instead of the paths of calls; `sort` the order of the rows (`-share` from the largest), `only` and `find`
 * which are listed; `span` the selected one, as the trace that has it and its key there: `a.00f067aa0ba902b7`. `fold` is which paths
 * of calls are folded away, by a span of each, or as a depth (`fold=depth-2`); more than a long address has room for are not written.
 */
import { parseTraceId } from '@clew/model';
import { z } from 'zod';
import type { Sorting } from '../trace/order-spans.ts';
import { NOTHING_FOLDED } from '../trace/compare/fold-paths.ts';
import type { PathFold, SpanOfSide } from '../trace/compare/fold-paths.ts';
import { PAIR_ORDERS } from '../trace/compare/order-pairs.ts';
import type { PairOrder } from '../trace/compare/order-pairs.ts';
import { PATH_ORDERS } from '../trace/compare/order-paths.ts';
import type { PathOrder } from '../trace/compare/order-paths.ts';
import { ROW_KINDS } from '../trace/compare/row-filter.ts';
import type { RowFilter, RowKind } from '../trace/compare/row-filter.ts';
import type { QueryValues } from './query-string.ts';

export const COMPARE_VIEWS = ['paths', 'spans'] as const;
export type CompareView = (typeof COMPARE_VIEWS)[number];

/** One of the traces, as the address names it. */
export interface ComparedTrace {
  /** As it was given; not always an id. */
  readonly text: string;
  /** 32 digits; `undefined` where the text is no id. */
  readonly traceId: string | undefined;
  readonly source: 'store' | 'file';
}

export type SideName = SpanOfSide['side'];

export type ComparedPair = Readonly<Record<SideName, ComparedTrace | undefined>>;

export type SelectedSpan = SpanOfSide;

/** What is shown of a comparison. */
export interface CompareShown {
  readonly view: CompareView;
  readonly pathSorting: Sorting<PathOrder>;
  readonly pairSorting: Sorting<PairOrder>;
  readonly filter: RowFilter;
  readonly fold: PathFold;
  readonly selected: SelectedSpan | undefined;
}

const text = z.string().min(1).optional().catch(undefined);
const schema = z.object({
  a: text,
  b: text,
  aSource: text,
  bSource: text,
  view: z.enum(COMPARE_VIEWS).catch('paths'),
  sort: text,
  only: z.enum(ROW_KINDS).catch('all'),
  find: text,
  fold: text,
  span: text,
});

export const DEFAULT_SORTING = { by: 'tree', direction: 1 } as const;

export function parseComparedPair(values: QueryValues): ComparedPair {
  const { a, b, aSource, bSource } = schema.parse(values);
  return { a: toTrace(a, aSource), b: toTrace(b, bSource) };
}

export function parseCompareShown(values: QueryValues): CompareShown {
  const { view, sort, only, find, fold, span } = schema.parse(values);
  const isOfPaths = view === 'paths';
  return {
    view,
    pathSorting: (isOfPaths ? parseSorting(sort, PATH_ORDERS) : undefined) ?? DEFAULT_SORTING,
    pairSorting: (isOfPaths ? undefined : parseSorting(sort, PAIR_ORDERS)) ?? DEFAULT_SORTING,
    filter: { kind: only, text: find ?? '' },
    fold: parseFold(fold),
    selected: parseSelected(span),
  };
}

/** The ids in the address; nothing else, so that another pair is shown from the beginning. */
export function formatComparedPair({ a, b }: ComparedPair): QueryValues {
  return withoutMissing({
    a: a?.text,
    b: b?.text,
    aSource: a?.source === 'file' ? 'file' : undefined,
    bSource: b?.source === 'file' ? 'file' : undefined,
  });
}

/** What is as by default is left out. */
export function formatCompareUrl(pair: ComparedPair, shown: CompareShown): QueryValues {
  const { view, pathSorting, pairSorting, filter, fold, selected } = shown;
  const { by, direction } = view === 'paths' ? pathSorting : pairSorting;
  const isDefault = by === DEFAULT_SORTING.by && direction === DEFAULT_SORTING.direction;
  return withoutMissing({
    ...formatComparedPair(pair),
    view: view === 'paths' ? undefined : view,
    sort: isDefault ? undefined : `${direction === 1 ? '' : '-'}${by}`,
    only: filter.kind === 'all' ? undefined : filter.kind,
    find: filter.text === '' ? undefined : filter.text,
    fold: formatFold(fold),
    span: selected === undefined ? undefined : formatSpan(selected),
  });
}

/** The same with A and B in each other's place: what is selected, listed and ordered stays so. */
export function swapCompareUrl(values: QueryValues): QueryValues {
  const { a, b } = parseComparedPair(values);
  const shown = parseCompareShown(values);
  const { selected, filter, fold, pathSorting, pairSorting } = shown;
  const kind = SWAPPED_KINDS[filter.kind] ?? filter.kind;
  return formatCompareUrl(
    { a: b, b: a },
    {
      ...shown,
      filter: { ...filter, kind },
      pathSorting: { ...pathSorting, by: swapOrder(pathSorting.by, PATH_ORDERS) },
      pairSorting: { ...pairSorting, by: swapOrder(pairSorting.by, PAIR_ORDERS) },
      fold: 'spans' in fold ? { spans: fold.spans.map(swapSide) } : fold,
      selected: selected && swapSide(selected),
    },
  );
}

const SWAPPED_KINDS: Partial<Record<RowKind, RowKind>> = {
  onlyBase: 'onlyOther',
  onlyOther: 'onlyBase',
};

/** `baseTotal` becomes `otherTotal`, and the other way round. */
function swapOrder<By extends string>(by: By, allowed: readonly By[]): By {
  const swapped = by.startsWith('base') ? by.replace('base', 'other') : by.replace('other', 'base');
  return allowed.find((one) => one === swapped) ?? by;
}

export function storedTrace(traceId: string): ComparedTrace {
  return { text: traceId, traceId, source: 'store' };
}

function toTrace(id: string | undefined, source: string | undefined): ComparedTrace | undefined {
  if (id === undefined) return undefined;
  const traceId = parseTraceId(id.trim());
  return { text: id, traceId, source: source === 'file' ? 'file' : 'store' };
}

function swapSide({ side, key }: SpanOfSide): SpanOfSide {
  return { side: side === 'a' ? 'b' : 'a', key };
}

function formatFold(fold: PathFold): string | undefined {
  if ('fromDepth' in fold) return `depth-${fold.fromDepth}`;
  const { spans } = fold;
  return spans.length === 0 ? undefined : spans.map(formatSpan).join(',');
}

function parseFold(text: string | undefined): PathFold {
  if (text === undefined) return NOTHING_FOLDED;
  const [, depth] = /^depth-(\d{1,6})$/.exec(text) ?? [];
  if (depth !== undefined) return { fromDepth: Number(depth) };
  return { spans: text.split(',').flatMap((span) => parseSelected(span) ?? []) };
}

function formatSpan({ side, key }: SpanOfSide): string {
  return `${side}.${key}`;
}

function parseSelected(span: string | undefined): SelectedSpan | undefined {
  const [, side, key] = /^([ab])\.(.+)$/.exec(span ?? '') ?? [];
  return key === undefined ? undefined : { side: side === 'a' ? 'a' : 'b', key };
}

function parseSorting<By extends string>(
  given: string | undefined,
  allowed: readonly By[],
): Sorting<By> | undefined {
  const isDown = given?.startsWith('-') === true;
  const by = allowed.find((one) => one === (isDown ? given.slice(1) : given));
  return by === undefined ? undefined : { by, direction: isDown ? -1 : 1 };
}

function withoutMissing(values: QueryValues): QueryValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
