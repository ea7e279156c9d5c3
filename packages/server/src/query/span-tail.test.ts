import { StorageError, unixNano, unixNanoFromMs } from '@clew/model';
import type { Span } from '@clew/model';
import { beforeEach, expect, test } from 'vitest';
import { readSearch } from './read-search.ts';
import { SpanTail } from './span-tail.ts';
import { CannedTraceReader, exampleSpan, spanId } from './testing/canned-trace-reader.ts';
import { TraceQueries } from './trace-queries.ts';

const NOW_MS = 1_795_000_000_000;
const MINUTE_MS = 60_000;

let reader: CannedTraceReader;
let nowMs: number;
let tail: SpanTail;

beforeEach(() => {
  reader = new CannedTraceReader();
  nowMs = NOW_MS;
  tail = new SpanTail({
    queries: new TraceQueries({ store: reader, observe: () => undefined }),
    clock: { nowMs: () => nowMs },
    search: readSearch('{ status = error }'),
  });
});

/** Spans that arrive, each a nanosecond after the one before. */
function arrive(...names: readonly string[]): void {
  for (const name of names) reader.spans.push(spanAt(reader.spans.length, { name }));
}

function spanAt(number: number, given: Partial<Span> = {}): Span {
  const startUnixNano = unixNano(BigInt(number));
  return exampleSpan({ spanId: spanId((number + 1).toString(16)), startUnixNano, ...given });
}

async function look(limit = 100): Promise<{ names: string[]; skippedCount: number }> {
  const { spans, skippedCount } = await tail.look(limit, {});
  return { names: spans.map(({ name }) => name), skippedCount };
}

test('gives each span once, the newest last', async () => {
  arrive('a', 'b');
  expect(await look()).toEqual({ names: ['a', 'b'], skippedCount: 0 });
  expect((await look()).names).toEqual([]);
  arrive('c', 'd');
  reader.spans.push(exampleSpan({ ...reader.spans[0], name: 'a again' }));
  expect((await look()).names).toEqual(['c', 'd']);
});

test('gives the newest where there are too many, and never the others', async () => {
  arrive('a', 'b', 'c', 'd', 'e');
  expect(await look(2)).toEqual({ names: ['d', 'e'], skippedCount: 3 });
  expect(await look(2)).toEqual({ names: [], skippedCount: 0 });
  arrive('f');
  expect(await look(0)).toEqual({ names: [], skippedCount: 1 });
});

test('looks at what began in the last five minutes, and never further back than before', async () => {
  await look();
  nowMs += MINUTE_MS;
  await look();
  nowMs -= 2 * MINUTE_MS;
  await look();
  const sinceMs = [NOW_MS - 5 * MINUTE_MS, NOW_MS - 4 * MINUTE_MS, NOW_MS - 4 * MINUTE_MS];
  expect(reader.spanSearches.map(({ startUnixNano }) => startUnixNano)).toEqual(
    sinceMs.map(unixNanoFromMs),
  );
});

test('leaves the time behind of which there were more spans than it looks at', async () => {
  nowMs = 0;
  for (let i = 0; i < 10_001; i++) reader.spans.push(spanAt(i));
  expect((await tail.look(1, {})).skippedCount).toBe(9999);
  await look();
  // The oldest that was looked at began at 1.
  expect(reader.spanSearches.map(({ startUnixNano }) => startUnixNano)).toEqual([0n, 2n]);
});

test('gives later what it could not read', async () => {
  arrive('a');
  reader.failure = new StorageError('slow', { code: 'deadline_exceeded' });
  await expect(look()).rejects.toThrow('slow');
  reader.failure = undefined;
  expect((await look()).names).toEqual(['a']);
});
