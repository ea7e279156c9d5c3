import type {
  DurationNano,
  LatencySketch,
  Span,
  SpanBlock,
  SpanId,
  SpanIdentity,
  SpanKind,
  SpanStatus,
  TraceColumns,
  TraceId,
  TraceSummary,
  UnixNano,
} from '@clew/model';
import type {
  Field,
  MetricsRange,
  SearchQuery,
  Series,
  ShownSpanset,
  TimeBounds,
  MetricsQuery as TraceqlMetricsQuery,
} from '@clew/traceql';

/** Takes spans. */
export interface SpanWriter {
  /**
   * Resolves when the spans are in a file: whatever process is killed from then on, they are stored, once; and, unless
   * the store was told to sync less often, on the disk too, so that a power cut takes none. The block is encoded
   * before the first `await`, so the caller may reuse it at once. Rejects with `OverloadedError` when the backlog is
   * full or the disk nearly so, and with `StorageError` when the disk refuses; then none of the block's spans were accepted.
   */
  write(block: SpanBlock): Promise<void>;
}

/** Answers questions about what is stored. An acknowledged span is visible within 2 seconds. */
export interface TraceReader {
  /** Names, sorted. */
  listServices(request: TenantRequest): Promise<readonly string[]>;
  /** Span names of a service with their kinds, sorted. */
  listOperations(
    request: TenantRequest & { readonly service: string },
  ): Promise<readonly Operation[]>;
  /** Sorted by key, then owner. */
  listAttributeKeys(request: TenantRequest): Promise<readonly AttributeKey[]>;
  /**
   * How many spans that began in the range have each key, or a resource that does, in whole minutes; keys without any are left out. From
   * counts kept beside the spans, so it is quick, and may be off: spans replayed after a crash are not counted, deleted ones are.
   */
  countAttributeKeys(request: TenantRequest & TimeBounds): Promise<readonly KeyCount[]>;
  /** Sorted; of a key with many values the first that were seen of a day. */
  listAttributeValues(request: AttributeValuesRequest): Promise<readonly KnownValue[]>;
  searchTraces(query: TraceQuery): Promise<TraceSearchPage>;
  /** The same some at a time, so that the limit may be any number, infinity too. None of them is empty. */
  streamFoundTraces(query: TraceQuery): AsyncIterable<readonly FoundTrace[]>;
  /** Whatever the query's limit is. */
  countTraces(query: TraceQuery): Promise<TraceCount>;
  /**
   * Which spans a search yields, each once, in the query's order; services are ordered as bytes. Where copies of a span differ, one
   * that answers is enough; by duration, the span stands where its fullest copy does.
   */
  findSpans(query: SpanQuery): Promise<FoundSpans>;
  /**
   * Spans that `findSpans` gave, in the same order, each in its fullest copy. One that is not stored any more is left out, and so is
   * one that does not answer in that copy.
   */
  readFoundSpans(request: FoundSpansRequest): Promise<readonly Span[]>;
  /**
   * Which spans of found traces answer, whenever they began. A trace that is not stored, or does not answer any more, is missing. A trace
   * is in memory as a whole, by itself or with small ones.
   */
  readSpansets(request: SpansetsRequest): Promise<ReadonlyMap<TraceId, readonly ShownSpanset[]>>;
  /** Sorted by labels; `NaN` where there is nothing to tell. */
  readMetrics(query: MetricsQuery): Promise<readonly Series[]>;
  /**
   * Spans in any order and as often as they were sent; `undefined` when there are none. Rejects with `LimitError` when the
   * trace has more than `maxSpans`.
   */
  readSpans(request: SpansRequest): Promise<readonly Span[] | undefined>;
  /** How many spans of each trace name a parent that is not stored; a trace without such spans is missing. */
  countOrphans(request: TracesRequest): Promise<ReadonlyMap<TraceId, number>>;
  /**
   * Traces one after the other, in the order of the ids, each of them once; none of those that are not stored. All spans are in the
   * order of a `Trace`, each once, some thousands of one trace at a time, so that a trace of any size can be read. What arrives
   * meanwhile may or may not be among them.
   */
  streamSpans(request: TracesRequest): AsyncIterable<readonly Span[]>;
  /** `undefined` when there are no spans. Rejects with `LimitError` when the trace has more than `maxSpans`. */
  readTraceColumns(request: TraceRequest & SpanLimit): Promise<TraceColumns | undefined>;
}

/** Answers what is counted of spans by the minute, without reading them. What was counted of a deleted trace stays counted. */
export interface RateReader {
  /** Sorted by interval, client, server and connection. A call is counted at the latest two minutes after it began. */
  readServiceEdges(request: ServiceEdgesRequest): Promise<readonly ServiceEdge[]>;
  /** Sorted by interval and by what they are grouped by. */
  readSpanRates(request: SpanRatesRequest): Promise<readonly SpanRate[]>;
}

