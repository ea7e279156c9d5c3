import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeSelfTimes } from './self-time.ts';
import { anySpans } from './testing/any-spans.ts';
import { exampleSpan, spanIdOf } from './testing/example-span.ts';
import { durationNano, unixNano } from './time.ts';
import { buildTraceTree } from './trace-tree.ts';

describe('computeSelfTimes', () => {
  test('is what no child covers, however children overlap or outlast their parent', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        const { parents } = buildTraceTree(spans);
        const selfTimes = computeSelfTimes(spans, parents);
        spans.forEach((span, index) => {
          const children = spans.filter((_, child) => parents[child] === index);
          let free = 0n;
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

  test('holds for the longest spans there are', () => {
    const longest = durationNano(2n ** 64n - 1n);
    const parent = exampleSpan({ startUnixNano: unixNano(2n ** 64n - 2n), durationNano: longest });
    const child = exampleSpan({
      spanId: spanIdOf(2),
      parentSpanId: parent.spanId,
      startUnixNano: unixNano(2n ** 64n - 1n),
      durationNano: longest,
    });
    const { parents } = buildTraceTree([parent, child]);
    expect(computeSelfTimes([parent, child], parents)).toEqual([1n, longest]);
  });
});
