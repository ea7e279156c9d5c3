/** What Jaeger's API, version 3, says of a trace in a list. */
import type { FoundTrace, QueryOptions, TraceQueries } from '../../../query/trace-queries.ts';
import { findTraces } from '../find-traces.ts';
import type { SearchTerms } from '../search-terms.ts';

export interface TraceSummaryMessage {
  readonly traceId: string;
  readonly rootServiceName: string;
  readonly rootOperationName: string;
  readonly minStartTimeUnixNano: bigint;
  readonly maxEndTimeUnixNano: bigint;
  readonly spanCount: number;
  readonly errorSpanCount: number;
  readonly orphanSpanCount: number;
  readonly services: readonly ServiceSummary[];
}

interface ServiceSummary {
  readonly name: string;
  readonly spanCount: number;
  readonly errorSpanCount: number;
}

/** Of what a search finds, newest first. */
export async function findTraceSummaries(
  queries: TraceQueries,
  terms: SearchTerms,
  options: QueryOptions,
): Promise<readonly TraceSummaryMessage[]> {
  const traces = await findTraces(queries, terms, options);
  const orphanCounts = await queries.countOrphans(traces.filter(mayHaveOrphans), options);
  return traces.map((found) => toTraceSummary(found, orphanCounts.get(found.traceId) ?? 0));
}

/** A root by itself has none. */
function mayHaveOrphans({ spanCount, rootService, rootSpanName }: FoundTrace): boolean {
  return spanCount > 1 || (rootService === '' && rootSpanName === '');
}

function toTraceSummary(found: FoundTrace, orphanSpanCount: number): TraceSummaryMessage {
  return {
    traceId: found.traceId,
    rootServiceName: found.rootService,
    rootOperationName: found.rootSpanName,
    minStartTimeUnixNano: found.startUnixNano,
    maxEndTimeUnixNano: found.startUnixNano + found.durationNano,
    spanCount: found.spanCount,
    errorSpanCount: found.errorCount,
    orphanSpanCount,
    services: found.services.map(({ service, spanCount, errorCount }) => ({
      name: service,
      spanCount,
      errorSpanCount: errorCount,
    })),
  };
}

/** In ProtoJSON: 64-bit numbers are texts, and what is empty or 0 is left out. */
export function traceSummaryToJson(
  summary: TraceSummaryMessage,
): Readonly<Record<string, unknown>> {
  return withoutDefaults({
    ...summary,
    minStartTimeUnixNano: summary.minStartTimeUnixNano.toString(),
    maxEndTimeUnixNano: summary.maxEndTimeUnixNano.toString(),
    services: summary.services.map((service) => withoutDefaults({ ...service })),
  });
}

function withoutDefaults(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isSaid = ([, value]: readonly [string, unknown]): boolean => value !== 0 && value !== '';
  return Object.fromEntries(Object.entries(fields).filter(isSaid));
}
