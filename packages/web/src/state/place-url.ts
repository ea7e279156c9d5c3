/**
 * Where one is in the pictures of a trace, in its address: `top` is the first row of the timeline, as a span with how much of it is
 * hidden (`00f067aa0ba902b7-12`); `scroll` how far the tables and the flame graph are scrolled (`table-scroll.ts`); `at` the middle of the graph and its scale; `event` which event of the selected span, counted from
 * 1; `find` what is looked for; `mark`, several times, what was pointed at.
 */
import { z } from 'zod';
import { findSpanByKey, formatSpanKey } from '../trace/span-key.ts';
import type { TraceView } from '../trace/trace-view.ts';
import type { GraphPlace, PlaceStart, ScrollPlace } from './place-state.ts';
import type { QueryValues } from './query-string.ts';
import { formatSpanMark, parseSpanMark } from './span-mark.ts';
import { formatTableScroll, parseTableScroll } from './table-scroll.ts';
import type { TraceState } from './trace-state.ts';

/** A selected row this far up is in sight from the top on every screen. */
const ROWS_IN_SIGHT = 8;

const DECIMAL = String.raw`-?\d{1,7}(?:\.\d{1,4})?`;
const text = z.string().min(1).optional().catch(undefined);
const schema = z.object({
  top: text,
  scroll: text,
  at: z
    .string()
    .regex(new RegExp(`^(?:${DECIMAL},){2}${DECIMAL}$`))
    .optional()
    .catch(undefined),
  event: z.coerce.number().int().min(1).optional().catch(undefined),
  find: text,
  mark: z.unknown().optional(),
});

/** Reads them against the trace; what names nothing in it is left out. */
export function parsePlaces(
  values: QueryValues,
  view: TraceView,
  selected: number | undefined,
): PlaceStart {
  const { top, scroll, at, event, find, mark } = schema.parse(values);
  return {
    scroll: top === undefined ? undefined : parseScroll(top, view),
    tables: scroll === undefined ? undefined : parseTableScroll(scroll),
    graph: at === undefined ? undefined : parseGraphPlace(at),
    event: findEvent(view, selected, event),
    findText: find,
    mark: parseSpanMark(mark),
  };
}

/** What is as without it is left out. */
export function formatPlaces(state: TraceState): QueryValues {
  const { tables, graph, findText, mark } = state.places;
  const place = graph.get();
  const marked = mark.get();
  return {
    top: formatScroll(state),
    scroll: formatTableScroll(tables.get(), state.selection.get() !== undefined),
    at: place === undefined ? undefined : formatGraphPlace(place),
    event: formatEvent(state),
    find: findText.get() === '' ? undefined : findText.get(),
    mark: marked === undefined ? undefined : formatSpanMark(marked),
  };
}

function parseScroll(top: string, view: TraceView): ScrollPlace | undefined {
  const [key = '', hidden = '0'] = top.split('-');
  const spanIndex = findSpanByKey(view, key);
  if (spanIndex === undefined || !/^\d{1,3}$/.test(hidden)) return undefined;
  return { spanIndex, hiddenPx: Number(hidden) };
}

/** From the top, the selected span is scrolled to: whoever has it out of sight above all rows must say so. */
function formatScroll({ places, view, folding, selection }: TraceState): string | undefined {
  const place = places.scroll.get();
  if (place === undefined) return undefined;
  const { rowOfSpan } = folding.get().rows;
  const hiddenPx = Math.round(place.hiddenPx);
  const selected = selection.get();
  const isTop = rowOfSpan[place.spanIndex] === 0 && hiddenPx === 0;
  const isInSight = selected === undefined || (rowOfSpan[selected] ?? 0) < ROWS_IN_SIGHT;
  if (isTop && isInSight) return undefined;
  const key = formatSpanKey(view.get(), place.spanIndex);
  return hiddenPx === 0 ? key : `${key}-${hiddenPx}`;
}

function parseGraphPlace(at: string): GraphPlace | undefined {
  const [xPx = 0, yPx = 0, scale = 0] = at.split(',').map(Number);
  return scale > 0 ? { xPx, yPx, scale } : undefined;
}

function formatGraphPlace({ xPx, yPx, scale }: GraphPlace): string {
  return [xPx.toFixed(2), yPx.toFixed(2), scale.toFixed(4)].map(Number).join(',');
}

function findEvent(
  { events: { firsts } }: TraceView,
  selected: number | undefined,
  number: number | undefined,
): number | undefined {
  if (selected === undefined || number === undefined) return undefined;
  const event = (firsts[selected] ?? 0) + number - 1;
  return event < (firsts[selected + 1] ?? 0) ? event : undefined;
}

function formatEvent({ places, view, selection }: TraceState): string | undefined {
  const event = places.event.get();
  const selected = selection.get();
  if (event === undefined || selected === undefined) return undefined;
  const { firsts } = view.get().events;
  const number = event - (firsts[selected] ?? 0) + 1;
  return number >= 1 && event < (firsts[selected + 1] ?? 0) ? String(number) : undefined;
}
