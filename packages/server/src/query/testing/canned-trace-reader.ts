import {
  LimitError,
  assembleTrace,
  durationNano,
  identityKey,
  identityOf,
  parseSpanId,
  parseTraceId,
  toTraceColumns,
  unixNano,
} from '@clew/model';
import type { Resource, Scope, Span, SpanId, TraceId } from '@clew/model';
import { compileShownSpansets, runWithoutPause } from '@clew/traceql';
import type { Series } from '@clew/traceql';
import type { QueriedStore } from '../trace-queries.ts';
import type {
  AttributeKey,
  KeyCount,
  AttributeValuesRequest,
  FoundSpansRequest,
  FoundTrace,
  KnownValue,
  MetricsQuery,
  Operation,
  ServiceEdge,
  ServiceEdgesRequest,
  SpanQuery,
  SpansetsRequest,
  SpanLimit,
  SpanRate,
  SpanRatesRequest,
  SpansRequest,
  TraceCount,
  TraceQuery,
  TraceRequest,
  TracesRequest,
  TraceSearchPage,
} from '../../storage/span-store.ts';

/** A store at the edge of a test: gives the answers it was given and remembers what it was asked. */
export class CannedTraceReader implements QueriedStore {
  services: readonly string[] = [];
  operations: readonly Operation[] = [];
  attributeKeys: readonly AttributeKey[] = [];
  keyCounts: readonly KeyCount[] = [];
  attributeValues: readonly KnownValue[] = [];
  readonly valueRequests: AttributeValuesRequest[] = [];
  series: readonly Series[] = [];
  readonly metricsQueries: MetricsQuery[] = [];
  serviceEdges: readonly ServiceEdge[] = [];
  readonly edgeRequests: ServiceEdgesRequest[] = [];
  spanRates: readonly SpanRate[] = [];
  readonly rateRequests: SpanRatesRequest[] = [];
  readonly archived: TraceId[] = [];
  page: TraceSearchPage = { traces: [], scanned: { traceCount: 0, spanCount: 0 } };
  count: TraceCount = { traceCount: 0, isExact: true };
  readonly spans: Span[] = [];
  readonly searches: TraceQuery[] = [];
  readonly spanSearches: SpanQuery[] = [];
  readonly spansetRequests: SpansetsRequest[] = [];
  /** Rejects every question with this, when it is set. */
  failure: Error | undefined;
  /** Holds every answer back until it resolves. */
  gate: Promise<void> | undefined;
  readonly signals: (AbortSignal | undefined)[] = [];
  /** Spans that a trace is streamed by. */
  chunkSize = 2;
  /** Waited for before each chunk after the first. */
  beforeNextChunk: (() => Promise<void>) | undefined;
  /** Streams that were read to their end or given up. */
  endedStreams = 0;

  listServices({ signal }: { readonly signal?: AbortSignal | undefined }) {
    return this.#answer(this.services, signal);
  }

  async listOperations({
    service,
    signal,
  }: {
    readonly service: string;
    readonly signal?: AbortSignal | undefined;
  }) {
    return this.#answer(this.services.includes(service) ? this.operations : [], signal);
  }

  listAttributeKeys({ signal }: { readonly signal?: AbortSignal | undefined }) {
    return this.#answer(this.attributeKeys, signal);
  }

  countAttributeKeys({ signal }: { readonly signal?: AbortSignal | undefined }) {
    return this.#answer(this.keyCounts, signal);
  }

  listAttributeValues(request: AttributeValuesRequest) {
    this.valueRequests.push(request);
    return this.#answer(this.attributeValues, request.signal);
  }

  searchTraces(query: TraceQuery) {
    this.searches.push(query);
    return this.#answer(this.page, query.signal);
  }

  /** The traces of the page again and again, up to the limit. */
  async *streamFoundTraces(query: TraceQuery) {
    this.searches.push(query);
    try {
      for (let left = query.limit; left > 0;) {
        const { traces } = await this.#answer(this.page, query.signal);
        if (traces.length === 0) return;
        yield traces.slice(0, left);
        left -= traces.length;
        await this.beforeNextChunk?.();
      }
    } finally {
      this.endedStreams++;
    }
  }

  countTraces(query: TraceQuery) {
    this.searches.push(query);
    return this.#answer(this.count, query.signal);
  }

  /** All spans, the last that was put in first. */
  findSpans(query: SpanQuery) {
    this.spanSearches.push(query);
    const found = this.spans
      .map((span) => ({ ...identityOf(span), rank: span.startUnixNano }))
      .reverse();
    const spans = found.slice(0, query.limit);
    const next = found.length > spans.length ? spans.at(-1) : undefined;
    return this.#answer({ spans, next }, query.signal);
  }

