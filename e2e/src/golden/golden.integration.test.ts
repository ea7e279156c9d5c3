/**
 * What the foreign APIs answer about a few spans, whole answers against ones that follow from each API's description
 * (`cases/<api>.json`, the spans in `golden-spans.ts`). With `GOLDEN_WRITE=1` the answers that differ are written there instead,
 * to be read through before they are believed.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedAnswer, readAnswer } from './golden-case.ts';
import type { GoldenCase } from './golden-case.ts';
import { startGoldenServer } from './golden-server.ts';
import type { GoldenServer } from './golden-server.ts';

const CASES = join(import.meta.dirname, 'cases');
const isWriting = process.env['GOLDEN_WRITE'] === '1';

let server: GoldenServer;

beforeAll(async () => {
  server = await startGoldenServer();
});

afterAll(() => server[Symbol.asyncDispose]());

describe.each(readdirSync(CASES))('%s', (file) => {
  const path = join(CASES, file);
  const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly GoldenCase[];
  const written: GoldenCase[] = [];

  test.each(cases)('$name', async (golden) => {
    const [method = '', target = ''] = golden.request.split(' ');
    const response = await server.request(target, {
      method,
      ...(golden.headers === undefined ? {} : { headers: golden.headers }),
      ...(golden.body === undefined ? {} : { body: golden.body }),
    });
    const given = await readAnswer(response);
    if (isWriting) written.push(asCase(golden, given));
    else expect(given).toEqual(expectedAnswer(golden));
  });

  afterAll(() => {
    if (isWriting) writeFileSync(path, `${JSON.stringify(written, undefined, 2)}\n`);
  });
});

function asCase(golden: GoldenCase, given: Awaited<ReturnType<typeof readAnswer>>): GoldenCase {
  const { status, contentType, answer } = given;
  const { name, request, headers, body } = golden;
  return {
    name,
    request,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    ...(status === 200 ? {} : { status }),
    ...(contentType === 'application/json' ? {} : { contentType }),
    answer,
  };
}
