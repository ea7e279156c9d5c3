import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Span } from '@clew/model';
import type { SpanStore } from '../span-store.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import {
  EVERYTHING,
  TENANT,
  at,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';

const HOUR_MS = 3_600_000;

describe('deleting a trace', () => {
  let directory: string;
  let store: SpanStore;

  beforeEach(async () => {
    directory = await makeDirectory();
    store = await openTestStore(directory, { maxSegmentAgeMs: HOUR_MS });
  });

  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  function read(id: Span['traceId']) {
    return store.readSpans({ tenant: TENANT, traceId: id });
  }

  async function findTraces(): Promise<readonly string[]> {
    const page = await store.searchTraces({ tenant: TENANT, search: EVERYTHING, limit: 100 });
    return page.traces.map((trace) => trace.traceId).sort();
  }

  test('removes its spans of all services, partitions and segments, and nothing else', async () => {
    const doomed = traceId(0xdead);
    const kept = traceId(0xbeef);
    const ofTrace = (id: Span['traceId'], number: number): Span =>
      span({
        traceId: id,
        spanId: spanId(number),
        startUnixNano: number === 5 ? at(-20_000 * 24 * HOUR_MS) : at(-number * 5 * HOUR_MS),
        resource: resource(`service-${number % 2}`),
      });
    const numbers = [1, 2, 3, 4, 5];
    await store.write(blockOf(numbers.map((number) => ofTrace(doomed, number))));
    await store.write(blockOf(numbers.map((number) => ofTrace(kept, number))));
    await store.flush();
    // One more that waits in a segment.
    await store.write(blockOf([ofTrace(doomed, 6)]));

    expect(await store.deleteTrace({ tenant: TENANT, traceId: doomed })).toBe(true);
    expect(await read(doomed)).toBeUndefined();
    expect(await read(kept)).toHaveLength(5);
    expect(await findTraces()).toEqual([kept]);
    expect(await store.deleteTrace({ tenant: TENANT, traceId: doomed })).toBe(false);

    await store[Symbol.asyncDispose]();
    store = await openTestStore(directory);
    expect(await findTraces()).toEqual([kept]);
  });

  test('leaves a trace of another tenant, and one that was never there', async () => {
    const id = traceId(0xabc);
    await store.write(blockOf([span({ traceId: id })]));
    expect(await store.deleteTrace({ tenant: 'other', traceId: id })).toBe(false);
    expect(await store.deleteTrace({ tenant: TENANT, traceId: traceId(0xabcd) })).toBe(false);
    expect(await read(id)).toHaveLength(1);
  });

  test('stores spans that arrive afterwards', async () => {
    const id = traceId(0xabc);
    await store.write(blockOf([span({ traceId: id, spanId: spanId(1) })]));
    await store.deleteTrace({ tenant: TENANT, traceId: id });
    const late = span({ traceId: id, spanId: spanId(2) });
    await store.write(blockOf([late]));
    await store.flush();
    expect(await read(id)).toEqual([late]);
    // Also what was removed, from whoever imports it again.
    await store.deleteTrace({ tenant: TENANT, traceId: id });
    await store.write(blockOf([late]));
    await store.flush();
    expect(await read(id)).toEqual([late]);
    expect(await findTraces()).toEqual([id]);
  });
});
