import { describe, expect, test } from 'vitest';
import { createTestTracer } from '../testing/create-test-tracer.ts';
import { RecordingSpan } from '../trace/recording-span.ts';
import { BatchProcessor } from './batch-processor.ts';
import { RequestSender } from './request-sender.ts';
import { SpanIntake } from './span-intake.ts';
import type { SpanExporter } from './span-exporter.ts';

/** A processor that is there when the test says so, and what it was given to send. */
function createLoader(): {
  readonly load: () => Promise<BatchProcessor>;
  readonly arrive: () => void;
  readonly fail: () => void;
} {
  const exporter: SpanExporter = {
    target: 'test',
    export: async () => ({ status: 'success', rejectedSpanCount: 0, message: '' }),
    close: () => undefined,
  };
  const { promise, resolve, reject } = withResolvers<BatchProcessor>();
  const sender = new RequestSender(exporter, { exportTimeoutMs: 1000 });
  const { buffer } = createTestTracer();
  const processor = new BatchProcessor(sender, buffer, { maxBatchSize: 10, flushIntervalMs: 1000 });
  return {
    load: () => promise,
    arrive: () => resolve(processor),
    fail: () => reject(new Error('no such file')),
  };
}

/** Spans that have ended. */
function createSpans(count: number): readonly RecordingSpan[] {
  const tracer = createTestTracer().getTracer('test');
  return Array.from({ length: count }, (_, i) => {
    const span = tracer.startSpan(`span-${i}`);
    span.end();
    if (!(span instanceof RecordingSpan)) throw new Error('not recorded');
    return span;
  });
}

function withResolvers<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (cause: unknown) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: unknown) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

describe('until what sends spans is loaded', () => {
  test('those that end wait, and all of them are sent then', async () => {
    const { load, arrive } = createLoader();
    const intake = new SpanIntake(100, load);
    for (const span of createSpans(25)) intake.onEnd(span);
    expect(intake.stats).toMatchObject({ endedSpanCount: 25, queuedSpanCount: 25 });
    const flushed = intake.flush(1000);
    arrive();
    await flushed;
    for (const span of createSpans(5)) intake.onEnd(span);
    await intake.shutdown(1000);
    expect(intake.stats).toMatchObject({
      endedSpanCount: 30,
      exportedSpanCount: 30,
      queuedSpanCount: 0,
      droppedSpanCount: 0,
    });
  });

  test('the oldest go when more end than may wait', async () => {
    const { load, arrive } = createLoader();
    const intake = new SpanIntake(10, load);
    for (const span of createSpans(25)) intake.onEnd(span);
    expect(intake.stats).toMatchObject({ droppedSpanCount: 15, queuedSpanCount: 10 });
    arrive();
    await intake.shutdown(1000);
    expect(intake.stats).toMatchObject({
      endedSpanCount: 25,
      exportedSpanCount: 10,
      droppedSpanCount: 15,
    });
  });

  test('those are dropped and counted that the end of the process finds', () => {
    const intake = new SpanIntake(10, createLoader().load);
    for (const span of createSpans(3)) intake.onEnd(span);
    intake.abandon();
    expect(intake.stats).toMatchObject({ endedSpanCount: 3, droppedSpanCount: 3 });
  });
});

test('what cannot be loaded drops spans and counts them, and nobody else notices', async () => {
  const { load, fail } = createLoader();
  const intake = new SpanIntake(10, load);
  for (const span of createSpans(3)) intake.onEnd(span);
  fail();
  await intake.drain(1000);
  for (const span of createSpans(2)) intake.onEnd(span);
  await intake.shutdown(1000);
  expect(intake.stats).toMatchObject({
    endedSpanCount: 5,
    droppedSpanCount: 5,
    queuedSpanCount: 0,
  });
});
