import type { TraceSummaryJson } from '@clew/api';
import { describe, expect, test } from 'vitest';
import { chooseLikes, spreadOperations } from './choose-likes.ts';

function summary(traceId: string, durationNano: number, rootSpanName = 'GET /'): TraceSummaryJson {
  return {
    traceId,
    rootService: 'shop',
    rootSpanName,
    startUnixNano: '0',
    durationNano: String(durationNano),
    spanCount: 1,
    errorCount: 0,
    services: [],
    matchedStartUnixNano: '0',
    matchedSpanId: '',
  };
}

describe('which traces are offered', () => {
  test('the typical one is in the middle of the newest, and none is the trace itself', () => {
    const newest = [summary('x', 50), summary('a', 900), summary('b', 10), summary('c', 100)];
    const likes = chooseLikes(
      {
        newest,
        fastest: [summary('b', 10)],
        slowest: [summary('x', 950), summary('a', 900)],
        failed: [],
      },
      'x',
    );
    expect(likes).toMatchObject({
      typical: { traceId: 'c' },
      typicalOf: 3,
      fastest: { traceId: 'b' },
      slowest: { traceId: 'a' },
      failed: undefined,
    });
  });

  test('with no other trace there is nothing to offer', () => {
    const none = chooseLikes({ newest: [], fastest: [], slowest: [], failed: [] }, 'x');
    expect(none).toMatchObject({ typical: undefined, typicalOf: 0, fastest: undefined });
  });

  test('operations that were seen twice are listed with their fastest and slowest trace', () => {
    const spreads = spreadOperations([
      summary('a', 5),
      summary('b', 70, 'POST /'),
      summary('c', 3),
      summary('d', 9),
      { ...summary('e', 1, ''), rootService: '' },
      { ...summary('f', 1, ''), rootService: '' },
    ]);
    expect(spreads).toMatchObject([
      { name: 'GET /', count: 3, fastest: { traceId: 'c' }, slowest: { traceId: 'd' } },
    ]);
  });
});
