import { formatDurationShort } from '../../../base/format.ts';
import { formatClock, formatMoment } from '../../../base/format-time.ts';
import type { TimeZone } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { boundsOfBucket, timesOfColumn } from './heatmap.ts';
import type { CellPlace, Heatmap } from './heatmap.ts';

const text = messages.search.picture;

/** What the cells between two corners cover. */
export interface BoxText {
  readonly times: string;
  readonly durations: string;
}

export function describeBox(heatmap: Heatmap, a: CellPlace, b: CellPlace, zone: TimeZone): BoxText {
  const { startMs } = timesOfColumn(heatmap, Math.min(a.column, b.column));
  const { endMs } = timesOfColumn(heatmap, Math.max(a.column, b.column));
  const [minNs] = boundsOfBucket(Math.min(a.bucket, b.bucket));
  const [, maxNs] = boundsOfBucket(Math.max(a.bucket, b.bucket));
  const isFine = heatmap.stepMs < 1000;
  const clock = (unixMs: number) =>
    isFine ? formatClock(unixMs, zone) : formatMoment(unixMs, startMs, zone);
  return {
    times: text.fromTo(clock(startMs), clock(endMs)),
    durations: text.fromTo(formatDurationShort(minNs), formatDurationShort(maxNs)),
  };
}
