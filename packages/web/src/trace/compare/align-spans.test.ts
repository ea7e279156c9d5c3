import { compareColumns } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainTrace, fanTrace, toColumns, toTraceJson } from '../../testing/trace-fixtures.ts';
import type { FixtureSpan } from '../../testing/trace-fixtures.ts';
import { alignSpans } from './align-spans.ts';

/** A trace by lines: the depth as leading spaces, then the name. */
function traceOf(...lines: readonly string[]) {
  const above: number[] = [];
  const spans = lines.map((line, at): FixtureSpan => {
    const depth = line.length - line.trimStart().length;
    above[depth] = at + 1;
    const parent = depth === 0 ? undefined : above[depth - 1];
    return { id: at + 1, parent, service: 's', name: line.trim(), startNs: at, durationNs: 1 };
  });
  return toColumns(toTraceJson(spans));
}

/** The rows as they are seen: depth, name, and which trace alone has it. */
function draw(a: ReturnType<typeof traceOf>, b: ReturnType<typeof traceOf>): string[] {
  const { baseIndexes, otherIndexes, depths } = alignSpans(compareColumns(a, b));
  return Array.from(depths, (depth, row) => {
    const [ofA, ofB] = [baseIndexes[row] ?? -1, otherIndexes[row] ?? -1];
    const name = ofA >= 0 ? a.names[a.nameIndexes[ofA] ?? 0] : b.names[b.nameIndexes[ofB] ?? 0];
    const mark = ofA < 0 ? ' (B)' : ofB < 0 ? ' (A)' : '';
    return `${' '.repeat(depth)}${name}${mark}`;
  });
}

describe('alignSpans', () => {
  test('puts partners on one row, and what one trace alone has where it happened', () => {
    const a = traceOf('root', ' auth', '  check', ' load', ' render');
    const b = traceOf('root', ' cache', ' auth', ' retry', '  query', ' load', ' send');
    expect(draw(a, b)).toEqual([
      'root',
      ' cache (B)',
      ' auth',
      '  check (A)',
      ' retry (B)',
      '  query (B)',
      ' load',
      ' send (B)',
      ' render (A)',
    ]);
  });

  test('of traces that have nothing in common, one stands after the other', () => {
    expect(draw(traceOf('a', ' b'), traceOf('x', ' y'))).toEqual([
      'x (B)',
      ' y (B)',
      'a (A)',
      ' b (A)',
    ]);
  });

  test('every span of either trace is on one row, below the row of its parent', () => {
    const anyLines = fc
      .array(fc.tuple(fc.nat(3), fc.constantFrom('a', 'b', 'c')), { maxLength: 12 })
      .map((steps) => {
        let depth = -1;
        return steps.map(([up, name]) => {
          depth = Math.max(0, Math.min(depth + 1, depth + 1 - up));
          return `${' '.repeat(depth)}${name}`;
        });
      });
    fc.assert(
      fc.property(anyLines, anyLines, (linesA, linesB) => {
        const a = traceOf(...linesA);
        const b = traceOf(...linesB);
        const comparison = compareColumns(a, b);
        const { baseIndexes, otherIndexes, depths, baseRows, otherRows } = alignSpans(comparison);
        for (const [indexes, rows, side] of [
          [baseIndexes, baseRows, comparison.base],
          [otherIndexes, otherRows, comparison.other],
        ] as const) {
          const listed = [...indexes].filter((index) => index >= 0);
          expect(listed.toSorted((x, y) => x - y)).toEqual([...side.partners.keys()]);
          rows.forEach((row, index) => {
            expect(indexes[row]).toBe(index);
            const parent = side.tree.parents[index] ?? -1;
            if (parent < 0) return;
            expect(rows[parent]).toBeLessThan(row);
            expect(depths[row]).toBe((depths[rows[parent] ?? 0] ?? 0) + 1);
          });
        }
      }),
    );
  });

  test('chains 50,000 deep and parents of 100,000 children are lined up', () => {
    const chains = compareColumns(toColumns(chainTrace(50_000)), toColumns(chainTrace(49_000)));
    expect(alignSpans(chains).depths).toHaveLength(50_000);
    const fans = compareColumns(toColumns(fanTrace(100_000)), toColumns(fanTrace(99_000)));
    expect(alignSpans(fans).depths).toHaveLength(100_001);
  });
});