  readFoundSpans({ spans, signal }: FoundSpansRequest) {
    const stored = new Map(this.spans.map((span) => [identityKey(identityOf(span)), span]));
    const found = spans.map((identity) => stored.get(identityKey(identity)));
    return this.#answer(
      found.filter((span) => span !== undefined),
      signal,
    );
  }

  countOrphans({ traceIds, signal }: TracesRequest) {
    const stored = new Set(this.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    const counts = new Map<TraceId, number>();
    for (const { traceId, parentSpanId } of this.spans) {
      const isOrphan = parentSpanId !== undefined && !stored.has(`${traceId} ${parentSpanId}`);
      if (isOrphan && traceIds.includes(traceId)) {
        counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
      }
    }
    return this.#answer<ReadonlyMap<TraceId, number>>(counts, signal);
  }

  async readSpansets({ traceIds, signal, ...asked }: SpansetsRequest) {
    this.spansetRequests.push({ traceIds, signal, ...asked });
    const show = compileShownSpansets(asked);
    const found = new Map(
      traceIds.map((traceId) => {
        const spans = this.spans.filter((span) => span.traceId === traceId);
        return [traceId, runWithoutPause(show(assembleTrace(traceId, spans)))];
      }),
    );
    for (const [traceId, spansets] of found) if (spansets.length === 0) found.delete(traceId);
    return this.#answer(found, signal);
  }

  readMetrics(query: MetricsQuery) {
    this.metricsQueries.push(query);
    return this.#answer(this.series, query.signal);
  }

  readServiceEdges(request: ServiceEdgesRequest) {
    this.edgeRequests.push(request);
    return this.#answer(this.serviceEdges, request.signal);
  }

  readSpanRates(request: SpanRatesRequest) {
    this.rateRequests.push(request);
    return this.#answer(this.spanRates, request.signal);
  }

  archiveTrace({ traceId, signal }: TraceRequest) {
    const isStored = this.spans.some((span) => span.traceId === traceId);
    if (isStored) this.archived.push(traceId);
    return this.#answer(isStored, signal);
  }

  async readSpans({ traceId, spanId, maxSpans = Number.POSITIVE_INFINITY, signal }: SpansRequest) {
    const spans = this.spans.filter(
      (span) => span.traceId === traceId && (spanId === undefined || span.spanId === spanId),
    );
    if (spans.length > maxSpans)
      throw new LimitError('too many spans', { limit: maxSpans, actual: spans.length });
    return this.#answer(spans.length === 0 ? undefined : spans, signal);
  }

  async *streamSpans({ traceIds, ...request }: TracesRequest) {
    try {
      for (const traceId of traceIds) {
        const { spans } = assembleTrace(
          traceId,
          (await this.readSpans({ ...request, traceId })) ?? [],
        );
        for (let at = 0; at < spans.length; at += this.chunkSize) {
          if (at > 0) await this.beforeNextChunk?.();
          yield spans.slice(at, at + this.chunkSize);
        }
      }
    } finally {
      this.endedStreams++;
    }
  }

  async readTraceColumns(request: TraceRequest & SpanLimit) {
    const spans = await this.readSpans(request);
    return spans === undefined ? undefined : toTraceColumns(assembleTrace(request.traceId, spans));
  }

  async deleteTrace({ traceId, signal }: { traceId: TraceId; signal?: AbortSignal | undefined }) {
    const left = this.spans.filter((span) => span.traceId !== traceId);
    const isFound = left.length < this.spans.length;
    this.spans.splice(0, this.spans.length, ...left);
    return this.#answer(isFound, signal);
  }

  async #answer<Answer>(answer: Answer, signal: AbortSignal | undefined): Promise<Answer> {
    this.signals.push(signal);
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    return answer;
  }
}

export const TRACE_ID: TraceId = traceId('0af7651916cd43dd8448eb211c80319c');

export const RESOURCE: Resource = {
  service: 'order-service',
  attributes: [
    { key: 'service.name', value: { type: 'string', value: 'order-service' } },
    { key: 'host.name', value: { type: 'string', value: 'web-1' } },
  ],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

export const SCOPE: Scope = {
  name: 'http',
  version: '1.2.0',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

/** A span of `TRACE_ID` with what matters to a test; the rest is plain. */
export function exampleSpan(given: Partial<Span> = {}): Span {
  return {
    traceId: TRACE_ID,
    spanId: spanId('b7ad6b7169203331'),
    parentSpanId: undefined,
    traceState: '',
    flags: 1,
    name: 'create-order',
    kind: 'server',
    startUnixNano: unixNano(1_795_000_000_123_456_789n),
    durationNano: durationNano(1_500_999n),
    status: 'unset',
    statusMessage: '',
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: RESOURCE,
    scope: SCOPE,
    ...given,
  };
}

export function exampleFoundTrace(given: Partial<FoundTrace> = {}): FoundTrace {
  return {
    traceId: TRACE_ID,
    rootService: 'order-service',
    rootSpanName: 'create-order',
    startUnixNano: unixNano(1_795_000_000_123_456_789n),
    durationNano: durationNano(1_500_999n),
    spanCount: 2,
    errorCount: 1,
    services: [{ service: 'order-service', spanCount: 2, errorCount: 1 }],
    matchedStartUnixNano: unixNano(1_795_000_000_123_456_789n),
    matchedSpanId: spanId('b7ad6b7169203331'),
    ...given,
  };
}

export function traceId(text: string): TraceId {
  const id = parseTraceId(text);
  if (id === undefined) throw new Error(`not a trace id: ${text}`);
  return id;
}

export function spanId(text: string): SpanId {
  const id = parseSpanId(text);
  if (id === undefined) throw new Error(`not a span id: ${text}`);
  return id;
}
