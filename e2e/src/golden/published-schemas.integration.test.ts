/** The golden answers have the fields that each API's description has, of its types, and no others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ANSWERS } from '../../../packages/server/src/http/jaeger/testing/answer-schemas.ts';
import {
  promqlAnswer,
  promqlError,
  promqlNames,
  promqlSeries,
} from '../../../packages/server/src/http/prometheus/testing/schema.ts';
import { readJson } from '../../../packages/server/src/http/tempo/testing/tempo-proto.ts';
import {
  zipkinDependencies,
  zipkinNames,
  zipkinTrace,
  zipkinTraces,
} from '../../../packages/server/src/http/zipkin/testing/schema.ts';
import type { GoldenCase } from './golden-case.ts';

interface Schema {
  safeParse(value: unknown): { readonly success: boolean; readonly error?: unknown };
}

function casesOf(api: string): readonly GoldenCase[] {
  const path = join(import.meta.dirname, 'cases', `${api}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as readonly GoldenCase[];
}

/** By the part of the request that says what is asked. */
const ZIPKIN: readonly (readonly [RegExp, Schema])[] = [
  [/v2\/(?:services|spans|remoteServices|autocomplete\w+)/, zipkinNames],
  [/v2\/trace\//, zipkinTrace],
  [/v2\/(?:traces|traceMany)\b/, zipkinTraces],
  [/v2\/dependencies/, zipkinDependencies],
];

const JAEGER: readonly (readonly [RegExp, Schema])[] = [
  [/api\/v3\/services/, ANSWERS.v3Services],
  [/api\/v3\/operations/, ANSWERS.v3Operations],
  [/api\/v3\/trace-summaries/, ANSWERS.v3Summaries],
  [/api\/v3\/dependencies/, ANSWERS.v3Dependencies],
  [/api\/services/, ANSWERS.names],
  [/api\/operations/, ANSWERS.operations],
  [/api\/(?:traces|transform)/, ANSWERS.traces],
  [/api\/archive/, ANSWERS.nothing],
  [/api\/dependencies/, ANSWERS.dependencies],
  [/api\/metrics/, ANSWERS.metrics],
];

const JAEGER_FAILURES: readonly (readonly [RegExp, Schema])[] = [
  [/api\/v3/, ANSWERS.v3Failure],
  [/api/, ANSWERS.failure],
];

/** Messages of Tempo's. */
const TEMPO: readonly (readonly [RegExp, string])[] = [
  [/api\/v2\/traces\/[0-9a-f]{8}/, 'TraceByIDResponse'],
  [/api\/traces\//, 'OldTrace'],
  [/api\/search\?/, 'SearchResponse'],
  [/api\/search\/tags/, 'SearchTagsResponse'],
  [/api\/v2\/search\/tags/, 'SearchTagsV2Response'],
  [/api\/search\/tag\//, 'SearchTagValuesResponse'],
  [/api\/v2\/search\/tag\//, 'SearchTagValuesV2Response'],
  [/api\/metrics\/query_range/, 'QueryRangeResponse'],
  [/api\/metrics\/query\?/, 'QueryInstantResponse'],
];

const PROMETHEUS: readonly (readonly [RegExp, Schema])[] = [
  [/v1\/query/, promqlAnswer],
  [/v1\/label/, promqlNames],
  [/v1\/series/, promqlSeries],
];

const V3_TRACES = /api\/v3\/traces/;

test.each(casesOf('jaeger'))('Jaeger $name', ({ request, status = 200, answer }) => {
  if (status !== 200) check(request, asJson(answer), JAEGER_FAILURES);
  else if (!V3_TRACES.test(request)) check(request, answer, JAEGER);
  else {
    const { result, ...others } = answer as { readonly result: unknown };
    expect(others).toEqual({});
    expect(() => readJson('Trace', result)).not.toThrow();
  }
});

test.each(casesOf('tempo').filter(({ status = 200 }) => status === 200))(
  'Tempo $name',
  ({ request, answer }) => {
    const message = TEMPO.find(([pattern]) => pattern.test(request))?.[1];
    if (message !== undefined) expect(() => readJson(message, answer)).not.toThrow();
  },
);

test.each(casesOf('zipkin').filter(({ status = 200 }) => status === 200))(
  'Zipkin $name',
  ({ request, answer }) => check(request, answer, ZIPKIN),
);

test.each(casesOf('prometheus'))('Prometheus $name', ({ request, status = 200, answer }) => {
  check(request, answer, status === 200 ? PROMETHEUS : [[/./, promqlError]]);
});

/** Of what is no JSON, nothing. */
function asJson(text: unknown): unknown {
  return String(text).startsWith('{') ? JSON.parse(String(text)) : undefined;
}

/** What has no description is not looked at. */
function check(
  request: string,
  answer: unknown,
  schemas: readonly (readonly [RegExp, Schema])[],
): void {
  if (answer === undefined) return;
  const schema = schemas.find(([pattern]) => pattern.test(request))?.[1];
  expect(schema?.safeParse(answer).error).toBeUndefined();
}