/** Keeps traces beyond retention. */
export interface TraceArchiver {
  /**
   * Keeps what is stored of a trace until it is deleted; what arrives of it later only if it is archived again. Gives whether there
   * was any. Whatever reads the trace by its id finds it from then on; searches only as long as its spans are stored.
   */
  archiveTrace(request: TraceRequest): Promise<boolean>;
}

/** Removes what is stored. */
export interface TraceDeleter {
  /**
   * Removes the spans of a trace that were acknowledged so far, and its summary. Gives whether there were any. When it
   * resolves, no answer shows them again; spans of the trace that arrive later are stored like any others.
   */
  deleteTrace(request: TraceRequest): Promise<boolean>;
}

/** The port between Clew and its database. */
export interface SpanStore
  extends SpanWriter, TraceReader, RateReader, TraceArchiver, TraceDeleter, AsyncDisposable {
  /** Waits until all accepted spans are in the engine. */
  flush(): Promise<void>;
  stats(): StoreStats;
}

export interface TenantRequest {
  readonly tenant: string;
  readonly signal?: AbortSignal | undefined;
}

export interface TraceRequest extends TenantRequest {
  readonly traceId: TraceId;
}

export interface TracesRequest extends TenantRequest, KnownSummaries {
  readonly traceIds: readonly TraceId[];
}

export interface KnownSummaries {
  /** Of some of the traces, as a search has just told them: where they lie need not be looked up. */
  readonly summaries?: readonly TraceSummary[] | undefined;
}

export interface SpanLimit {
  /** Counted as they were sent, copies too. Without it there is no limit. */
  readonly maxSpans?: number | undefined;
}

export interface SpansRequest extends TraceRequest, SpanLimit {
  /** Those with this id; all when absent. */
  readonly spanId?: SpanId | undefined;
}

export interface Operation {
  readonly spanName: string;
  readonly spanKind: SpanKind;
}

/** Whose attributes: a span's own, or those of its resource. */
export type AttributeOwner = 'span' | 'resource';
/** `complex` is what is neither a text, a number nor a truth value. */
export type AttributeType = 'string' | 'int' | 'double' | 'bool' | 'complex';

export interface AttributeKey {
  readonly owner: AttributeOwner;
  readonly key: string;
  /** Sorted. */
  readonly types: readonly AttributeType[];
}

export interface KeyCount {
  readonly owner: AttributeOwner;
  readonly key: string;
  readonly spanCount: number;
}

export interface AttributeValuesRequest extends TenantRequest {
  readonly owner?: AttributeOwner | undefined;
  readonly key: string;
  /** What they begin with. */
  readonly prefix: string;
  readonly limit: number;
}

export interface KnownValue {
  readonly type: AttributeType;
  /** As it is printed. */
  readonly value: string;
}

/** The whole minutes that a time touches, in intervals of whole minutes that begin with the first. */
export interface MinuteRange {
  /** Inclusive. */
  readonly startUnixNano: bigint;
  /** Exclusive. */
  readonly endUnixNano: bigint;
  /** A multiple of a minute; when absent, all of it is one interval. */
  readonly stepNano?: bigint | undefined;
}

export interface RatesOptions {
  /** Latencies are empty then: adding them up is most of the work. */
  readonly withoutLatency?: boolean | undefined;
}

export interface ServiceEdgesRequest extends TenantRequest, MinuteRange, RatesOptions {}

/** Calls of one service to another, or to what its spans say that it called. */
export interface ServiceEdge {
  readonly interval: number;
  readonly client: string;
  readonly server: string;
  /** Empty for a request between services. */
  readonly connection: '' | 'messaging' | 'database' | 'external';
  readonly callCount: number;
  /** How many calls these stand for. */
  readonly weight: number;
  readonly errorCount: number;
  /** As the client measured them, added up. */
  readonly clientDurationNano: bigint;
  readonly serverDurationNano: bigint;
  /** What the client waited; of messages how long they were handled. */
  readonly latency: LatencySketch;
}

export type SpanRateGroup = 'service' | 'spanName' | 'spanKind' | 'status';

export interface SpanRatesRequest extends TenantRequest, MinuteRange, RatesOptions {
  /** All when absent. */
  readonly services?: readonly string[] | undefined;
  readonly kinds?: readonly SpanKind[] | undefined;
  readonly groupBy: readonly SpanRateGroup[];
}

/** Spans that began in an interval; what they are not grouped by is absent. */
export interface SpanRate {
  readonly interval: number;
  readonly service?: string | undefined;
  readonly spanName?: string | undefined;
  readonly spanKind?: SpanKind | undefined;
  readonly status?: SpanStatus | undefined;
  readonly spanCount: number;
  /** How many spans these stand for. */
  readonly weight: number;
  /** Added up. */
  readonly durationNano: bigint;
  readonly latency: LatencySketch;
}

/** Which traces to find. A trace is found when spans of it that started within the time answer the search. */
export interface TraceQuery extends TenantRequest {
  /** TraceQL that `checkQuery` has passed; it is put to the whole trace. */
  readonly search: SearchQuery;
  readonly traces?: TraceConditions | undefined;
  /** Newest first when neither this nor the search itself says otherwise. */
  readonly order?: TraceOrder | undefined;
  /** Inclusive. */
  readonly startUnixNano?: UnixNano | undefined;
  /** Exclusive. */
  readonly endUnixNano?: UnixNano | undefined;
  readonly limit: number;
  readonly after?: SearchCursor | undefined;
}

