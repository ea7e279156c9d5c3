import { describe, expect, test } from 'vitest';
import { chooseLikes, spreadOperations } from './choose-likes.ts';
import type { OperationRun } from './choose-likes.ts';

function run(traceId: string, durationNs: number, name = 'GET /'): OperationRun {
  return { traceId, service: 'shop', name, startMs: 0, durationNs, spanCount: 12, errorCount: 0 };
}

/** Its root has not failed: the server answered 402 itself. */
const refused: OperationRun = { ...run('refused', 4), startMs: 7, spanCount: 9, errorCount: 2 };
const trivial: OperationRun = { ...run('trivial', 2), spanCount: 1 };

describe('which traces are offered', () => {
  test('the median is in the middle of the newest, and none is the trace itself', () => {
    const newest = [run('x', 50), run('a', 900), run('b', 10), run('c', 100)];
    const likes = chooseLikes(
      { newest, fastest: [run('b', 10)], slowest: [run('x', 950), run('a', 900)], failed: [] },
      'x',
    );
    expect(likes).toMatchObject({
      median: { traceId: 'c' },
      medianOf: 3,
      fastest: { traceId: 'b' },
      slowest: { traceId: 'a' },
      failed: undefined,
    });
  });

  test('a quick trace with a failed span is not the fastest, nor one with less than half the usual spans', () => {
    const half = { ...run('half', 8), spanCount: 6 };
    const newest = [refused, trivial, run('a', 90), half, run('b', 70), run('c', 80)];
    const found = { newest, fastest: [trivial, refused, half], slowest: [], failed: [] };
    expect(chooseLikes(found, 'x')).toMatchObject({
      fastest: { traceId: 'half' },
      median: { traceId: 'b' },
      medianOf: 4,
      slowest: { traceId: 'a' },
      failed: { traceId: 'refused' },
      leastSpans: 6,
    });
    expect(spreadOperations(newest)).toMatchObject([
      {
        count: 4,
        fastest: { traceId: 'half' },
        slowest: { traceId: 'a' },
        failedCount: 1,
        smallCount: 1,
        leastSpans: 6,
      },
    ]);
  });

  test('an operation whose traces but one have a failed span is not offered', () => {
    expect(spreadOperations([run('a', 5), refused, { ...refused, traceId: 'b' }])).toEqual([]);
  });

  test('with no other trace there is nothing to offer', () => {
    const none = chooseLikes({ newest: [], fastest: [], slowest: [], failed: [] }, 'x');
    expect(none).toMatchObject({ median: undefined, medianOf: 0, fastest: undefined });
  });

  test('operations that were seen in two traces are listed with their fastest, median and slowest', () => {
    const spreads = spreadOperations([
      run('a', 5),
      run('b', 70, 'POST /'),
      run('c', 3),
      run('d', 9),
      { ...run('e', 1, ''), service: '' },
      { ...run('f', 1, ''), service: '' },
      run('g', 1, 'twice in one trace'),
      run('g', 2, 'twice in one trace'),
    ]);
    expect(spreads).toMatchObject([
      {
        name: 'GET /',
        count: 3,
        fastest: { traceId: 'c' },
        median: { traceId: 'a' },
        slowest: { traceId: 'd' },
      },
    ]);
  });
});
