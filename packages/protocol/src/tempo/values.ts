/**
 * What Tempo's query API is asked and answers, as objects. What says nothing may be left out; 64-bit numbers are `bigint`s, and the
 * names are Tempo's.
 */

/** OTLP's value, of the types that TraceQL has: one of these. Lists are of scalars. */
export interface TempoValue extends TempoScalar {
  readonly arrayValue?: { readonly values: readonly TempoScalar[] };
}

export interface TempoScalar {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: bigint;
  readonly doubleValue?: number;
}

export interface TempoKeyValue {
  readonly key: string;
  readonly value: TempoValue;
}

/** Which spans are asked about. */
interface TempoAskedSpans {
  readonly query?: string | undefined;
  /** Seconds since 1970, as `end` is. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

export interface TempoSearchRequest extends TempoAskedSpans {
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly minDurationMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  readonly limit?: number | undefined;
  readonly spansPerSpanSet?: number | undefined;
}

export interface TempoSearchResponse {
  readonly traces: readonly TempoFoundTrace[];
  readonly metrics: TempoSearchMetrics;
}

export interface TempoFoundTrace {
  readonly traceID: string;
  readonly rootServiceName: string;
  readonly rootTraceName?: string;
  readonly startTimeUnixNano: bigint;
  readonly durationMs?: number;
  /** The first of `spanSets`, for older clients. */
  readonly spanSet?: TempoSpanSet | undefined;
  readonly spanSets: readonly TempoSpanSet[];
  readonly serviceStats: Readonly<Record<string, TempoServiceStats>>;
}

export interface TempoServiceStats {
  readonly spanCount: number;
  readonly errorCount?: number;
}

export interface TempoSpanSet {
  /** Some of those that match. */
  readonly spans: readonly TempoSpan[];
  /** How many there are. */
  readonly matched: number;
  readonly attributes?: readonly TempoKeyValue[];
}

export interface TempoSpan {
  readonly spanID: string;
  readonly name?: string;
  readonly startTimeUnixNano: bigint;
  readonly durationNanos?: bigint;
  readonly attributes?: readonly TempoKeyValue[];
}

/** Jobs are how far the answer is. */
export interface TempoSearchMetrics {
  readonly inspectedTraces?: number;
  readonly completedJobs?: number;
  readonly totalJobs?: number;
}

export interface TempoTagsRequest extends TempoAskedSpans {
  readonly scope?: string | undefined;
  readonly maxTagsPerScope?: number | undefined;
}

export interface TempoTagsResponse {
  readonly tagNames: readonly string[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagsV2Response {
  readonly scopes: readonly TempoTagScope[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagScope {
  readonly name: string;
  readonly tags: readonly string[];
}

export interface TempoTagValuesRequest extends TempoAskedSpans {
  readonly tagName?: string | undefined;
  readonly maxTagValues?: number | undefined;
}

export interface TempoTagValuesResponse {
  readonly tagValues: readonly string[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagValuesV2Response {
  readonly tagValues: readonly TempoTagValue[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagValue {
  /** `string`, `int`, `float`, `bool`, `duration` or `keyword`. */
  readonly type: string;
  readonly value: string;
}

export interface TempoMetadataMetrics {
  readonly totalJobs?: number;
  readonly completedJobs?: number;
}

export interface TempoRangeRequest extends TempoInstantRequest {
  /** Nanoseconds. */
  readonly step?: bigint | undefined;
  readonly exemplars?: number | undefined;
  readonly maxSeries?: number | undefined;
}

export interface TempoInstantRequest {
  readonly query?: string | undefined;
  /** Nanoseconds since 1970, as `end` is. */
  readonly start?: bigint | undefined;
  readonly end?: bigint | undefined;
}

export interface TempoRangeResponse extends TempoSeriesState {
  readonly series: readonly TempoTimeSeries[];
}

export interface TempoInstantResponse extends TempoSeriesState {
  readonly series: readonly TempoInstantSeries[];
}

export interface TempoSeriesState {
  readonly metrics: TempoSearchMetrics;
  /** `TEMPO_PARTIAL` of an answer that is cut. */
  readonly status?: number;
  readonly message?: string;
}

export interface TempoTimeSeries {
  readonly labels: readonly TempoKeyValue[];
  /** By time. */
  readonly samples: readonly TempoSample[];
  readonly exemplars?: readonly TempoExemplar[];
}

export interface TempoInstantSeries {
  readonly labels: readonly TempoKeyValue[];
  readonly value: number;
}

export interface TempoSample {
  readonly timestampMs: bigint;
  readonly value: number;
}

export interface TempoExemplar {
  readonly labels: readonly TempoKeyValue[];
  readonly value: number;
  readonly timestampMs: bigint;
}
