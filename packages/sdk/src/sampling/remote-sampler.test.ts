import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { spanCandidate } from '../testing/span-candidate.ts';
import { RemoteSampler } from './remote-sampler.ts';

const HIGH = 'ffffffffffffff';
const ALL = '{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":1}}';
const HALF = '{"strategyType":"PROBABILISTIC","probabilisticSampling":{"samplingRate":0.5}}';
const NONE = '{"strategyType":"RATE_LIMITING","rateLimitingSampling":{"maxTracesPerSecond":0}}';

type Answer = { readonly status: number; readonly body: string } | 'hang';

let server: http.Server;
let answer: Answer;
let urls: string[];
let sampler: RemoteSampler | undefined;
let messages: string[];

beforeEach(async () => {
  urls = [];
  messages = [];
  const log = (message: string): void => void messages.push(message);
  diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log });
  messages.length = 0;
  server = http.createServer((request, response) => {
    urls.push(request.url ?? '');
    if (answer !== 'hang') response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  sampler?.close();
  diag.disable();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function start(pollingIntervalMs: number, initialSamplingRate = 0): RemoteSampler {
  const { port } = server.address() as AddressInfo;
  sampler = new RemoteSampler({
    endpoint: new URL(`http://127.0.0.1:${port}/sampling`),
    serviceName: 'shop & co',
    pollingIntervalMs,
    initialSamplingRate,
  });
  return sampler;
}

function isSampled(): boolean | undefined {
  return sampler?.decide(spanCandidate({}, HIGH)).isSampled;
}

test('samples as the endpoint says, and as it says later', async () => {
  answer = { status: 200, body: ALL };
  start(20);
  expect(isSampled()).toBe(false);
  await vi.waitFor(() => expect(isSampled()).toBe(true));
  expect(urls[0]).toBe('/sampling?service=shop+%26+co');
  answer = { status: 200, body: NONE };
  await vi.waitFor(() => expect(isSampled()).toBe(false));
  answer = { status: 200, body: HALF };
  await vi.waitFor(() => expect(isSampled()).toBe(true));
  expect(sampler?.decide(spanCandidate({}, HIGH))).toMatchObject({
    attributes: { 'sampler.type': 'probabilistic', 'sampler.param': 0.5 },
  });
});

test.each<[string, Answer]>([
  ['answers 500', { status: 500, body: ALL }],
  ['answers something else', { status: 200, body: '<html>' }],
  ['hangs', 'hang'],
])('keeps the initial rate while the endpoint %s, and says so once', async (_, first) => {
  answer = first;
  start(30, 1);
  await vi.waitFor(() => expect(urls.length).toBeGreaterThan(2));
  expect(isSampled()).toBe(true);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^clew: no sampling strategy from http:.*\/sampling, keeping the/);
});

test('keeps what the endpoint said last while it is gone', async () => {
  answer = { status: 200, body: ALL };
  start(20);
  await vi.waitFor(() => expect(isSampled()).toBe(true));
  answer = { status: 503, body: '' };
  await vi.waitFor(() => expect(messages).toHaveLength(1));
  expect(isSampled()).toBe(true);
});

test('asks at intervals that differ by up to a tenth, so that processes do not ask together', async () => {
  const intervalMs = 600_000;
  answer = { status: 200, body: ALL };
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const delays = (): number[] =>
    timers.mock.calls.map(([, ms]) => ms ?? 0).filter((ms) => ms > intervalMs / 2);
  const samplers = Array.from({ length: 20 }, () => start(intervalMs));
  await vi.waitFor(() => expect(delays()).toHaveLength(samplers.length));
  for (const each of samplers) each.close();
  const asked = delays();
  timers.mockRestore();
  expect(new Set(asked).size).toBeGreaterThan(samplers.length / 2);
  expect(Math.min(...asked)).toBeGreaterThanOrEqual(0.9 * intervalMs);
  expect(Math.max(...asked)).toBeLessThanOrEqual(1.1 * intervalMs);
});

test('asks no more once it is closed', async () => {
  answer = { status: 200, body: ALL };
  start(10);
  await vi.waitFor(() => expect(urls.length).toBeGreaterThan(0));
  sampler?.close();
  await new Promise((resolve) => {
    setTimeout(resolve, 30);
  });
  const count = urls.length;
  await new Promise((resolve) => {
    setTimeout(resolve, 60);
  });
  expect(urls).toHaveLength(count);
});
