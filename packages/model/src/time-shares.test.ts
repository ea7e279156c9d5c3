import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDiffColumns } from './diff/diff-columns.ts';
import type { Span } from './span.ts';
import { computeTimeShares } from './time-shares.ts';
import { anySpans } from './testing/any-spans.ts';
import { exampleSpan, spanIdOf } from './testing/example-span.ts';
import { durationNano, unixNano } from './time.ts';

function span(id: number, parentId: number | undefined, start: number, end: number): Span {
  return exampleSpan({
    spanId: spanIdOf(id),
    parentSpanId: parentId === undefined ? undefined : spanIdOf(parentId),
    startUnixNano: unixNano(BigInt(start)),
    durationNano: durationNano(BigInt(end - start)),
  });
}

function sharesOf(spans: readonly Span[]): { shares: number[]; idleNs: number } {
  const columns = toDiffColumns(spans);
  const { sharesNs, idleNs } = computeTimeShares(columns, columns.parents);
  return { shares: [...sharesNs], idleNs };
}

describe('computeTimeShares', () => {
  test('gives a moment to the span that works at it, and to none while its child does', () => {
    const spans = [span(1, undefined, 0, 10), span(2, 1, 2, 6), span(3, 2, 3, 5)];
    expect(sharesOf(spans)).toEqual({ shares: [6, 2, 2], idleNs: 0 });
  });

  test('divides a moment among spans that work side by side', () => {
    const spans = [span(1, undefined, 0, 10), span(2, 1, 0, 10), span(3, 1, 0, 4)];
    expect(sharesOf(spans)).toEqual({ shares: [0, 8, 2], idleNs: 0 });
  });

  test('counts what runs after its parent, and the wait before it as idle', () => {
    const spans = [span(1, undefined, 0, 4), span(2, 1, 7, 9)];
    expect(sharesOf(spans)).toEqual({ shares: [4, 2], idleNs: 3 });
  });

  test('has nothing to divide in an empty trace', () => {
    expect(sharesOf([])).toEqual({ shares: [], idleNs: 0 });
  });

  test('divides the whole of any trace, moment by moment', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const columns = toDiffColumns(spans);
        const { parents } = columns;
        const { sharesNs, idleNs } = computeTimeShares(columns, parents);
        const expected = divideSlowly(spans, parents);
        expect(idleNs).toBe(expected.idleNs);
        spans.forEach((_, index) => {
          expect(sharesNs[index]).toBeCloseTo(expected.shares[index] ?? 0, 6);
        });
      }),
    );
  });
});

/** The slow way: asks each nanosecond who works at it. */
function divideSlowly(
  spans: readonly Span[],
  parents: Int32Array,
): { shares: number[]; idleNs: number } {
  const shares = spans.map(() => 0);
  let idleNs = 0;
  const start = spans[0]?.startUnixNano ?? 0n;
  const end = spans.reduce((latest: bigint, { startUnixNano, durationNano }) => {
    const end = startUnixNano + durationNano;
    return end > latest ? end : latest;
  }, start);
  for (let moment: bigint = start; moment < end; moment++) {
    const runs = spans.map(
      ({ startUnixNano, durationNano }) =>
        startUnixNano <= moment && moment < startUnixNano + durationNano,
    );
    const isWaiting = new Set<number>();
    parents.forEach((parent, child) => {
      if (runs[child] === true) isWaiting.add(parent);
    });
    const working = spans.flatMap((_, index) =>
      runs[index] === true && !isWaiting.has(index) ? [index] : [],
    );
    if (working.length === 0) idleNs++;
    for (const index of working) shares[index] = (shares[index] ?? 0) + 1 / working.length;
  }
  return { shares, idleNs };
}
