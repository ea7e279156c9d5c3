import { LOOKBACKS, lookbackToMs, msFromNanos, nanosFromMs } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { timesOfColumn } from './heatmap.ts';
import type { Heatmap, MsRange } from './heatmap.ts';

/** A time that is not shorter than this part of the one on the screen would not be worth a step. */
const WORTHWHILE = 0.9;

/** What ends farther from the end of a time than this part of it does not happen now. */
const STILL_ARRIVING = 0.25;

/** Spans that all began in this last part of the picture are hardly seen there. */
const SQUEEZED = 0.1;

/**
 * The same search over the time that has the spans of its picture. A time that was looked back is one still, if spans came until its
 * end: the shortest that is offered, from the same end. Any other time is that of the columns that have spans. `undefined` where
 * there is nothing to fit to, or little to be gained.
 */
export function fitSearch(
  state: ResolvedSearchState,
  heatmap: Heatmap,
): ResolvedSearchState | undefined {
  const data = timesOfData(heatmap);
  if (data === undefined) return undefined;
  const { startMs, endMs } = heatmap.range;
  const lookback = LOOKBACKS.find((each) => lookbackToMs(each) >= endMs - data.startMs);
  if (state.lookback !== undefined && lookback !== undefined) {
    const lengthMs = lookbackToMs(lookback);
    const isArriving = endMs - data.endMs < STILL_ARRIVING * lengthMs;
    if (isArriving && lengthMs < WORTHWHILE * (endMs - startMs)) {
      const start = nanosFromMs(msFromNanos(state.end) - lengthMs);
      return { ...state, lookback, start };
    }
  }
  if (data.endMs - data.startMs >= WORTHWHILE * (endMs - startMs)) return undefined;
  return {
    ...state,
    lookback: undefined,
    start: nanosFromMs(Math.floor(data.startMs)),
    end: nanosFromMs(Math.ceil(data.endMs)),
  };
}

/** Whether a time that was looked back is nearly empty, as the last hour is when spans have come for a minute. */
export function isSqueezed({ lookback }: ResolvedSearchState, heatmap: Heatmap): boolean {
  const data = timesOfData(heatmap);
  if (lookback === undefined || data === undefined) return false;
  const { startMs, endMs } = heatmap.range;
  return data.startMs >= endMs - SQUEEZED * (endMs - startMs);
}

/** From the first column that has spans to the last. */
function timesOfData(heatmap: Heatmap): MsRange | undefined {
  const columns = heatmap.cells.map(({ column }) => column);
  if (columns.length === 0) return undefined;
  const first = columns.reduce((a, b) => Math.min(a, b));
  const last = columns.reduce((a, b) => Math.max(a, b));
  return {
    startMs: timesOfColumn(heatmap, first).startMs,
    endMs: timesOfColumn(heatmap, last).endMs,
  };
}
