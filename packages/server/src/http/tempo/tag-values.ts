/** Which values a field of spans has, each with its type. */
import {
  InvalidQueryError,
  QuerySyntaxError,
  SPAN_KINDS,
  SPAN_STATUSES,
  shorten,
  unixNanoFromMs,
  unreachable,
} from '@clew/model';
import type { Clock } from '@clew/model';
import { decodeTempoTagValuesRequest } from '@clew/protocol';
import type { TempoTagValue } from '@clew/protocol';
import {
  NIL,
  NOWHERE,
  attributeField,
  compareField,
  compileFields,
  filterOf,
  intrinsicField,
  isBeyondSpan,
  joinConditions,
  parseFieldName,
} from '@clew/traceql';
import type { AttributeField, Field, IntrinsicField, SearchQuery, Value } from '@clew/traceql';
import { metricsBy } from '../../query/metrics-query.ts';
import type { KnownValue, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { readFilterQuery } from './filter-query.ts';
import { formatGoDuration } from '../go-duration.ts';
import { givenCount, givenText, givenTimeRange, refuse, toTimeRange } from './parameters.ts';
import type { TimeRange } from './parameters.ts';
import { ANYTHING, sampleSpans } from './sample-spans.ts';

export interface TagValuesRequest {
  readonly field: Field;
  readonly filter: SearchQuery | undefined;
  readonly time: TimeRange;
  readonly limit: number;
}

/** As many are given when nobody says. */
const DEFAULT_LIMIT = 5000;
const MAX_LIMIT = 10_000;

/** Reads the parameters of a question for values of a tag. Throws `InvalidQueryError`. */
export function tagValuesOfParameters(field: Field, parameters: URLSearchParams): TagValuesRequest {
  return {
    field,
    filter: readFilterQuery(givenText(parameters, 'q')),
    time: givenTimeRange(parameters),
    limit: Math.min(givenCount(parameters, 'limit') || DEFAULT_LIMIT, MAX_LIMIT),
  };
}

/** Reads a `SearchTagValuesRequest` in protobuf, whose tag `toField` understands. Throws `InvalidQueryError` and `DecodeError`. */
export function tagValuesOfMessage(
  bytes: Uint8Array,
  toField: (tag: string) => Field,
): TagValuesRequest {
  const asked = decodeTempoTagValuesRequest(bytes);
  return {
    field: toField(asked.tagName ?? ''),
    filter: readFilterQuery(asked.query || undefined),
    time: toTimeRange(asked.start, asked.end),
    limit: Math.min(asked.maxTagValues || DEFAULT_LIMIT, MAX_LIMIT),
  };
}

/** A tag as TraceQL writes it: `span.http.route`, `.cart`, `kind`. Throws `InvalidQueryError`. */
export function fieldOfScopedTag(tag: string): Field {
  try {
    return parseFieldName(tag);
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    const name = shorten(tag);
    throw refuse('tag', `tag name is not valid intrinsic or scoped attribute: ${name}`);
  }
}

/** A tag of the first version: the bare name of an attribute, or of what every span has. */
export function fieldOfTag(tag: string): Field {
  const name = Object.hasOwn(OLD_NAMES, tag) ? OLD_NAMES[tag] : undefined;
  if (name !== undefined) return intrinsicField(name);
  return attributeField(tag === SERVICE_NAME ? 'resource' : 'any', tag);
}

const SERVICE_NAME = 'service.name';

const OLD_NAMES: Readonly<Record<string, IntrinsicField['name']>> = {
  name: 'span:name',
  status: 'span:status',
  'status.code': 'span:status',
  kind: 'span:kind',
  statusMessage: 'span:statusMessage',
  rootName: 'trace:rootName',
  'root.name': 'trace:rootName',
  rootServiceName: 'trace:rootService',
  'root.service.name': 'trace:rootService',
};

/** Those of most spans first where the spans are counted, and sorted where they are not. */
export async function listTagValues(
  queries: TraceQueries,
  { request, clock }: { readonly request: TagValuesRequest; readonly clock: Clock },
  options: QueryOptions,
): Promise<readonly TempoTagValue[]> {
  const { field, filter, limit } = request;
  if (field.kind === 'attribute') {
    const known =
      filter === undefined ? await readKnown(queries, { field, limit }, options) : undefined;
    return (known ?? (await readCounted(queries, { request, clock }, options))).slice(0, limit);
  }
  const source = VALUES_OF[field.name];
  switch (source) {
    case 'statuses':
      return SPAN_STATUSES.map(toKeyword).sort(byValue);
    case 'kinds':
      return SPAN_KINDS.map(toKeyword).sort(byValue);
    case 'traces':
      return (await readOfTraces(queries, request, options)).slice(0, limit);
    case 'spans':
      return (await readCounted(queries, { request, clock }, options)).slice(0, limit);
    case 'none':
      return [];
    default:
      return unreachable(source);
  }
}

/** Where values come from; none are listed of what each span has its own of. */
const VALUES_OF: Readonly<
  Record<IntrinsicField['name'], 'statuses' | 'kinds' | 'traces' | 'spans' | 'none'>
> = {
  'span:status': 'statuses',
  'span:kind': 'kinds',
  'trace:rootName': 'traces',
  'trace:rootService': 'traces',
  'span:name': 'spans',
  'span:statusMessage': 'spans',
  'event:name': 'spans',
  'instrumentation:name': 'spans',
  'instrumentation:version': 'spans',
  'event:timeSinceStart': 'none',
  'link:spanID': 'none',
  'link:traceID': 'none',
  'span:childCount': 'none',
  'span:duration': 'none',
  'span:id': 'none',
  'span:parentID': 'none',
  'trace:duration': 'none',
  'trace:id': 'none',
  nestedSetLeft: 'none',
  nestedSetParent: 'none',
  nestedSetRight: 'none',
  parent: 'none',
};

function toKeyword(value: string): TempoTagValue {
  return { type: 'keyword', value };
}

function byValue(a: TempoTagValue, b: TempoTagValue): number {
  return a.value < b.value ? -1 : 1;
}

/** Undefined where the store does not know all values. */
async function readKnown(
  queries: TraceQueries,
  { field, limit }: { readonly field: AttributeField; readonly limit: number },
  options: QueryOptions,
): Promise<readonly TempoTagValue[] | undefined> {
  const { scope, ofParent, name: key } = field;
  const isKept = scope === 'any' || scope === 'span' || scope === 'resource';
  if (ofParent || !isKept) return undefined;
  if (scope === 'resource' && key === SERVICE_NAME) {
    return (await queries.listServices(options)).map((value) => ({ type: 'string', value }));
  }
  const owner = scope === 'any' ? undefined : scope;
  const [known, keys] = await Promise.all([
    queries.listAttributeValues({ key, owner, prefix: '', limit }, options),
    queries.listAttributeKeys(options),
  ]);
  const types = keys
    .filter((each) => each.key === key && (owner === undefined || each.owner === owner))
    .flatMap((each) => each.types);
  // The store lists no fractions, no elements of lists and no long texts.
  const isLong = known.length === 0 && types.includes('string');
  const isUnlisted = isLong || types.includes('double') || types.includes('complex');
  return isUnlisted ? undefined : known.flatMap(fromKnown);
}

function fromKnown({ type, value }: KnownValue): readonly TempoTagValue[] {
  if (type === 'complex') return [];
  return [{ type: type === 'double' ? 'float' : type, value }];
}

/** As many traces are looked at. */
const MAX_TRACES = 300;

/** Of the newest traces. */
async function readOfTraces(
  queries: TraceQueries,
  { field, filter, time }: TagValuesRequest,
  options: QueryOptions,
): Promise<readonly TempoTagValue[]> {
  const search = filter ?? ANYTHING;
  const { traces } = await queries.searchTraces({ search, ...time, limit: MAX_TRACES }, options);
  const isName = field.kind === 'intrinsic' && field.name === 'trace:rootName';
  return inOrderOfCounts(
    traces.flatMap(({ rootSpanName, rootService }) => {
      const value = isName ? rootSpanName : rootService;
      return value === '' ? [] : [{ value: { type: 'string', value }, count: 1 }];
    }),
  );
}

/** Longer is too long for somebody who types. */
const COUNT_TIMEOUT_MS = 2000;

/** Of all spans where they can be counted in time, otherwise of the newest. */
async function readCounted(
  queries: TraceQueries,
  { request, clock }: { readonly request: TagValuesRequest; readonly clock: Clock },
  { signal }: QueryOptions,
): Promise<readonly TempoTagValue[]> {
  const { field, filter = ANYTHING, time } = request;
  const { startUnixNano = 0n, endUnixNano = unixNanoFromMs(clock.nowMs()) + 1n } = time;
  const range = { startUnixNano, stepNano: endUnixNano - startUnixNano, binCount: 1 };
  const count = { name: 'count_over_time', range: NOWHERE } as const;
  const tooLate = AbortSignal.timeout(COUNT_TIMEOUT_MS);
  const either = signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]);
  try {
    const metrics = metricsBy(filter.pipeline, count, field);
    const series = await queries.readMetrics({ metrics, range }, { signal: either });
    return inOrderOfCounts(
      series.map(({ labels, values }) => ({ value: labels[0]?.value, count: values[0] ?? 0 })),
    );
  } catch (error) {
    const isOurs = tooLate.aborted && signal?.aborted !== true;
    if (!isOurs && !(error instanceof InvalidQueryError)) throw error;
    return readSampled(queries, request, { signal });
  }
}

