/** `tempopb.StreamingQuerier`: the same questions as over HTTP. Searches answer as they find, series in parts. */
import type { Clock } from '@clew/model';
import {
  TEMPO_INSTANT,
  TEMPO_RANGE,
  TEMPO_SEARCH,
  TEMPO_TAGS,
  TEMPO_TAGS_V2,
  TEMPO_TAG_VALUES,
  TEMPO_TAG_VALUES_V2,
} from '@clew/protocol';
import type { TempoAnswer, TempoRangeResponse } from '@clew/protocol';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { GrpcMethod } from '../../receiver/grpc/server.ts';
import { streamTraces } from './found-traces.ts';
import { readInstant, readRange } from './metrics-answer.ts';
import { instantOfMessage, rangeOfMessage } from './metrics-request.ts';
import { searchOfMessage } from './search-request.ts';
import { listTagNames, listTagScopes, tagNamesOfMessage } from './tag-names.ts';
import { fieldOfScopedTag, fieldOfTag, listTagValues, tagValuesOfMessage } from './tag-values.ts';

const SERVICE = '/tempopb.StreamingQuerier';
const METRICS = { completedJobs: 1, totalJobs: 1 } as const;

/** By their paths. */
export function tempoGrpcMethods({
  queries,
  clock,
}: {
  readonly queries: TraceQueries;
  readonly clock: Clock;
}): Readonly<Record<string, GrpcMethod>> {
  return {
    [`${SERVICE}/Search`]: stream(TEMPO_SEARCH, (message, options) =>
      streamTraces(queries, searchOfMessage(message), options),
    ),
    [`${SERVICE}/SearchTags`]: once(TEMPO_TAGS, async (message, options) => ({
      tagNames: await listTagNames(queries, tagNamesOfMessage(message), options),
      metrics: METRICS,
    })),
    [`${SERVICE}/SearchTagsV2`]: once(TEMPO_TAGS_V2, async (message, options) => ({
      scopes: await listTagScopes(queries, tagNamesOfMessage(message), options),
      metrics: METRICS,
    })),
    [`${SERVICE}/SearchTagValues`]: once(TEMPO_TAG_VALUES, async (message, options) => {
      const request = tagValuesOfMessage(message, fieldOfTag);
      const values = await listTagValues(queries, { request, clock }, options);
      const tagValues = [...new Set(values.map(({ value }) => value))];
      return { tagValues, metrics: METRICS };
    }),
    [`${SERVICE}/SearchTagValuesV2`]: once(TEMPO_TAG_VALUES_V2, async (message, options) => {
      const request = tagValuesOfMessage(message, fieldOfScopedTag);
      const tagValues = await listTagValues(queries, { request, clock }, options);
      return { tagValues, metrics: METRICS };
    }),
    [`${SERVICE}/MetricsQueryRange`]: stream(TEMPO_RANGE, async function* (message, options) {
      yield* partsOf(await readRange(queries, rangeOfMessage(message, clock), options));
    }),
    [`${SERVICE}/MetricsQueryInstant`]: once(TEMPO_INSTANT, (message, options) =>
      readInstant(queries, instantOfMessage(message, clock), options),
    ),
  };
}

function stream<Value>(
  form: TempoAnswer<Value>,
  answer: (message: Uint8Array, options: QueryOptions) => AsyncIterable<Value>,
): GrpcMethod {
  return async function* (message, { signal }) {
    for await (const value of answer(message, { signal })) yield form.encode(value);
  };
}

function once<Value>(
  form: TempoAnswer<Value>,
  answer: (message: Uint8Array, options: QueryOptions) => Promise<Value>,
): GrpcMethod {
  return stream(form, async function* (message, options) {
    yield await answer(message, options);
  });
}

/** Some megabyte: clients take four of a message unless they are told otherwise. */
const SAMPLES_PER_MESSAGE = 40_000;

/** Some series at a time. */
function* partsOf({ series, ...state }: TempoRangeResponse): Generator<TempoRangeResponse> {
  let part: TempoRangeResponse['series'][number][] = [];
  let sampleCount = 0;
  for (const each of series) {
    sampleCount += each.samples?.length ?? 0;
    if (part.length > 0 && sampleCount > SAMPLES_PER_MESSAGE) {
      yield { ...state, series: part };
      part = [];
      sampleCount = each.samples?.length ?? 0;
    }
    part.push(each);
  }
  yield { ...state, series: part };
}
