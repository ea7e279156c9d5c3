import { parseTraceId } from '@clew/model';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../messages/messages.ts';
import type { QueryValues } from '../../state/query-string.ts';
import type { RecentTrace } from '../../state/recent-traces.ts';
import { findTitleSpan, nameOf, serviceOf } from '../../trace/trace-view.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { TopLine } from '../../ui/top-line.tsx';
import type { TraceClient } from './trace-client.ts';
import { TraceContent } from './trace-content.tsx';
import { InvalidTraceId, TraceProblem } from './trace-problem.tsx';
import { TraceSkeleton } from './trace-skeleton.tsx';
import { useTrace } from './use-trace.ts';
import './trace-page.css';

export interface TracePageProps {
  readonly client: TraceClient;
  readonly traceId: string;
  /** The search parameters of the address; see `state/trace-url.ts`. */
  readonly search: QueryValues;
  /** `replace` when the change is no step that Back should undo. */
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
  /** Told of each answer of the trace. `onShown` stays the same. */
  readonly onShown?: ((trace: RecentTrace) => void) | undefined;
}

/** All spans of one trace. */
export function TracePage({ traceId, ...rest }: TracePageProps): ReactNode {
  const id = parseTraceId(traceId);
  if (id === undefined) return <InvalidTraceId traceId={traceId} />;
  return <LoadedTrace traceId={id} {...rest} />;
}

function LoadedTrace({
  client,
  traceId,
  search,
  onSearchChange,
  onShown,
}: TracePageProps): ReactNode {
  const trace = useTrace(client, traceId);
  useTellShown(trace.data, onShown);
  const refresh = () => void trace.refetch();
  if (trace.data === undefined && trace.error !== null) {
    return (
      <TraceProblem
        traceId={traceId}
        error={trace.error}
        isRetrying={trace.isFetching}
        onRetry={refresh}
      />
    );
  }
  return (
    <div className="trace-page">
      <ProgressLine active={trace.isFetching} label={messages.trace.problem.loading} />
      {trace.data === undefined ? (
        <>
          <TopLine title={messages.trace.problem.page}>
            <h1>{messages.trace.problem.page}</h1>
          </TopLine>
          <TraceSkeleton />
        </>
      ) : (
        <TraceContent
          client={client}
          view={trace.data}
          loadedAtMs={trace.dataUpdatedAt}
          isRefreshing={trace.isFetching}
          refreshError={trace.error ?? undefined}
          onRefresh={refresh}
          search={search}
          onSearchChange={onSearchChange}
        />
      )}
    </div>
  );
}

function useTellShown(view: TraceView | undefined, onShown: TracePageProps['onShown']): void {
  useEffect(() => {
    if (view === undefined) return;
    const span = findTitleSpan(view);
    onShown?.({
      traceId: view.traceId,
      service: serviceOf(view, span),
      name: nameOf(view, span),
      startMs: Number(view.startUnixNano / 1_000_000n),
      durationNs: view.durationNs,
      spanCount: view.spanCount,
      errorCount: view.errorCount,
    });
  }, [view, onShown]);
}
