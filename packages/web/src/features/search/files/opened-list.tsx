import { NotFoundError, toTraceColumns } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { useMemo, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { OpenedFiles, OpenedTrace } from '../../../state/opened-files.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Store } from '../../../state/store.ts';
import { Button } from '../../../ui/button.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { ColumnHeads } from '../results/column-heads.tsx';
import { ResultList } from '../results/result-list.tsx';
import { chooseSample } from '../results/shape/sample-spans.ts';
import type { SampledSpan } from '../results/shape/sample-spans.ts';
import { ShapeLoader } from '../results/shape/shape-loader.ts';
import type { ShapeSource } from '../results/shape/shape-loader.ts';
import { ShowSwitch } from '../results/show-switch.tsx';
import { TickedBar } from '../results/ticked-bar.tsx';
import { TickedTraces } from '../results/ticked-traces.ts';
import { TraceRow } from '../results/trace-row.tsx';
import type { SearchActions } from '../use-search-actions.ts';
import { summaryOf } from './summary-of.ts';

const text = messages.search.files;

const NOW_EVERY_MS = 60_000;

export interface OpenedListProps {
  readonly files: OpenedFiles;
  readonly opened: readonly OpenedTrace[];
  readonly state: ResolvedSearchState;
  readonly actions: SearchActions;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** The traces of the files that were opened here. */
export function OpenedList({
  files,
  opened,
  state,
  actions,
  scroller,
}: OpenedListProps): ReactNode {
  const nowMs = useNow(NOW_EVERY_MS);
  const traces = useMemo(() => opened.map(({ trace }) => summaryOf(trace)), [opened]);
  const longestNano = traces.reduce((longest, { durationNano }) => {
    const nanos = BigInt(durationNano);
    return nanos > longest ? nanos : longest;
  }, 0n);
  const [loader] = useState(() => new ShapeLoader(sourceOf(files)));
  const [pointedMs] = useState(() => new Store<number | undefined>(undefined));
  const [ticked] = useState(() => new TickedTraces());
  const names = [...new Set(opened.map(({ fileName }) => fileName))].join(', ');
  return (
    <section className="search-answer" aria-label={messages.search.results} data-dated={true}>
      <div className="results-head">
        <div className="results-summary">
          <ShowSwitch state={state} onShow={actions.show} openedCount={opened.length} />
          <h2>{opened.length === 0 ? text.gone : text.counted(opened.length, names)}</h2>
          <TickedBar ticked={ticked} source="file" />
          {opened.length === 0 ? undefined : (
            <Button look="quiet" className="opened-close" onClick={() => files.closeAll()}>
              {text.close}
            </Button>
          )}
        </div>
        {opened.length === 0 ? undefined : (
          <ColumnHeads kind="traces" order="query" onOrder={() => undefined} />
        )}
      </div>
      {opened.length === 0 ? (
        <p className="opened-none">{text.goneAdvice}</p>
      ) : (
        <ResultList
          scroller={scroller}
          canLoadMore={false}
          onLoadMore={() => undefined}
          label={text.label}
          items={traces}
          keyOf={({ traceId }) => traceId}
          renderRow={(trace, place) => (
            <TraceRow
              key={trace.traceId}
              {...place}
              trace={trace}
              source="file"
              longestNano={longestNano}
              nowMs={nowMs}
              pointedMs={pointedMs}
              loader={loader}
              ticked={ticked}
            />
          )}
        />
      )}
    </section>
  );
}

function sourceOf(files: OpenedFiles): ShapeSource {
  const find = (traceId: string): Trace => {
    const opened = files.findOpenedTrace(traceId);
    if (opened === undefined) throw new NotFoundError('trace', traceId);
    return opened.trace;
  };
  return {
    readTraceColumns: async (traceId) => toTraceColumns(find(traceId)),
    readSample: async ({ traceId }) => chooseSample(find(traceId).spans.map(toSampled)),
  };
}

function toSampled({ resource, startUnixNano, durationNano, status }: Span): SampledSpan {
  return { service: resource.service, startUnixNano, durationNano, isFailed: status === 'error' };
}
