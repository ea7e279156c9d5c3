import type { ClewClient, TraceSummaryJson } from '@clew/api';
import {
  NIL,
  attributeField,
  compareField,
  intrinsicField,
  printQuery,
  searchOfConditions,
} from '@clew/traceql';
import type { Expression } from '@clew/traceql';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { findTitleSpan, nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { chooseLikes, spreadOperations, toRun } from './choose-likes.ts';
import type { Likes, OperationRun, OperationSpread } from './choose-likes.ts';
import { queryOfText } from './query-of-text.ts';

const HOUR_NANO = 3_600_000_000_000n;
const MAX_FOUND = 20;

const IS_ROOT = compareField('=', intrinsicField('span:parentID'), NIL);
const HAS_FAILED = compareField('=', intrinsicField('span:status'), {
  type: 'status',
  value: 'error',
});
const HAS_NOT_FAILED = compareField('!=', intrinsicField('span:status'), {
  type: 'status',
  value: 'error',
});

/**
 * Traces that begin with the same operation as this one, within an hour of it. They are looked for by their root spans: how long the
 * operation took is what one asks for, and a trace may go on long after, behind a queue.
 */
export function useLikes(client: ClewClient, view: TraceView): UseQueryResult<Likes> {
  const { traceId, startUnixNano } = view;
  return useQuery({
    queryKey: ['compare-likes', traceId],
    queryFn: async ({ signal }) => {
      const find = (conditions: readonly Expression[], more: Readonly<Record<string, string>>) =>
        findRuns({ client, signal }, [...conditionsOf(view), ...conditions], {
          start: String(startUnixNano - HOUR_NANO),
          end: String(startUnixNano + HOUR_NANO),
          ...more,
        });
      // Two, because one of them may be of the trace itself.
      const [newest, fastest, slowest, failed] = await Promise.all([
        find([HAS_NOT_FAILED], { limit: '100' }),
        find([HAS_NOT_FAILED], { order: 'fastest', limit: '2' }),
        find([HAS_NOT_FAILED], { order: 'slowest', limit: '2' }),
        find([HAS_FAILED], { limit: '2' }),
      ]);
      return chooseLikes({ newest, fastest, slowest, failed }, traceId);
    },
    structuralSharing: false,
  });
}

function conditionsOf(view: TraceView): readonly Expression[] {
  const root = findTitleSpan(view);
  return [
    compareField('=', intrinsicField('span:name'), { type: 'string', value: nameOf(view, root) }),
    compareField('=', attributeField('resource', 'service.name'), {
      type: 'string',
      value: serviceOf(view, root),
    }),
  ];
}

interface Asker {
  readonly client: ClewClient;
  readonly signal: AbortSignal;
}

async function findRuns(
  { client, signal }: Asker,
  conditions: readonly Expression[],
  query: Readonly<Record<string, string>>,
): Promise<readonly OperationRun[]> {
  const q = printQuery(searchOfConditions([IS_ROOT, ...conditions]));
  const { spans } = await client.searchSpans({ q, ...query }, { signal });
  return spans.map(toRun);
}

export interface Operations {
  readonly runCount: number;
  readonly spreads: readonly OperationSpread[];
}

/** Which operations have been seen lately, and how differently long they took. */
export function useOperations(client: ClewClient): UseQueryResult<Operations> {
  return useQuery({
    queryKey: ['compare-operations'],
    queryFn: async ({ signal }) => {
      const runs = await findRuns({ client, signal }, [HAS_NOT_FAILED], { limit: '200' });
      return { runCount: runs.length, spreads: spreadOperations(runs) };
    },
    structuralSharing: false,
    staleTime: 0,
  });
}

/** The newest traces that have what a text says. */
export function useFoundTraces(
  client: ClewClient,
  text: string,
): UseQueryResult<readonly TraceSummaryJson[]> {
  return useQuery({
    queryKey: ['compare-found', text],
    queryFn: async ({ signal }) => {
      const query = { q: queryOfText(text), limit: String(MAX_FOUND) };
      return (await client.searchTraces(query, { signal })).traces;
    },
    structuralSharing: false,
    staleTime: 0,
  });
}
