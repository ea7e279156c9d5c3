import { encodeExportResponseProtobuf } from '@clew/protocol';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createNames, createRequest } from '../testing/export-requests.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { createExporter } from './create-exporter.ts';
import { RequestSender } from './request-sender.ts';
import type { SenderOptions } from './request-sender.ts';

vi.setConfig({ testTimeout: 60_000 });

let sink: OtlpSink;
let messages: string[];

beforeEach(async () => {
  sink = await OtlpSink.start();
  messages = [];
  const log = (message: string): void => void messages.push(message);
  diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log });
});

afterEach(async () => {
  diag.disable();
  await sink.stop();
});

function create(options: Partial<SenderOptions> & { url?: string; timeoutMs?: number } = {}) {
  const exporter = createExporter({
    protocol: 'http/protobuf',
    url: new URL(options.url ?? `${sink.endpoint}/v1/traces`),
    headers: {},
    timeoutMs: options.timeoutMs ?? 2000,
    compression: 'none',
  });
  const sender = new RequestSender(exporter, { exportTimeoutMs: 30_000, ...options });
  onTestFinished(() => sender.close());
  return sender;
}

test('100,000 spans through a receiver that fails half of the time are accounted for, every one', async () => {
  const partial = encodeExportResponseProtobuf({ rejectedSpans: 7, message: 'seven' });
  const perRequest = 200;
  const tooLate = { status: 503, headers: { 'retry-after': '0' } };
  const failures = [tooLate, tooLate, { status: 400 }, { status: 500 }, 'partial'] as const;
  let partialCount = 0;
  let refusedCount = 0;
  let random = 1;
  sink.answerWith(() => {
    random = (random * 48_271) % 2_147_483_647;
    if (random % 2 === 0) return { status: 200 };
    const failure = failures[random % failures.length] ?? tooLate;
    if (failure === 'partial') {
      partialCount++;
      return { status: 200, body: partial };
    }
    if (failure !== tooLate) refusedCount++;
    return failure;
  });
  const sender = create();
  for (let i = 0; i < 500; i++)
    await sender.send(createRequest(...createNames(`r${i}`, perRequest)));
  const { exported, rejected, dropped, underWay, buffered } = sender.counts;
  expect(exported + rejected + dropped).toBe(100_000);
  expect({ underWay, buffered }).toEqual({ underWay: 0, buffered: 0 });
  // What the receiver took is what was counted; of a request taken in part it does not say which.
  expect(sink.spans).toHaveLength(exported + 7 * partialCount);
  expect(rejected).toBe(7 * partialCount + perRequest * refusedCount);
  expect(new Set(sink.spans.map((span) => span.name)).size).toBe(sink.spans.length);
  expect(refusedCount).toBeGreaterThan(50);
  // Each kind of trouble once, and that it was over.
  expect(messages.length).toBeLessThan(10);
});

describe('time', () => {
  test('for one request is bounded, whatever the receiver does', async () => {
    sink.answerWith(() => 'hang');
    const sender = create({ exportTimeoutMs: 1500, timeoutMs: 400 });
    const startMs = performance.now();
    await sender.send(createRequest('a'));
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(sink.requests).toHaveLength(2);
    expect(sender.counts.dropped).toBe(1);
    expect(messages).toEqual([
      expect.stringContaining('trying again: no answer within 400 ms'),
      expect.stringContaining('could not be sent'),
    ]);
  });

  test('that the receiver asks for is not part of it', async () => {
    sink.answerWith((index) =>
      index === 0 ? { status: 503, headers: { 'retry-after': '1' } } : { status: 200 },
    );
    const sender = create({ exportTimeoutMs: 500 });
    await sender.send(createRequest('a'));
    expect(sender.counts.exported).toBe(1);
  });

  test('is not waited for in a hurry', async () => {
    sink.answerWith(() => ({ status: 503, headers: { 'retry-after': '50' } }));
    const sender = create();
    const startMs = performance.now();
    const sent = sender.send(createRequest('a'));
    while (sink.requests.length === 0) await tick();
    await tick();
    const relax = sender.hurry();
    await sent;
    await sender.send(createRequest('b'));
    relax();
    expect(performance.now() - startMs).toBeLessThan(1000);
    expect(sender.counts).toMatchObject({ dropped: 2, underWay: 0 });
  });
});

describe('trouble', () => {
  test.each([
    ['answers 500', { status: 500 } as const, 'rejected'],
    ['answers garbage', 'garbage', 'dropped'],
    ['resets', 'reset', 'dropped'],
  ] as const)('with a receiver that always %s is told once', async (_, answer, count) => {
    sink.answerWith(() => answer);
    // Each is sent again until its time is up, which must be more than a busy machine takes for an answer.
    const sender = create({ exportTimeoutMs: 400 });
    for (let i = 0; i < 4; i++) await sender.send(createRequest(`a${i}`));
    expect(sender.counts).toMatchObject({ exported: 0, [count]: 4 });
    expect(messages).toHaveLength(1);
    sink.answerWith(() => ({ status: 200 }));
    await sender.send(createRequest('b'));
    expect(messages).toHaveLength(2);
    expect(messages[1]).toContain('takes spans again');
  });

  test('that comes and goes does not fill the log', async () => {
    sink.answerWith((index) => (index % 2 === 0 ? { status: 500 } : { status: 200 }));
    const sender = create();
    for (let i = 0; i < 100; i++) await sender.send(createRequest(`a${i}`));
    expect(sender.counts).toMatchObject({ exported: 50, rejected: 50 });
    expect(messages).toHaveLength(2);
  });

  test('that has another name each time does not fill the log', async () => {
    sink.answerWith((index) => ({
      status: 200,
      body: encodeExportResponseProtobuf({ rejectedSpans: 1, message: `span ${index}` }),
    }));
    const sender = create();
    for (let i = 0; i < 100; i++) await sender.send(createRequest(`a${i}`));
    expect(sender.counts.rejected).toBe(100);
    expect(messages).toHaveLength(20);
  });
});

test('a receiver that refuses more spans than it got has refused all of them', async () => {
  const body = encodeExportResponseProtobuf({ rejectedSpans: 1000, message: '' });
  sink.answerWith(() => ({ status: 200, body }));
  const sender = create();
  await sender.send(createRequest('a', 'b'));
  expect(sender.counts).toMatchObject({ exported: 0, rejected: 2 });
});

function tick(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}
