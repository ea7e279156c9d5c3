/** The golden answers have the fields that each API's description has, of its types, and no others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  promqlAnswer,
  promqlError,
  promqlNames,
  promqlSeries,
} from '../../../packages/server/src/http/prometheus/testing/schema.ts';
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

const PROMETHEUS: readonly (readonly [RegExp, Schema])[] = [
  [/v1\/query/, promqlAnswer],
  [/v1\/label/, promqlNames],
  [/v1\/series/, promqlSeries],
];

test.each(casesOf('zipkin').filter(({ status = 200 }) => status === 200))(
  'Zipkin $name',
  ({ request, answer }) => check(request, answer, ZIPKIN),
);

test.each(casesOf('prometheus'))('Prometheus $name', ({ request, status = 200, answer }) => {
  check(request, answer, status === 200 ? PROMETHEUS : [[/./, promqlError]]);
});

/** What has no description is not looked at. */
function check(
  request: string,
  answer: unknown,
  schemas: readonly (readonly [RegExp, Schema])[],
): void {
  const schema = schemas.find(([pattern]) => pattern.test(request))?.[1];
  expect(schema?.safeParse(answer).error).toBeUndefined();
}
