import type { Span } from '@clew/model';
import { LimitError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SpanStore } from '../../span-store.ts';
import { makeDirectory, removeDirectory } from '../../testing/directories.ts';
import {
  NOW_MS,
  TENANT,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../../testing/spans.ts';
import { ManualClock, RETENTION_MS, openTestStore } from '../../testing/stores.ts';

describe('an archived trace', () => {
  const PINNED = traceId(0xabc);
  let directory: string;
  let clock: ManualClock;
  let store: SpanStore;

  beforeEach(async () => {
    directory = await makeDirectory();
    clock = new ManualClock();
    store = await openTestStore(directory, { clock });
  });

  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  function spanOf(number: number, fields: Partial<Span> = {}): Span {
    return span({
      traceId: PINNED,
      spanId: spanId(number),
      startUnixNano: at(number),
      attributes: [attribute('number', BigInt(number))],
      ...fields,
    });
  }

  async function keepAll(spans: readonly Span[]): Promise<void> {
    await store.write(blockOf(spans));
    await store.flush();
  }

  /** Time goes by until all that is stored now is dropped. */
  async function outlive(): Promise<void> {
    await store[Symbol.asyncDispose]();
    clock.ms = NOW_MS + RETENTION_MS + 2 * 86_400_000;
    store = await openTestStore(directory, { clock });
  }

  async function readStream(id = PINNED): Promise<readonly Span[]> {
    const spans: Span[] = [];
    for await (const part of store.streamSpans({ tenant: TENANT, traceIds: [traceId(1), id] })) {
      spans.push(...part);
    }
    return spans;
  }

  test('is read in every way after retention, with all that its spans have', async () => {
    const shop = resource('shop', [attribute('host.name', 'a')]);
    const spans = [1, 2, 3].map((number) => spanOf(number, { resource: shop }));
    const other = span({ traceId: traceId(0xdef) });
    await keepAll([...spans, other]);
    const request = { tenant: TENANT, traceId: PINNED };
    expect(await store.archiveTrace(request)).toBe(true);
    await outlive();
    expect(await store.readSpans(request)).toEqual(spans);
    expect(await readStream()).toEqual(spans);
    expect(await store.readSpans({ ...request, spanId: spanId(2) })).toEqual([spans[1]]);
    expect(await store.readSpans({ ...request, spanId: spanId(9) })).toBeUndefined();
    const columns = await store.readTraceColumns(request);
    expect(columns?.spanCount).toBe(3);
    await expect(store.readSpans({ ...request, maxSpans: 2 })).rejects.toThrow(LimitError);
    expect(await store.readSpans({ tenant: TENANT, traceId: other.traceId })).toBeUndefined();
    expect(await store.readSpans({ tenant: 'other', traceId: PINNED })).toBeUndefined();
  });

  test('has what arrived later while that is stored, and afterwards if it is archived again', async () => {
    const request = { tenant: TENANT, traceId: PINNED };
    await keepAll([spanOf(1), spanOf(2)]);
    await store.archiveTrace(request);
    await keepAll([spanOf(3)]);
    expect(await readStream()).toHaveLength(3);
    await store.archiveTrace(request);
    await outlive();
    expect(await readStream()).toHaveLength(3);
    await store.archiveTrace(request);
    expect(await readStream()).toHaveLength(3);
  });

  test('is gone when it is deleted', async () => {
    const request = { tenant: TENANT, traceId: PINNED };
    await keepAll([spanOf(1)]);
    await store.archiveTrace(request);
    await outlive();
    expect(await store.deleteTrace(request)).toBe(true);
    expect(await store.readSpans(request)).toBeUndefined();
    expect(await store.deleteTrace(request)).toBe(false);
    await store[Symbol.asyncDispose]();
    store = await openTestStore(directory, { clock });
    expect(await store.readSpans(request)).toBeUndefined();
  });

  test('that is not stored cannot be archived', async () => {
    expect(await store.archiveTrace({ tenant: TENANT, traceId: traceId(0x999) })).toBe(false);
  });
});