/** Which spans to find. */
export interface SpanQuery extends TenantRequest {
  /** TraceQL that `checkQuery` has passed; it is put to the whole trace. The order it names does not count: `order` does. */
  readonly search: SearchQuery;
  /** When the spans started: inclusive. */
  readonly startUnixNano?: UnixNano | undefined;
  /** Exclusive. */
  readonly endUnixNano?: UnixNano | undefined;
  /** Newest first when it is absent. */
  readonly order?: SpanOrder | undefined;
  readonly limit: number;
  /** The last span of the page before. */
  readonly after?: FoundSpan | undefined;
}

/**
 * Spans that are equal by it are in the order of their start, then of trace id, span id, service and kind, all in the same
 * direction.
 */
export interface SpanOrder {
  readonly by: 'start' | 'duration';
  readonly direction: 'asc' | 'desc';
}

export interface FoundSpan extends SpanIdentity {
  /** What the order goes by, in nanoseconds. */
  readonly rank: bigint;
}

export interface FoundSpans {
  readonly spans: readonly FoundSpan[];
  /** The last of them; absent when there are no more. */
  readonly next?: FoundSpan | undefined;
}

export interface FoundSpansRequest extends TenantRequest {
  /** What they were found by. */
  readonly search: SearchQuery;
  readonly spans: readonly SpanIdentity[];
}

export interface SpansetsRequest extends TracesRequest {
  /** What the traces were found by. */
  readonly search: SearchQuery;
  /** Spans of each spanset that are shown, and what of them. */
  readonly shownCount: number;
  readonly fields: readonly Field[];
}

export interface MetricsQuery extends TenantRequest {
  /** TraceQL that `checkQuery` has passed. */
  readonly metrics: TraceqlMetricsQuery;
  readonly range: MetricsRange;
}

/** All of them hold of the trace as its summary has it; bounds are inclusive. */
export interface TraceConditions {
  readonly minDurationNano?: DurationNano | undefined;
  readonly maxDurationNano?: DurationNano | undefined;
  readonly minSpanCount?: number | undefined;
  readonly maxSpanCount?: number | undefined;
  /** Each of them took part. */
  readonly services?: readonly string[] | undefined;
  /** Whether a span of it failed. */
  readonly hasError?: boolean | undefined;
}

/**
 * Traces that are equal by it are in the order of their ids, in the same direction. The start is that of the newest span that may
 * answer, or of the oldest where the oldest come first.
 */
export interface TraceOrder {
  readonly by: 'start' | 'duration' | 'spanCount' | 'errorCount';
  readonly direction: 'asc' | 'desc';
}

/** Where a page of a search ended. */
export interface SearchCursor {
  /** What the order goes by, in nanoseconds or as a number. */
  readonly rank: bigint;
  readonly traceId: TraceId;
  /**
   * Where the newest come first: later pages look at spans that started before it, which is right after the newest of the first page.
   * Otherwise a trace that no page has shown would be passed over when it gets a newer span.
   */
  readonly endUnixNano?: UnixNano | undefined;
}

export interface FoundTrace extends TraceSummary {
  /** Start and id of the newest span that answers; of the oldest where the oldest come first. */
  readonly matchedStartUnixNano: UnixNano;
  readonly matchedSpanId: SpanId;
}

/** What was looked at for a page of a search. */
export interface SearchScan {
  /** Matches were looked for that started from here on; undefined where that is all that is stored. */
  readonly startUnixNano?: UnixNano | undefined;
  /** Traces that might answer. */
  readonly traceCount: number;
  /** Spans that had to be read to tell. */
  readonly spanCount: number;
}

export interface TraceSearchPage {
  readonly traces: readonly FoundTrace[];
  readonly scanned: SearchScan;
  /** Absent when there are no more. */
  readonly next?: SearchCursor | undefined;
}

export interface TraceCount {
  readonly traceCount: number;
  /** Otherwise it is an estimate: few traces were looked at, or more were counted than can be remembered. */
  readonly isExact: boolean;
}

/** For Clew's own metrics. */
export interface StoreStats {
  /** Spans written to a segment and acknowledged. */
  readonly acceptedSpans: number;
  /** Of these, spans inserted into the engine. */
  readonly storedSpans: number;
  /** Of requests that had been accepted before and were not written again. */
  readonly repeatedSpans: number;
  /** Closed segments that wait for the engine. */
  readonly backlogSegments: number;
  readonly backlogBytes: number;
  /** Of the file system that the store is on; `undefined` when the system does not say. */
  readonly freeBytes: number | undefined;
  /** Statements that asked the engine something, and what they took, added up. */
  readonly engineReads: number;
  readonly engineReadSeconds: number;
  /** Damaged segment files that were set aside since the start. */
  readonly quarantinedFiles: number;
}
