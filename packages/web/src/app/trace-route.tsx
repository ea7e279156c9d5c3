import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { splitParameters } from './embed-parameters.ts';
import { createOpenedTraceClient } from '../features/trace/opened-trace-client.ts';
import { TracePage } from '../features/trace/trace-page.tsx';
import type { TracePageProps } from '../features/trace/trace-page.tsx';
import { ClosedFile } from '../features/trace/trace-problem.tsx';

const route = getRouteApi('/trace/$traceId');

/** Hands the trace page what the address says and how to change it: of the store, or of a file (`source=file`). */
export function TraceRoute(): ReactNode {
  const { client, recentTraces } = route.useRouteContext();
  const { traceId } = route.useParams();
  const values = route.useSearch();
  const { kept, page: search } = useMemo(() => splitParameters(values, ['source']), [values]);
  const navigate = route.useNavigate();
  const page = {
    traceId,
    search,
    onSearchChange: (next, { replace }) => void navigate({ search: { ...next, ...kept }, replace }),
  } satisfies Omit<TracePageProps, 'client'>;
  if (kept['source'] === 'file') return <OpenedTrace key={traceId} {...page} />;
  return <TracePage key={traceId} client={client} onShown={recentTraces.remember} {...page} />;
}

/** What is asked of a file has a cache of its own: the store may have a trace of the same id. */
function OpenedTrace(page: Omit<TracePageProps, 'client'>): ReactNode {
  const { openedFiles } = route.useRouteContext();
  const opened = openedFiles.findOpenedTrace(page.traceId);
  const parts = useMemo(
    () =>
      opened && {
        client: createOpenedTraceClient(opened.trace),
        cache: new QueryClient({ defaultOptions: { queries: { retry: false } } }),
      },
    [opened],
  );
  if (parts === undefined) return <ClosedFile traceId={page.traceId} />;
  return (
    <QueryClientProvider client={parts.cache}>
      <TracePage client={parts.client} {...page} />
    </QueryClientProvider>
  );
}
