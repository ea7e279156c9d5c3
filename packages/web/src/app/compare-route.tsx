import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { ComparePage } from '../features/compare/compare-page.tsx';
import { loadTrace } from '../features/trace/load-trace.ts';
import { createOpenedTraceClient } from '../features/trace/opened-trace-client.ts';

const route = getRouteApi('/compare');

/** Hands the comparison what the address says, how to change it, and traces as the trace page loads them. */
export function CompareRoute(): ReactNode {
  const { client, openedFiles, recentTraces } = route.useRouteContext();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const viewed = useSyncExternalStore(recentTraces.subscribe, recentTraces.get);
  const findOpened = useCallback(
    (traceId: string) => {
      const opened = openedFiles.findOpenedTrace(traceId);
      return opened && createOpenedTraceClient(opened.trace);
    },
    [openedFiles],
  );
  return (
    <ComparePage
      client={client}
      openedFiles={openedFiles}
      findOpened={findOpened}
      loadTrace={loadTrace}
      viewed={viewed}
      search={search}
      onSearchChange={(next, { replace }) => void navigate({ search: next, replace })}
    />
  );
}
