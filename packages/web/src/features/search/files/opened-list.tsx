import { NotFoundError, toTraceColumns } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { useMemo, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { OpenedFiles, OpenedTrace } from '../../../state/opened-files.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { Store } from '../../../state/store.ts';
import { Button } from '../../../ui/button.tsx';
import { ColumnHeads } from '../results/column-heads.tsx';
import { chooseSample } from '../results/shape/sample-spans.ts';
import type { SampledSpan } from '../results/shape/sample-spans.ts';
import type { ShapeSource } from '../results/shape/shape-loader.ts';
import { ShowSwitch } from '../results/show-switch.tsx';
import { TickedBar } from '../results/ticked-bar.tsx';
import { TickedTraces } from '../results/ticked-traces.ts';
import { TraceList } from '../results/trace-list.tsx';
import type { SearchActions } from '../use-search-actions.ts';
import { summaryOf } from './summary-of.ts';

const text = messages.search.files;

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
  const traces = useMemo(() => opened.map(({ trace }) => summaryOf(trace)), [opened]);
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
          <ColumnHeads kind="files" order="query" onOrder={() => undefined} />
        )}
      </div>
      {opened.length === 0 ? (
        <p className="opened-none">{text.goneAdvice}</p>
      ) : (
        <TraceList
          scroller={scroller}
          canLoadMore={false}
          onLoadMore={() => undefined}
          label={text.label}
          shapes={shapesOf(files)}
          source="file"
          traces={traces}
          pointedMs={pointedMs}
          ticked={ticked}
        />
      )}
    </section>
  );
}

function shapesOf(files: OpenedFiles): ShapeSource {
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
