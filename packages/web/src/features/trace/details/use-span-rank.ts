import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { nameOf, sentStartOf, serviceOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { useDelayed } from '../../../ui/use-delayed.ts';
import type { TraceClient } from '../trace-client.ts';
import { countQuery } from './span-queries.ts';

/** How long a span took among others of its service and name that began in the time up to it. */
export interface SpanRank {
  /** Without the span itself. */
  readonly otherCount: number;
  /** Of the others, those that took less time: 0 to 1. */
  readonly slowerShare: number;
  readonly hours: 1 | 24;
}

/** An hour is cheap to count; a day is asked for where an hour has too few to compare with. */
const ENOUGH_SPANS = 200;
const HOUR_NS = 3_600_000_000_000n;

/** Whoever goes from span to span with the keys asks nothing of those between. */
const REST_MS = 400;

/** Counts spans, once the span has been looked at for a moment. */
export function useSpanRank(
  client: Pick<TraceClient, 'readMetrics'>,
  view: TraceView,
  spanIndex: number,
): UseQueryResult<SpanRank> {
  const kind = { service: serviceOf(view, spanIndex), name: nameOf(view, spanIndex) };
  const startNano = sentStartOf(view, spanIndex);
  const durationNs = BigInt(Math.round(view.durationsNs[spanIndex] ?? 0));
  const count = async (q: string, hours: 1 | 24, signal: AbortSignal): Promise<number> => {
    const start = String(startNano - BigInt(hours) * HOUR_NS);
    const answer = await client.readMetrics({ q, start, end: String(startNano + 1n) }, { signal });
    return answer.series[0]?.value ?? 0;
  };
  return useQuery({
    queryKey: ['span-rank', kind.service, kind.name, String(startNano), String(durationNs)],
    queryFn: async ({ signal }): Promise<SpanRank> => {
      let hours: 1 | 24 = 1;
      let total = await count(countQuery(kind), hours, signal);
      if (total < ENOUGH_SPANS) total = await count(countQuery(kind), (hours = 24), signal);
      const below = await count(countQuery(kind, durationNs), hours, signal);
      const otherCount = Math.max(0, total - 1);
      return { otherCount, slowerShare: otherCount === 0 ? 0 : below / otherCount, hours };
    },
    enabled: useDelayed(true, REST_MS),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
