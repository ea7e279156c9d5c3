import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toDiffColumns } from './diff/diff-columns.ts';
import { computeSelfTimes } from './self-time.ts';
import { anySpans } from './testing/any-spans.ts';
import { exampleSpan, spanIdOf } from './testing/example-span.ts';
import { durationNano, unixNano } from './time.ts';

describe('computeSelfTimes', () => {
  test('is what no child covers, however children overlap or outlast their parent', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const columns = toDiffColumns(spans);
        const { parents } = columns;
        const selfTimes = computeSelfTimes(columns, parents);
        spans.forEach((span, index) => {
          const children = spans.filter((_, child) => parents[child] === index);
          let free = 0;
          const end = span.startUnixNano + span.durationNano;
          for (let moment: bigint = span.startUnixNano; moment < end; moment++) {
            const isCovered = children.some(
              ({ startUnixNano, durationNano }) =>
                startUnixNano <= moment && moment < startUnixNano + durationNano,
            );
            if (!isCovered) free++;
          }
          expect(selfTimes[index]).toBe(free);
        });
      }),
    );
  });

  test('is never below zero for the longest spans there are', () => {
    const longest = durationNano(2n ** 64n - 1n);
    const parent = exampleSpan({ startUnixNano: unixNano(2n ** 64n - 2n), durationNano: longest });
    const child = exampleSpan({
      spanId: spanIdOf(2),
      parentSpanId: parent.spanId,
      startUnixNano: unixNano(2n ** 64n - 1n),
      durationNano: longest,
    });
    const columns = toDiffColumns([parent, child]);
    const [ofParent, ofChild] = computeSelfTimes(columns, columns.parents);
    expect(ofParent).toBeGreaterThanOrEqual(0);
    expect(ofChild).toBe(Number(longest));
  });
});