async function readSampled(
  queries: TraceQueries,
  { field, filter = ANYTHING, time }: TagValuesRequest,
  options: QueryOptions,
): Promise<readonly TempoTagValue[]> {
  if (isBeyondSpan(field)) return [];
  const spans = await sampleSpans(queries, { search: withField(filter, field), time }, options);
  const readFields = compileFields([field]);
  return inOrderOfCounts(
    spans.map((span) => ({
      value: readFields({ traceId: span.traceId, spans: [span] })(0)[0],
      count: 1,
    })),
  );
}

/** The spans of a search that have a field. */
function withField(search: SearchQuery, field: Field): SearchQuery {
  const condition = compareField('!=', field, NIL);
  const { pipeline } = search;
  const [first, ...others] = pipeline.stages;
  // One filter of both is found quicker than one after the other.
  if (first.kind === 'filter' && others.length === 0) {
    const both =
      first.condition === undefined
        ? condition
        : joinConditions('&&', [first.condition, condition]);
    return { ...search, pipeline: { ...pipeline, stages: [{ ...first, condition: both }] } };
  }
  const stages = [first, ...others, filterOf(condition)] as const;
  return { ...search, pipeline: { ...pipeline, stages } };
}

interface Counted {
  readonly value: Value | undefined;
  readonly count: number;
}

/** Each value once, and a list's each; the most frequent first. */
function inOrderOfCounts(counted: readonly Counted[]): readonly TempoTagValue[] {
  const counts = new Map<string, { readonly value: TempoTagValue; count: number }>();
  for (const each of counted) {
    for (const value of toTagValues(each.value)) {
      const key = `${value.type} ${value.value}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { value, count: each.count });
      else known.count += each.count;
    }
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || byValue(a.value, b.value))
    .map(({ value }) => value);
}

function toTagValues(value: Value | undefined): readonly TempoTagValue[] {
  switch (value?.type) {
    case undefined:
    case 'other':
      return [];
    case 'string':
      return value.value === '' ? [] : [value];
    case 'int':
    case 'float':
    case 'bool':
      return [{ type: value.type, value: String(value.value) }];
    case 'duration':
      return [{ type: 'duration', value: formatGoDuration(value.value) }];
    case 'status':
    case 'kind':
      return [toKeyword(value.value)];
    case 'list':
      return value.values.flatMap(toTagValues);
    default:
      return unreachable(value);
  }
}
