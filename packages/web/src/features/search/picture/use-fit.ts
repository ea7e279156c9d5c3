import { formatMoment } from '../../../base/format-time.ts';
import { messages } from '../../../messages/messages.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { useCommands } from '../../../ui/commands.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { nameLookback } from '../name-lookback.ts';
import type { SearchActions } from '../use-search-actions.ts';
import { fitSearch, isSqueezed } from './fit-search.ts';
import type { HistogramOutcome } from './use-histogram.ts';

const text = messages.search.picture;

export interface Fit {
  /** `Fit to data: last 5 minutes`. */
  readonly title: string;
  /** It is worth to be offered where it is seen. */
  readonly isUrgent: boolean;
  readonly run: () => void;
}

/** Searches the time that has the data: undefined where the time on the screen is it. Has a key while the picture is shown. */
export function useFit({
  state,
  histogram: { heatmap, isOutdated, error },
  actions,
}: {
  readonly state: ResolvedSearchState;
  readonly histogram: HistogramOutcome;
  readonly actions: SearchActions;
}): Fit | undefined {
  const zone = useTimeZone();
  // A picture of another time than the one that is asked for says nothing of it.
  const shown = isOutdated || error !== undefined ? undefined : heatmap;
  const fitted = shown && fitSearch(state, shown);
  const run = () => {
    if (fitted !== undefined) actions.show(fitted);
  };
  useCommands({
    title: messages.search.commands.title,
    reach: 'page',
    commands: [{ name: text.fit, keys: ['0'], run, isAvailable: () => fitted !== undefined }],
  });
  if (shown === undefined || fitted === undefined) return undefined;
  const [startMs, endMs] = [msFromNanos(fitted.start), msFromNanos(fitted.end)];
  const time =
    fitted.lookback === undefined
      ? text.fromTo(
          formatMoment(startMs, shown.range.endMs, zone),
          formatMoment(endMs, startMs, zone),
        )
      : nameLookback(fitted.lookback).toLowerCase();
  return { title: text.fitTo(time), isUrgent: isSqueezed(state, shown), run };
}
