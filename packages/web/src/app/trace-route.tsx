import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TracePage } from '../features/trace/trace-page.tsx';

const route = getRouteApi('/trace/$traceId');

/** Hands the trace page what the address says and how to change it. */
export function TraceRoute(): ReactNode {
  const { client } = route.useRouteContext();
  const { traceId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <TracePage
      key={traceId}
      client={client}
      traceId={traceId}
      search={search}
      onSearchChange={(next, { replace }) => void navigate({ search: next, replace })}
    />
  );
}
