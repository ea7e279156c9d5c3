/**
 * What the foreign APIs answer about a few spans, whole answers against ones that follow from each API's description
 * (`cases/<api>.json`, over gRPC `grpc-cases/<api>.json`; the spans in `golden-spans.ts`). With `GOLDEN_WRITE=1` the answers that differ are written there instead,
 * to be read through before they are believed.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ForeignGrpcClient } from '../../../packages/server/src/http/testing/grpc-client.ts';
import { expectedAnswer, readAnswer } from './golden-case.ts';
import type { GoldenCase } from './golden-case.ts';
import { askCase } from './grpc-case.ts';
import type { GrpcCase } from './grpc-case.ts';
import { startGoldenServer } from './golden-server.ts';
import type { GoldenServer } from './golden-server.ts';

const CASES = join(import.meta.dirname, 'cases');
const GRPC_CASES = join(import.meta.dirname, 'grpc-cases');
const isWriting = process.env['GOLDEN_WRITE'] === '1';

let server: GoldenServer;

beforeAll(async () => {
  server = await startGoldenServer();
});

afterAll(() => server[Symbol.asyncDispose]());

describe.each(readdirSync(CASES))('%s', (file) => {
  const path = join(CASES, file);
  const cases = readCases(path) as readonly GoldenCase[];
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
    if (isWriting) writeCases(path, written);
  });
});

describe.each(readdirSync(GRPC_CASES))('gRPC, %s', (file) => {
  const path = join(GRPC_CASES, file);
  const cases = readCases(path) as readonly GrpcCase[];
  const written: GrpcCase[] = [];
  let client: ForeignGrpcClient;

  beforeAll(() => {
    client = new ForeignGrpcClient(file === 'tempo.json' ? server.tempoPort : server.jaegerPort);
  });

  test.each(cases)('$name', async (golden) => {
    const given = await askCase(client, golden);
    if (isWriting) written.push(given);
    else expect(given).toEqual(golden);
  });

  afterAll(() => {
    client.close();
    if (isWriting) writeCases(path, written);
  });
});

function readCases(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function writeCases(path: string, cases: readonly unknown[]): void {
  writeFileSync(path, `${JSON.stringify(cases, undefined, 2)}\n`);
}

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
