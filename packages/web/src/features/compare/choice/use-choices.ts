import type { ClewClient, FoundSpanJson, TraceSummaryJson } from '@clew/api';
import {
  NIL,
  attributeField,
  compareField,
  intrinsicField,
  joinConditions,
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
/** Traces that one question names: it stands in an address, of which proxies often take no more than 8 KiB. */
const MAX_IDS = 100;

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
      const asker = { client, signal };
      const find = (conditions: readonly Expression[], more: Readonly<Record<string, string>>) =>
        findRoots(asker, [...conditionsOf(view), ...conditions], {
          start: String(startUnixNano - HOUR_NANO),
          end: String(startUnixNano + HOUR_NANO),
          ...more,
        });
      // More than one: of some it turns out only from the whole trace that they are not meant.
      const [newest, fastest, slowest, failed] = await Promise.all([
        find([], { limit: '100' }),
        find([HAS_NOT_FAILED], { order: 'fastest', limit: '50' }),
        find([HAS_NOT_FAILED], { order: 'slowest', limit: '50' }),
        // Two, because one of them may be of the trace itself.
        find([HAS_FAILED], { limit: '2' }),
      ]);
      const toRuns = await readRuns(asker, [...newest, ...fastest, ...slowest, ...failed]);
      const found = {
        newest: toRuns(newest),
        fastest: toRuns(fastest),
        slowest: toRuns(slowest),
        failed: toRuns(failed),
      };
      return chooseLikes(found, traceId);
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

async function findRoots(
  { client, signal }: Asker,
  conditions: readonly Expression[],
  query: Readonly<Record<string, string>>,
): Promise<readonly FoundSpanJson[]> {
  const q = printQuery(searchOfConditions([IS_ROOT, ...conditions]));
  const { spans } = await client.searchSpans({ q, ...query }, { signal });
  return spans;
}

type ToRuns = (roots: readonly FoundSpanJson[]) => readonly OperationRun[];

/** Asks how many spans the traces of roots have, and how many of them failed. A trace that is gone meanwhile has no run. */
async function readRuns(
  { client, signal }: Asker,
  roots: readonly FoundSpanJson[],
): Promise<ToRuns> {
  if (roots.length === 0) return () => [];
  const ids = [...new Set(roots.map(({ traceId }) => traceId))];
  const starts = roots.map(({ startUnixNano }) => BigInt(startUnixNano));
  const range = {
    start: String(starts.reduce((a, b) => (a < b ? a : b))),
    end: String(starts.reduce((a, b) => (a > b ? a : b)) + 1n),
  };
  const answers = await Promise.all(
    Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, at) => {
      const isOne = ids
        .slice(at * MAX_IDS, (at + 1) * MAX_IDS)
        .map((value) => compareField('=', intrinsicField('trace:id'), { type: 'string', value }));
      const q = printQuery(searchOfConditions([IS_ROOT, joinConditions('||', isOne)]));
      return client.searchTraces({ q, ...range, limit: String(isOne.length) }, { signal });
    }),
  );
  const traces = answers.flatMap((answer) => answer.traces);
  const byId = new Map(traces.map((trace) => [trace.traceId, trace]));
  return (some) =>
    some.flatMap((root) => {
      const trace = byId.get(root.traceId);
      return trace === undefined ? [] : [toRun(root, trace)];
    });
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
      const asker = { client, signal };
      const roots = await findRoots(asker, [], { limit: '200' });
      const runs = (await readRuns(asker, roots))(roots);
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
