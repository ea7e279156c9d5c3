import { setImmediate } from 'node:timers/promises';
import { diag } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { init, startSpan } from '../index.ts';
import type { Clew } from '../index.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';

vi.setConfig({ testTimeout: 60_000 });

const HOUR_MS = 3_600_000;
const STEP_MS = 5000;
const SPANS_PER_STEP = 40;

let sink: OtlpSink;
let clew: Clew;
let messages: string[];

beforeEach(async () => {
  sink = await OtlpSink.start();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  messages = [];
  const log = (message: string): void => void messages.push(message);
  const logger: DiagLogger = { error: log, warn: log, info: log, debug: log, verbose: log };
  clew = init({ serviceName: 'app', endpoint: sink.endpoint, logger, maxQueueSize: 500 });
});

afterEach(async () => {
  vi.useRealTimers();
  await clew.shutdown();
  diag.disable();
  await sink.stop();
});

/** The clock goes on, and what goes over the network has some turns to arrive. */
async function step(): Promise<void> {
  for (let i = 0; i < SPANS_PER_STEP; i++) startSpan('order').end();
  await vi.advanceTimersByTimeAsync(STEP_MS);
  for (let turn = 0; turn < 20; turn++) await setImmediate();
}

function expectCountsToAddUp(): void {
  const stats = clew.stats;
  const { exportedSpanCount, rejectedSpanCount, droppedSpanCount, queuedSpanCount } = stats;
  const sum = exportedSpanCount + rejectedSpanCount + droppedSpanCount + queuedSpanCount;
  expect(sum).toBe(stats.endedSpanCount);
  // One request may be under way beside those that wait.
  expect(queuedSpanCount).toBeLessThanOrEqual(1000);
}

test.each([
  ['answers 500', { status: 500 }],
  ['answers 503', { status: 503 }],
  ['answers garbage', 'garbage'],
  ['resets every connection', 'reset'],
  ['hangs', 'hang'],
  ['is not there', 'refuse'],
] as const)(
  'a receiver that %s for an hour is told of once, and counts are exact',
  async (_, answer) => {
    const { port } = new URL(sink.endpoint);
    if (answer === 'refuse') await sink.stop();
    else sink.answerWith(() => answer);
    for (let ms = 0; ms < HOUR_MS; ms += STEP_MS) {
      await step();
      expectCountsToAddUp();
    }
    expect(clew.stats.exportedSpanCount).toBe(0);
    expect(clew.stats.endedSpanCount).toBe((HOUR_MS / STEP_MS) * SPANS_PER_STEP);
    // That it is tried again, that it was given up, and that spans are dropped, each once.
    expect(new Set(messages).size).toBe(messages.length);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThanOrEqual(3);
    if (answer === 'refuse') sink = await OtlpSink.start(Number(port));
    else sink.answerWith(() => ({ status: 200 }));
    for (let i = 0; i < 20; i++) await step();
    expectCountsToAddUp();
    expect(clew.stats.exportedSpanCount).toBe(sink.spans.length);
    expect(sink.spans.length).toBeGreaterThan(15 * SPANS_PER_STEP);
  },
);
