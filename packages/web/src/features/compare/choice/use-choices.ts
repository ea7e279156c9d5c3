import type { ClewClient } from '@clew/api';
import { compareField, intrinsicField, printQuery, searchOfConditions } from '@clew/traceql';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { findTitleSpan, nameOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { chooseLikes, spreadOperations } from './choose-likes.ts';
import type { Likes, OperationSpread } from './choose-likes.ts';

type SearchClient = Pick<ClewClient, 'searchTraces'>;

const HOUR_NANO = 3_600_000_000_000n;
const WITHOUT_ERRORS = { traceHasError: 'false' } as const;

/** Traces that begin with the same operation as this one, within an hour of it. */
export function useLikes(client: SearchClient, view: TraceView): UseQueryResult<Likes> {
  const { traceId, startUnixNano } = view;
  return useQuery({
    queryKey: ['compare-likes', traceId],
    queryFn: async ({ signal }) => {
      const find = async (query: Readonly<Record<string, string>>) => {
        const conditions = {
          q: queryOf(view),
          start: String(startUnixNano - HOUR_NANO),
          end: String(startUnixNano + HOUR_NANO),
        };
        return (await client.searchTraces({ ...conditions, ...query }, { signal })).traces;
      };
      // Two, because one of them may be the trace itself.
      const [newest, fastest, slowest, failed] = await Promise.all([
        find({ ...WITHOUT_ERRORS, limit: '100' }),
        find({ ...WITHOUT_ERRORS, order: 'fastest', limit: '2' }),
        find({ ...WITHOUT_ERRORS, order: 'slowest', limit: '2' }),
        find({ traceHasError: 'true', limit: '2' }),
      ]);
      return chooseLikes({ newest, fastest, slowest, failed }, traceId);
    },
    structuralSharing: false,
  });
}

function queryOf(view: TraceView): string {
  const root = findTitleSpan(view);
  const is = (field: 'trace:rootName' | 'trace:rootService', value: string) =>
    compareField('=', intrinsicField(field), { type: 'string', value });
  return printQuery(
    searchOfConditions([
      is('trace:rootName', nameOf(view, root)),
      is('trace:rootService', serviceOf(view, root)),
    ]),
  );
}

export interface Operations {
  readonly traceCount: number;
  readonly spreads: readonly OperationSpread[];
}

/** Which operations have been seen lately, and how differently long they took. */
export function useOperations(client: SearchClient): UseQueryResult<Operations> {
  return useQuery({
    queryKey: ['compare-operations'],
    queryFn: async ({ signal }) => {
      const query = { ...WITHOUT_ERRORS, limit: '200' };
      const { traces } = await client.searchTraces(query, { signal });
      return { traceCount: traces.length, spreads: spreadOperations(traces) };
    },
    structuralSharing: false,
    staleTime: 0,
  });
}
