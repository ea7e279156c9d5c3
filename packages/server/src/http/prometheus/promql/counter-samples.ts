import type { Evaluation } from './compile-promql.ts';
import type { Labels, Sample } from './labels.ts';
import type { MinuteGrid, MinuteWindows } from './minute-windows.ts';

/** What was counted in each interval of a grid. */
export interface CounterSeries {
  readonly labels: Labels;
  readonly amounts: Float64Array;
  /** The first interval in which the series was seen: it has no samples before, and from then on one at every moment. */
  readonly firstInterval: number;
}

/** What a counter grew by in the window of each step, in parts of `divisor`. */
export function sampleCounters(
  series: readonly CounterSeries[],
  windows: MinuteWindows,
  { grid, divisor }: { readonly grid: MinuteGrid; readonly divisor: number },
): Evaluation<readonly Sample[]> {
  const sums = series.map(({ amounts }) => sumUp(amounts));
  const intervalOf = (minute: number): number =>
    Math.round((minute - grid.firstMinute) / grid.stepMinutes);
  return (step) => {
    const from = intervalOf(windows.from[step] ?? 0);
    const to = intervalOf(windows.to[step] ?? 0);
    const samples: Sample[] = [];
    for (const [i, { labels, firstInterval }] of series.entries()) {
      if (firstInterval >= to) continue;
      const sum = sums[i];
      const grown = (sum?.[to] ?? 0) - (sum?.[from] ?? 0);
      samples.push({ labels, value: grown / divisor });
    }
    return samples;
  };
}

/** What there was before each interval, and in the end. */
function sumUp(amounts: Float64Array): Float64Array {
  const sums = new Float64Array(amounts.length + 1);
  for (const [i, amount] of amounts.entries()) sums[i + 1] = (sums[i] ?? 0) + amount;
  return sums;
}
