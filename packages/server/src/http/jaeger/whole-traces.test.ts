import { OverloadedError } from '@clew/model';
import { expect, test } from 'vitest';
import {
  CannedTraceReader,
  exampleSpan,
  spanId,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import { TraceQueries } from '../../query/trace-queries.ts';
import { Turnstile } from './turnstile.ts';
import { wholeTraces } from './whole-traces.ts';

async function readAll(reader: CannedTraceReader, ids: readonly string[]): Promise<string[]> {
  const queries = new TraceQueries({
    store: reader,
    observe: () => undefined,
    maxAssembledSpans: 3,
  });
  const turnstile = new Turnstile({ places: 0, waitMs: 1 });
  const read: string[] = [];
  for await (const each of wholeTraces(queries, ids.map(traceId), { turnstile })) {
    if (each.kind === 'trace') {
      const { traceId, spans } = each.trace;
      read.push(`${Number.parseInt(traceId, 16)}: ${spans.length}`);
    } else read.push(`${Number.parseInt(each.traceId, 16)}: ${each.error.message}`);
  }
  return read;
}

function storing(spanCounts: Readonly<Record<string, number>>): CannedTraceReader {
  const reader = new CannedTraceReader();
  for (const [id, count] of Object.entries(spanCounts)) {
    for (let number = 1; number <= count; number++) {
      const span = { traceId: traceId(id), spanId: spanId(String(number)) };
      reader.spans.push(exampleSpan(span));
    }
  }
  return reader;
}

test('traces come whole, one after the other, in one pass', async () => {
  const reader = storing({ 1: 3, 2: 1, 3: 2 });
  expect(await readAll(reader, ['3', '4', '1', '2'])).toEqual(['3: 2', '1: 3', '2: 1']);
  expect(reader.endedStreams).toBe(1);
});

test('one that is too large is told of and not read to its end', async () => {
  const reader = storing({ 1: 1, 2: 9, 3: 1 });
  expect(await readAll(reader, ['1', '2', '3'])).toEqual([
    '1: 1',
    '2: a trace has more than 3 spans',
    '3: 1',
  ]);
});

test('of very many ids some are asked for at a time', async () => {
  const reader = storing({ 1: 1, 800: 1 });
  const ids = Array.from({ length: 4000 }, (_, index) => (index + 1).toString(16));
  expect(await readAll(reader, ids)).toEqual(['1: 1', '2048: 1']);
  expect(reader.endedStreams).toBe(3);
});

test('a large trace is held by as many as there are places, until they ask for the next', async () => {
  const reader = storing({ 1: 1, 2: 10_001 });
  const queries = new TraceQueries({ store: reader, observe: () => undefined });
  const turnstile = new Turnstile({ places: 1, waitMs: 5 });
  const ids = ['2', '1'].map(traceId);
  const first = wholeTraces(queries, ids, { turnstile });
  await first.next();
  await expect(wholeTraces(queries, ids, { turnstile }).next()).rejects.toThrow(OverloadedError);
  // A small one needs no place.
  await wholeTraces(queries, ['1'].map(traceId), { turnstile }).next();
  await first.next();
  const second = wholeTraces(queries, ids, { turnstile });
  await second.next();
  // Who goes away gives its place back, too.
  await second.return(undefined);
  await wholeTraces(queries, ids, { turnstile }).next();
});
