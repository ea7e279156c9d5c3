import type { ClewClient } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatCounted, formatDuration } from '../../base/format.ts';
import { serviceColorIndex } from '../../base/service-color.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { TopLine } from '../../ui/top-line.tsx';

export interface TracePageProps {
  readonly client: ClewClient;
  readonly traceId: string;
  /** The search parameters of the address; `span` is the id of the selected span. */
  readonly search: QueryValues;
  /** `replace` when the change is no step that Back should undo. */
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** All spans of one trace. */
export function TracePage({ client, traceId }: TracePageProps): ReactNode {
  const trace = useQuery({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) => client.readTrace(traceId, { signal }),
  });
  return (
    <>
      <TopLine title={traceId}>
        <h1>{traceId}</h1>
        {trace.data ? <span>{formatCounted(trace.data.spans.length, 'span')}</span> : undefined}
      </TopLine>
      <ProgressLine active={trace.isFetching} label="Loading the trace" />
      {trace.error ? <Notice kind="error" title={trace.error.message} /> : undefined}
      <ul>
        {trace.data?.spans.map((span) => (
          <li
            key={span.spanId}
            data-service-color={serviceColorIndex(
              trace.data.resources[span.resource]?.service ?? '',
            )}
          >
            {span.name} {formatDuration(BigInt(span.durationNano))}
          </li>
        ))}
      </ul>
    </>
  );
}
