/** Answers of searches: found traces, each with those of its spans that answer. */
import { unixNano } from '@clew/model';
import type { TraceId } from '@clew/model';
import type { TempoFoundTrace, TempoSearchResponse, TempoSpanSet } from '@clew/protocol';
import { compareField, filterOf, intrinsicField, isBeyondSpan } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import { countOf } from '../../query/metrics-query.ts';
import type { FoundTrace, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { TempoSearch } from './search-request.ts';
import { shownFields } from './shown-fields.ts';
import { spanSetOfSpans, toSpanSet } from './span-set.ts';

/** Newest first. */
export async function findTraces(
  queries: TraceQueries,
  asked: TempoSearch,
  options: QueryOptions,
): Promise<TempoSearchResponse> {
  const { traces, scanned } = await queries.searchTraces(asked.search, options);
  return {
    traces: await describeTraces(queries, { asked, traces }, options),
    metrics: { inspectedTraces: scanned.traceCount, completedJobs: 1, totalJobs: 1 },
  };
}

/** The same as they are found, some at a time; the last part says that it is. */
export async function* streamTraces(
  queries: TraceQueries,
  asked: TempoSearch,
  options: QueryOptions,
): AsyncGenerator<TempoSearchResponse> {
  for await (const traces of queries.streamFoundTraces(asked.search, options)) {
    const described = await describeTraces(queries, { asked, traces }, options);
    yield { traces: described, metrics: { totalJobs: 1 } };
  }
  yield { traces: [], metrics: { completedJobs: 1, totalJobs: 1 } };
}

interface Found {
  readonly asked: TempoSearch;
  readonly traces: readonly FoundTrace[];
}

/** A larger trace is not read for the spans of it that answer; they are looked for. */
const MAX_TRACE_SPANS = 20_000;
/** Of so many larger ones; of others the span that they were found by is shown. */
const MAX_LARGE_TRACES = 5;
/** Spans that are read for an answer. */
const MAX_READ_SPANS = 20_000 * 20;

async function describeTraces(
  queries: TraceQueries,
  { asked, traces }: Found,
  options: QueryOptions,
): Promise<readonly TempoFoundTrace[]> {
  const { search } = asked.search;
  const read: FoundTrace[] = [];
  const large: FoundTrace[] = [];
  let spanCount = 0;
  for (const trace of traces) {
    const isLarge = trace.spanCount > MAX_TRACE_SPANS;
    if (isLarge && large.length < MAX_LARGE_TRACES) large.push(trace);
    if (isLarge || spanCount + trace.spanCount > MAX_READ_SPANS) continue;
    spanCount += trace.spanCount;
    read.push(trace);
  }
  const shown = shownFields(search);
  const spanSets = new Map<TraceId, readonly TempoSpanSet[]>();
  if (read.length > 0) {
    const request = {
      search,
      traceIds: read.map(({ traceId }) => traceId),
      summaries: read,
      shownCount: asked.spansPerSpanSet,
      fields: shown.map(({ field }) => field),
    };
    for (const [traceId, spansets] of await queries.readSpansets(request, options)) {
      spanSets.set(
        traceId,
        spansets.map((spanset) => toSpanSet(spanset, shown)),
      );
    }
  }
  for (const trace of large) {
    spanSets.set(trace.traceId, await readLargeTrace(queries, { asked, trace }, options));
  }
  return traces.map((trace) =>
    toTempoTrace(trace, spanSets.get(trace.traceId) ?? [spanSetOfMatch(trace)]),
  );
}

/** The first spans of a large trace that answer, as one spanset, and how many there are. */
async function readLargeTrace(
  queries: TraceQueries,
  { asked, trace }: { readonly asked: TempoSearch; readonly trace: FoundTrace },
  options: QueryOptions,
): Promise<readonly TempoSpanSet[]> {
  const { search: given } = asked.search;
  const search = withinTrace(given, trace.traceId);
  const { startUnixNano } = trace;
  const endUnixNano = unixNano(startUnixNano + trace.durationNano + 1n);
  const limit = asked.spansPerSpanSet;
  const found = await queries.findSpans({ search, startUnixNano, endUnixNano, limit }, options);
  const spans = await queries.readFoundSpans({ search, spans: found.spans }, options);
  const range = { startUnixNano, stepNano: endUnixNano - startUnixNano, binCount: 1 };
  const metrics = countOf(search.pipeline);
  const [count] = await queries.readMetrics({ metrics, range }, options);
  // What only the trace can tell of them is left out.
  const shown = shownFields(given).filter(({ field }) => !isBeyondSpan(field));
  const matched = Math.max(spans.length, count?.values[0] ?? 0);
  if (spans.length === 0) return [spanSetOfMatch(trace)];
  return [spanSetOfSpans([...spans].reverse(), matched, shown)];
}

/** The same search in one trace. */
function withinTrace(search: SearchQuery, traceId: TraceId): SearchQuery {
  const isOfTrace = compareField('=', intrinsicField('trace:id'), {
    type: 'string',
    value: traceId,
  });
  const { pipeline } = search;
  return {
    ...search,
    pipeline: { ...pipeline, stages: [filterOf(isOfTrace), ...pipeline.stages] },
  };
}

/** What the search has told of the trace. */
function spanSetOfMatch({ matchedSpanId, matchedStartUnixNano }: FoundTrace): TempoSpanSet {
  return {
    spans: [{ spanID: matchedSpanId, startTimeUnixNano: matchedStartUnixNano }],
    matched: 1,
  };
}

const NO_ROOT = '<root span not yet received>';
const NANOS_PER_MS = 1_000_000n;
/** Signed, for those who read it so. */
const MAX_INT32 = 2n ** 31n - 1n;

function toTempoTrace(trace: FoundTrace, spanSets: readonly TempoSpanSet[]): TempoFoundTrace {
  const { traceId, rootService, rootSpanName, startUnixNano, durationNano, services } = trace;
  const durationMs = durationNano / NANOS_PER_MS;
  return {
    traceID: formatTempoTraceId(traceId),
    rootServiceName: rootService === '' ? NO_ROOT : rootService,
    ...(rootSpanName === '' ? {} : { rootTraceName: rootSpanName }),
    startTimeUnixNano: startUnixNano,
    ...(durationMs === 0n
      ? {}
      : { durationMs: Number(durationMs > MAX_INT32 ? MAX_INT32 : durationMs) }),
    spanSet: spanSets[0],
    spanSets,
    serviceStats: Object.fromEntries(
      services.map(({ service, spanCount, errorCount }) => [
        service,
        { spanCount, ...(errorCount === 0 ? {} : { errorCount }) },
      ]),
    ),
  };
}

/** Without zeros in front. */
export function formatTempoTraceId(traceId: TraceId): string {
  return traceId.replace(/^0+/, '');
}
