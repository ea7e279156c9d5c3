import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import type { Store } from '../../../state/store.ts';
import { Button } from '../../../ui/button.tsx';
import { EmbedButton } from '../../../ui/embed-button.tsx';
import { useIsEmbedded } from '../../../ui/embed.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { createLazyPart } from '../../../ui/lazy-part.tsx';
import { describeConditions } from '../history/describe-search.ts';
import type { SearchActions } from '../use-search-actions.ts';
import type { DurationHeatmapProps } from './duration-heatmap.tsx';
import type { HeatmapPlot } from './heatmap-plot.ts';
import { SaveHeatmap } from './save-heatmap.tsx';
import { useFit } from './use-fit.ts';
import type { Fit } from './use-fit.ts';
import type { HistogramOutcome } from './use-histogram.ts';
import './search-picture.css';

const text = messages.search.picture;

const DurationHeatmap = createLazyPart({
  name: messages.search.parts.heatmap,
  load: async () => (await import('./duration-heatmap.tsx')).DurationHeatmap,
});
const DurationTable = createLazyPart({
  name: messages.search.parts.table,
  load: async () => (await import('./duration-table.tsx')).DurationTable,
});

export interface SearchPictureProps {
  readonly state: ResolvedSearchState;
  readonly histogram: HistogramOutcome;
  readonly pointedMs: Store<number | undefined>;
  readonly actions: SearchActions;
}

/** All that the search finds, not only what is loaded: when it began, how long it took, what failed. */
export function SearchPicture(props: SearchPictureProps): ReactNode {
  const { state, histogram } = props;
  const isEmbedded = useIsEmbedded();
  const [plot, setPlot] = useState<HeatmapPlot>();
  const isTable = state.picture === 'table';
  const fit = useFit(props);
  return (
    <section
      className="search-picture"
      aria-label={text.title}
      data-outdated={histogram.isOutdated}
      data-table={isTable}
    >
      <div className="search-picture-head">
        <Legend {...props} />
        {isEmbedded ? undefined : <Tools {...props} plot={plot} fit={fit} />}
      </div>
      <Picture {...props} onPlot={setPlot} fit={isEmbedded ? undefined : fit} />
    </section>
  );
}

function Tools({
  state,
  histogram,
  actions,
  plot,
  fit,
}: SearchPictureProps & {
  readonly plot: HeatmapPlot | undefined;
  readonly fit: Fit | undefined;
}): ReactNode {
  const isTable = state.picture === 'table';
  return (
    <>
      <Button
        look="quiet"
        disabled={fit === undefined}
        onClick={fit?.run}
        title={text.fitTitle(fit?.title ?? text.fitted)}
      >
        <Icon name="fit" />
        <span>{text.fit}</span>
      </Button>
      <Button look="quiet" onClick={actions.zoomOut} title={text.zoomOutTitle}>
        <Icon name="zoomOut" />
        <span>{text.zoomOut}</span>
      </Button>
      <Button
        look="quiet"
        aria-pressed={isTable}
        onClick={() => actions.show({ ...state, picture: isTable ? undefined : 'table' })}
      >
        <Icon name="table" />
        <span>{text.table}</span>
      </Button>
      {isTable ? undefined : <SaveHeatmap state={state} heatmap={histogram.heatmap} plot={plot} />}
      <EmbedButton title={describeConditions(state)} />
    </>
  );
}

function Picture({
  state,
  histogram,
  pointedMs,
  actions,
  onPlot,
  fit,
}: SearchPictureProps &
  Pick<DurationHeatmapProps, 'onPlot'> & { readonly fit: Fit | undefined }): ReactNode {
  const { heatmap, error } = histogram;
  if (error !== undefined) {
    return (
      <p className="search-picture-note">
        {text.error(error.message)}
        <Button look="quiet" onClick={histogram.askAgain}>
          {messages.search.tryAgain}
        </Button>
      </p>
    );
  }
  if (heatmap === undefined) return undefined;
  if (state.picture === 'table') {
    return <DurationTable heatmap={heatmap} onNarrow={actions.narrow} />;
  }
  return (
    <DurationHeatmap
      heatmap={heatmap}
      pointedMs={pointedMs}
      onPlot={onPlot}
      onNarrow={actions.narrow}
      onZoomOut={actions.zoomOut}
    >
      {fit?.isUrgent === true ? (
        <Button className="heatmap-fit" onClick={fit.run}>
          {fit.title}
        </Button>
      ) : undefined}
    </DurationHeatmap>
  );
}

/** What the colours stand for, with how many there are of each. */
function Legend({ state, histogram, actions }: SearchPictureProps): ReactNode {
  const { heatmap, error } = histogram;
  if (heatmap === undefined || error !== undefined) return <p className="search-picture-legend" />;
  const { spanCount, errorCount } = heatmap;
  const canNarrow = errorCount > 0 && state.q === undefined && state.status === undefined;
  return (
    <p className="search-picture-legend">
      <i className="legend-spans" />
      <span className="legend-long">{text.spans(spanCount)}</span>
      <span className="legend-short">{text.spansInShort(spanCount)}</span>
      {errorCount === 0 ? undefined : (
        <>
          <i className="legend-failed" />
          {canNarrow ? (
            <Button
              look="quiet"
              title={text.onlyFailed}
              onClick={() => actions.search({ ...state, status: 'error' })}
            >
              {text.failed(errorCount)}
            </Button>
          ) : (
            text.failed(errorCount)
          )}
        </>
      )}
      <span className="search-picture-hint">{text.hint}</span>
    </p>
  );
}
