import { OverloadedError, StorageError } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import { beforeEach, expect, test } from 'vitest';
import { ServerMetrics } from '../telemetry/metrics.ts';
import { createSpanPipeline } from './span-pipeline.ts';
import type { SpanSink } from './span-sink.ts';

let metrics: ServerMetrics;
let written: { readonly tenant: string; readonly spanCount: number }[];
let failure: Error | undefined;
let pipeline: SpanSink;

beforeEach(() => {
  metrics = new ServerMetrics('test');
  written = [];
  failure = undefined;
  const write = (block: SpanBlock): Promise<void> => {
    if (failure !== undefined) return Promise.reject(failure);
    written.push({ tenant: block.tenant, spanCount: block.spanCount });
    return Promise.resolve();
  };
  pipeline = createSpanPipeline({ writer: { write }, metrics });
});

/** A block of spans of which nothing but their number matters. */
function blockOf(spanCount: number): SpanBlock {
  const block = pipeline.createBlock();
  for (let i = 0; i < spanCount; i++) block.endSpan();
  return block;
}

test('gives blocks the tenant and hands them to the store', async () => {
  const block = blockOf(3);
  await pipeline.accept(block, { receiver: 'otlp_grpc', rejectedSpans: 2 });
  expect(written).toEqual([{ tenant: 'default', spanCount: 3 }]);
  const text = await metrics.format();
  expect(text).toContain('clew_receiver_received_spans_total{receiver="otlp_grpc"} 5');
  expect(text).toContain('clew_receiver_stored_spans_total{receiver="otlp_grpc"} 3');
  expect(text).toContain('refused_spans_total{receiver="otlp_grpc",reason="invalid"} 2');
});

test('empties a block when the store has taken it, and uses it again', async () => {
  const block = blockOf(3);
  const accepted = pipeline.accept(block, { receiver: 'otlp_grpc', rejectedSpans: 0 });
  expect(pipeline.createBlock()).toBe(block);
  expect(block.spanCount).toBe(0);
  expect(pipeline.createBlock()).not.toBe(block);
  await accepted;
  expect(written).toEqual([{ tenant: 'default', spanCount: 3 }]);
});

test('gives each large request a turn of the event loop of its own, in the order they came', async () => {
  const seen: string[] = [];
  let turn = 0;
  const tick = (): void => {
    turn++;
    if (turn < 10) setImmediate(tick);
  };
  setImmediate(tick);
  const requests = ['first', 'second', 'third'].map(async (name) => {
    await pipeline.nextTurn();
    seen.push(`${name} ${turn}`);
  });
  await Promise.all(requests);
  expect(new Set(seen.map((each) => each.split(' ')[1])).size).toBe(3);
  expect(seen.map((each) => each.split(' ')[0])).toEqual(['first', 'second', 'third']);
});

test('does not bother the store with an empty block', async () => {
  await pipeline.accept(blockOf(0), { receiver: 'otlp_grpc', rejectedSpans: 4 });
  expect(written).toEqual([]);
});

test.each([
  ['overloaded', new OverloadedError('full', { retryAfterMs: 1 })],
  ['storage', new StorageError('no space left on device')],
])('passes on a failure and counts its spans as refused: %s', async (reason, error) => {
  failure = error;
  const accepted = pipeline.accept(blockOf(3), { receiver: 'otlp_http', rejectedSpans: 0 });
  await expect(accepted).rejects.toBe(error);
  const text = await metrics.format();
  expect(text).toContain(`refused_spans_total{receiver="otlp_http",reason="${reason}"} 3`);
  expect(text).not.toContain('stored_spans_total{receiver="otlp_http"}');
});
