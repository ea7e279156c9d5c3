import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeChildCoverage, coveredUntil } from './child-coverage.ts';

interface Made {
  readonly parents: Int32Array;
  readonly offsetsNs: Float64Array;
  readonly durationsNs: Float64Array;
}

/** Spans ordered by start; the parent is any other, also a later one, as clocks that disagree make it. */
const anySpans = fc
  .array(fc.record({ start: fc.nat(40), length: fc.nat(30), parent: fc.nat(20) }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((spans): Made => {
    const ordered = spans.toSorted((a, b) => a.start - b.start);
    return {
      parents: Int32Array.from(ordered, ({ parent }, index) =>
        parent % ordered.length === index ? -1 : parent % ordered.length,
      ),
      offsetsNs: Float64Array.from(ordered, ({ start }) => start),
      durationsNs: Float64Array.from(ordered, ({ length }) => length),
    };
  });

/** The slow way: each nanosecond of the span, asked of each child. */
function isCovered({ parents, offsetsNs, durationsNs }: Made, span: number, ns: number): boolean {
  return parents.some((parent, child) => {
    const start = offsetsNs[child] ?? 0;
    return parent === span && ns >= start && ns < start + (durationsNs[child] ?? 0);
  });
}

function countCovered(made: Made, span: number, untilNs: number): number {
  const start = made.offsetsNs[span] ?? 0;
  const end = Math.min(start + (made.durationsNs[span] ?? 0), untilNs);
  let covered = 0;
  for (let ns = start; ns < end; ns++) if (isCovered(made, span, ns)) covered++;
  return covered;
}

describe('child coverage', () => {
  test('self time is what no child covers', () => {
    fc.assert(
      fc.property(anySpans, (made) => {
        const { selfTimesNs } = computeChildCoverage(made.parents, made);
        made.durationsNs.forEach((durationNs, span) => {
          expect(selfTimesNs[span]).toBe(
            durationNs - countCovered(made, span, Number.POSITIVE_INFINITY),
          );
        });
      }),
    );
  });

  test('stretches are ordered, apart from each other and inside the span', () => {
    fc.assert(
      fc.property(anySpans, (made) => {
        const { firsts, startsNs, endsNs } = computeChildCoverage(made.parents, made);
        made.offsetsNs.forEach((start, span) => {
          let last = Number.NEGATIVE_INFINITY;
          for (let at = firsts[span] ?? 0; at < (firsts[span + 1] ?? 0); at++) {
            expect(startsNs[at]).toBeGreaterThan(last);
            expect(endsNs[at]).toBeGreaterThan(startsNs[at] ?? 0);
            expect(startsNs[at]).toBeGreaterThanOrEqual(start);
            last = endsNs[at] ?? 0;
          }
          expect(last).toBeLessThanOrEqual(start + (made.durationsNs[span] ?? 0));
        });
      }),
    );
  });

  test('tells how much is covered until a moment', () => {
    fc.assert(
      fc.property(anySpans, fc.nat(80), (made, ns) => {
        const coverage = computeChildCoverage(made.parents, made);
        made.offsetsNs.forEach((_, span) => {
          expect(coveredUntil(coverage, span, ns)).toBe(countCovered(made, span, ns));
        });
      }),
    );
  });
});
