import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { ComparePage } from '../features/compare/compare-page.tsx';
import { loadTrace } from '../features/trace/load-trace.ts';
import { createOpenedTraceClient } from '../features/trace/opened-trace-client.ts';
import { openBrowserStorage } from '../state/browser-storage.ts';
import { readViewedTraces } from '../state/viewed-traces.ts';

const route = getRouteApi('/compare');

/** Hands the comparison what the address says, how to change it, and traces as the trace page loads them. */
export function CompareRoute(): ReactNode {
  const { client, openedFiles } = route.useRouteContext();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [viewed] = useState(() => readViewedTraces(openBrowserStorage()));
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
