import { allIndexes, sortIndexes } from '../base/sort-indexes.ts';
import { upperBound } from '../base/binary-search.ts';
import type { TraceView } from './trace-view.ts';

/** All events of a trace by time, as indexes into the view's events. */
export function orderEvents({ events }: TraceView): Uint32Array {
  return sortIndexes(allIndexes(events.offsetsNs.length), events.offsetsNs);
}

/** The span that an event belongs to. */
export function spanOfEvent({ events: { firsts } }: TraceView, event: number): number {
  return upperBound({ values: firsts, from: 0, to: firsts.length }, event) - 1;
}
