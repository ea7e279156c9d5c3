import { unreachable } from '@clew/model';
import { sortIndexes } from '../base/sort-indexes.ts';
import type { TraceView } from './trace-view.ts';

export const SPAN_ORDERS = ['start', 'duration', 'self', 'service', 'name', 'status'] as const;
export type SpanOrder = (typeof SPAN_ORDERS)[number];

export interface Sorting<By extends string> {
  readonly by: By;
  /** 1 from the smallest on. */
  readonly direction: 1 | -1;
}

/** The spans in an order; equal ones stay as they were. */
export function orderSpans(
  view: TraceView,
  spanIndexes: Uint32Array,
  { by, direction }: Sorting<SpanOrder>,
): Uint32Array {
  return sortIndexes(spanIndexes, keysOf(view, by), direction);
}

/** One number per span, in the order that is asked for. */
function keysOf(view: TraceView, by: SpanOrder): ArrayLike<number> {
  switch (by) {
    case 'start':
      return view.offsetsNs;
    case 'duration':
      return view.durationsNs;
    case 'self':
      return view.coverage.selfTimesNs;
    case 'service':
      return view.serviceIndexes;
    case 'status':
      return view.columns.statuses;
    case 'name': {
      const ranks = rankTexts(view.columns.names);
      return view.columns.nameIndexes.map((name) => ranks[name] ?? 0);
    }
    default:
      return unreachable(by);
  }
}

/** The place of each text among all of them, in the order of their letters. */
export function rankTexts(texts: readonly string[]): Uint32Array {
  const order = texts
    .map((text, at) => ({ text, at }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const ranks = new Uint32Array(texts.length);
  order.forEach(({ at }, rank) => (ranks[at] = rank));
  return ranks;
}
