import { randomBytes } from 'node:crypto';
import type { Span } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { TENANT, at, attribute, blockOf, span } from '../testing/spans.ts';
import { RecordedLog, openTestStore } from '../testing/stores.ts';

const HOUR_MS = 3_600_000;
const MB = 1_000_000;

describe('the limit of bytes', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await makeDirectory();
  });

  afterEach(() => removeDirectory(directory));

  /** About 2 MB that do not compress, of which the first is given back. */
  function spansAt(offsetMs: number): readonly Span[] {
    return Array.from({ length: 500 }, () =>
      span({
        startUnixNano: at(offsetMs),
        attributes: [attribute('payload', randomBytes(3000).toString('base64'))],
      }),
    );
  }

  test.each([
    { limit: 'no limit', maxStoreBytes: 0, kept: [true, true, true, true], dropped: 0 },
    { limit: 'enough', maxStoreBytes: 40 * MB, kept: [true, true, true, true], dropped: 0 },
    {
      limit: 'the oldest hours are too much',
      maxStoreBytes: 5 * MB,
      kept: [false, true, true, true],
      dropped: 1,
    },
    {
      limit: 'only what arrives now fits',
      maxStoreBytes: 2.5 * MB,
      kept: [false, false, true, true],
      dropped: 2,
    },
    {
      limit: 'what arrives now is too much alone',
      maxStoreBytes: 1 * MB,
      kept: [false, false, false, true],
      dropped: 3,
    },
  ])('drops the oldest hours first: $limit', async ({ maxStoreBytes, kept, dropped }) => {
    const store = await openTestStore(directory);
    // Ten and five hours ago, now, and one in the future, by a clock that is fast.
    const spans = [-10, -5, 0].map((hours) => spansAt(hours * HOUR_MS));
    spans.push([span({ startUnixNano: at(10 * HOUR_MS) })]);
    for (const each of spans) await store.write(blockOf(each));
    await store[Symbol.asyncDispose]();

    const log = new RecordedLog();
    const reopened = await openTestStore(directory, { maxStoreBytes, log });
    const isKept = await Promise.all(
      spans.map(async (each) => {
        const traceId = each[0]?.traceId ?? span().traceId;
        return (await reopened.readSpans({ tenant: TENANT, traceId })) !== undefined;
      }),
    );
    // It goes on taking spans, wherever they belong.
    const late = span({ startUnixNano: at(-10 * HOUR_MS) });
    await reopened.write(blockOf([late]));
    await reopened.flush();
    const found = await reopened.readSpans({ tenant: TENANT, traceId: late.traceId });
    await reopened[Symbol.asyncDispose]();
    expect(isKept).toEqual(kept);
    expect(found).toEqual([late]);
    expect(log.lines).toHaveLength(dropped);
    for (const line of log.lines)
      expect(line).toMatch(/^dropped a partition because .* table=spans/);
  });
});
