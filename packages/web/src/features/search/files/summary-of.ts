import type { TraceSummaryJson } from '@clew/api';
import type { Span, Trace } from '@clew/model';

/** A trace of a file as a row of the list, as the server would show it. */
export function summaryOf({ traceId, spans }: Trace): TraceSummaryJson {
  const start = spans[0]?.startUnixNano ?? 0n;
  const end = spans.reduce((latest: bigint, span) => maxOf(latest, endOf(span)), start);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  const services = new Map<string, { service: string; spanCount: number; errorCount: number }>();
  for (const { resource, status } of spans) {
    const { service } = resource;
    const known = services.get(service) ?? { service, spanCount: 0, errorCount: 0 };
    known.spanCount++;
    if (status === 'error') known.errorCount++;
    services.set(service, known);
  }
  return {
    traceId,
    rootService: root?.resource.service ?? '',
    rootSpanName: root?.name ?? '',
    startUnixNano: String(start),
    durationNano: String(end - start),
    spanCount: spans.length,
    errorCount: spans.filter(({ status }) => status === 'error').length,
    services: [...services.values()].sort((a, b) => a.service.localeCompare(b.service)),
    matchedStartUnixNano: String(start),
    matchedSpanId: root?.spanId ?? spans[0]?.spanId ?? '',
  };
}

function endOf({ startUnixNano, durationNano }: Span): bigint {
  return startUnixNano + durationNano;
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
