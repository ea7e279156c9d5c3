import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatTimeRange } from '../../../base/format-time.ts';
import { paintPng } from '../../../canvas/picture/paint-png.ts';
import { messages } from '../../../messages/messages.ts';
import { msFromNanos } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { describeConditions } from '../history/describe-search.ts';
import type { HeatmapPlot } from './heatmap-plot.ts';
import type { Heatmap } from './heatmap.ts';

export interface SaveHeatmapProps {
  readonly state: ResolvedSearchState;
  readonly heatmap: Heatmap | undefined;
  readonly plot: HeatmapPlot | undefined;
}

/** Saves the heatmap as a picture that says what was searched, and when. */
export function SaveHeatmap({ state, heatmap, plot }: SaveHeatmapProps): ReactNode {
  const zone = useTimeZone();
  const [error, setError] = useState<string>();
  const save = async () => {
    if (heatmap === undefined || plot === undefined) return;
    const { picture } = messages.search;
    const { spanCount, errorCount } = heatmap;
    const caption = {
      title: describeConditions(state),
      facts: messages.exported.facts([
        formatTimeRange(msFromNanos(state.start), msFromNanos(state.end), zone),
        picture.spans(spanCount),
        ...(errorCount === 0 ? [] : [picture.failed(errorCount)]),
      ]),
    };
    try {
      const file = await paintPng(plot.makePicture(caption), devicePixelRatio);
      saveFile(file, `search-${state.start}-${state.end}.png`);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <>
      {error === undefined ? undefined : (
        <span className="search-picture-failed" role="alert">
          {messages.exported.heatmapFailed(error)}
        </span>
      )}
      <Button
        look="quiet"
        disabled={heatmap === undefined || plot === undefined}
        title={messages.exported.savePng}
        onClick={() => void save()}
      >
        <Icon name="download" />
        <span>{messages.exported.png}</span>
      </Button>
    </>
  );
}
