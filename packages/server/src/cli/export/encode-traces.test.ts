import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import {
  NO_DECODE_LIMITS,
  decodeTracesProtobuf,
  readSpans,
  transcodeTracesJson,
} from '@clew/protocol';
import { expect, test } from 'vitest';
import { exampleSpan } from '../../query/testing/canned-trace-reader.ts';
import { MAX_LINE_BYTES, encodeTraces } from './encode-traces.ts';
import type { TracePart } from './read-traces.ts';

const MIB = 1024 ** 2;

function spanOfBytes(sizeBytes: number): Span {
  // Three bytes a sign, as lines are counted in bytes.
  const value = '…'.repeat(sizeBytes / 3);
  return exampleSpan({ attributes: [{ key: 'text', value: { type: 'string', value } }] });
}

function partOf(spans: readonly Span[]): TracePart {
  return { traceId: exampleSpan().traceId, bytes: new Uint8Array(), spans };
}

async function linesOf(parts: readonly TracePart[]): Promise<readonly Buffer[]> {
  async function* stream() {
    yield* parts;
  }
  let text = '';
  for await (const chunk of encodeTraces(stream(), 'otlp-jsonl')) text += String(chunk);
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => Buffer.from(`${line}\n`));
}

function spanCountOf(line: Uint8Array): number {
  const block = new SpanBlock('');
  const { request } = transcodeTracesJson(line, NO_DECODE_LIMITS);
  decodeTracesProtobuf(request, block, NO_DECODE_LIMITS);
  return readSpans(block).length;
}

test.each([
  ['in small parts', Array.from({ length: 20 }, () => partOf([spanOfBytes(MIB)]))],
  ['in one part', [partOf(Array.from({ length: 20 }, () => spanOfBytes(MIB)))]],
])('a trace of 20 MiB, read %s, is lines that a server takes each', async (_, parts) => {
  const lines = await linesOf(parts);
  for (const { length } of lines) expect(length).toBeLessThanOrEqual(MAX_LINE_BYTES);
  expect(lines.length).toBe(2);
  expect(lines.map(spanCountOf).reduce((sum, count) => sum + count, 0)).toBe(20);
});

test('a small trace is one line, and a span that is too large for one is a line of its own', async () => {
  expect(await linesOf([partOf([exampleSpan()]), partOf([exampleSpan()])])).toHaveLength(1);
  const mixed = partOf([exampleSpan(), spanOfBytes(17 * MIB), exampleSpan()]);
  expect((await linesOf([mixed])).map(spanCountOf)).toEqual([1, 1, 1]);
});
