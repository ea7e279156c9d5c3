/**
 * The trace page in the address: what a link must restore. Times are absolute and spans go by id, so that a link still
 * shows the same after more spans have arrived.
 *
 * `span` is the selected span, `tab` the open tab of its details, `panel=closed` when its details are closed; `range` the visible stretch
 * of time as two clock times; `fold` what is folded away (`fold-url.ts`). `path` is `hidden` or `only`
 * where the critical path is not drawn, or nothing else has rows; `findings` is `open`, or which finding is looked at; `color` what
 * the colours of bars stand for: `kind`, or an attribute (`span.http.route`).
 *
 * `clock` is `sent` where clocks are not put right.
 *
 * `view` is the picture of the trace that is shown; what is chosen in each picture is in `view-options.ts`, and where one is in them
 * in `place-url.ts`.
 */
import { z } from 'zod';
import { isSameTimeRange } from '../base/time-range.ts';
import type { TimeRange } from '../base/time-range.ts';
import { COLORINGS } from '../trace/color-spans.ts';
import type { Coloring } from '../trace/color-spans.ts';
import { formatAttribute, parseAttribute } from '../trace/span-attribute.ts';
import type { ClockMode } from '../trace/correct-clocks.ts';
import { findSpanByKey, formatSpanKey } from '../trace/span-key.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { findFoldLoss, formatFold, formatFoldRule, parseFold, parseFoldRule } from './fold-url.ts';
import { PATH_MODES } from './insight-state.ts';
import { formatPlaces, parsePlaces } from './place-url.ts';
import type { QueryValues } from './query-string.ts';
import { DETAIL_TABS } from './trace-state.ts';
import type { Folding, TraceStart, TraceState } from './trace-state.ts';
import { TRACE_PAGES, formatViewOptions, parseViewOptions } from './view-options.ts';

const schema = z.object({
  view: z.enum(TRACE_PAGES).catch('timeline'),
  span: z.string().min(1).optional().catch(undefined),
  tab: z.enum(DETAIL_TABS).catch('attributes'),
  panel: z.literal('closed').optional().catch(undefined),
  range: z
    .string()
    .regex(/^\d{1,20}-\d{1,20}$/)
    .optional()
    .catch(undefined),
  fold: z.string().optional().catch(undefined),
  path: z.enum(PATH_MODES).optional().catch(undefined),
  findings: z.string().min(1).optional().catch(undefined),
  color: z.string().optional().catch(undefined),
  clock: z.literal('sent').optional().catch(undefined),
});

/** Reads the address against the trace; what names nothing in it is left out. */
export function parseTraceUrl(values: QueryValues, view: TraceView): TraceStart {
  const parsed = schema.parse(values);
  const { span, tab, panel, range, fold, path, findings, color, view: page } = parsed;
  const spanIndex = span === undefined ? undefined : findSpanByKey(view, span);
  return {
    page,
    options: parseViewOptions(values),
    spanIndex,
    tab,
    isDetailOpen: spanIndex !== undefined && panel === undefined,
    range: range === undefined ? undefined : parseRange(range, view),
    collapsed: parseFold(fold, view),
    foldRule: fold === undefined ? undefined : parseFoldRule(fold),
    foldLoss: fold === undefined ? undefined : findFoldLoss(fold, view),
    places: parsePlaces(values, view, spanIndex),
    path,
    findings,
    coloring: color === undefined ? undefined : parseColoring(color),
    clock: parsed.clock,
  };
}

/** Which times a trace is to be drawn with: to be known before there is a view of it. */
export function parseClock(values: QueryValues): ClockMode {
  return schema.parse(values).clock ?? 'corrected';
}

/** Writes what the page shows into an address; what is as by default is left out. */
export function formatTraceUrl(state: TraceState): QueryValues {
  const view = state.view.get();
  const spanIndex = state.selection.get();
  const range = state.range.get();
  const tab = state.tab.get();
  const isOpen = state.isDetailOpen.get();
  const page = state.page.get();
  const values = {
    view: page === 'timeline' ? undefined : page,
    ...formatViewOptions(state.options.get()),
    span: spanIndex === undefined ? undefined : formatSpanKey(view, spanIndex),
    panel: spanIndex === undefined || isOpen ? undefined : 'closed',
    tab: spanIndex === undefined || tab === 'attributes' ? undefined : tab,
    range: isSameTimeRange(range, state.bounds) ? undefined : formatRange(range, view),
    fold: formatFolding(view, state.folding.get()),
    ...formatInsights(state),
    ...formatPlaces(state),
    clock: state.clock.get() === 'sent' ? 'sent' : undefined,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function formatFolding(view: TraceView, { rule, collapsed }: Folding): string | undefined {
  return rule === undefined ? formatFold(view, collapsed) : formatFoldRule(rule);
}

function formatInsights({ insights, coloring }: TraceState): QueryValues {
  const path = insights.path.get();
  const color = coloring.get();
  return {
    path: path === 'shown' ? undefined : path,
    findings: insights.findings.get(),
    color: color === 'service' ? undefined : formatColoring(color),
  };
}

function formatColoring(coloring: Coloring): string {
  return typeof coloring === 'string' ? coloring : formatAttribute(coloring);
}

function parseColoring(text: string): Coloring | undefined {
  return COLORINGS.find((one) => one === text) ?? parseAttribute(text);
}

function parseRange(text: string, view: TraceView): TimeRange | undefined {
  const [start = '', end = ''] = text.split('-');
  const startNs = Number(BigInt(start) - view.startUnixNano);
  const endNs = Number(BigInt(end) - view.startUnixNano);
  return endNs > startNs ? { startNs, endNs } : undefined;
}

function formatRange({ startNs, endNs }: TimeRange, { startUnixNano }: TraceView): string {
  const start = startUnixNano + BigInt(Math.round(startNs));
  const end = startUnixNano + BigInt(Math.round(endNs));
  return `${start}-${end}`;
}
