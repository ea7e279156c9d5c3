/** What Jaeger's API, version 3, says of a trace in a list. */
import type { FoundTrace } from '../../../query/trace-queries.ts';

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

/** Summaries do not count spans whose parent is missing; that there is one is known where the root is. */
export function toTraceSummary(found: FoundTrace): TraceSummaryMessage {
  const isRootMissing = found.rootService === '' && found.rootSpanName === '';
  return {
    traceId: found.traceId,
    rootServiceName: found.rootService,
    rootOperationName: found.rootSpanName,
    minStartTimeUnixNano: found.startUnixNano,
    maxEndTimeUnixNano: found.startUnixNano + found.durationNano,
    spanCount: found.spanCount,
    errorSpanCount: found.errorCount,
    orphanSpanCount: isRootMissing ? 1 : 0,
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
