import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderTrace, shopTrace, toView } from '../testing/trace-fixtures.ts';
import { markSpanIds } from './span-index-by-id.ts';
import { spanIdOf } from './trace-view.ts';

describe('marking spans by their ids', () => {
  test('marks those and no others, however many there are', () => {
    const view = toView(shopTrace({ spanCount: 3000 }));
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2999)), (indexes) => {
        const marks = markSpanIds(
          view,
          indexes.map((index) => spanIdOf(view, index)),
        );
        expect(marks.reduce((sum, mark) => sum + mark, 0)).toBe(indexes.length);
        expect(indexes.every((index) => marks[index] === 1)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('marks all spans that share an id, and none for an id that is not there', () => {
    const trace = orderTrace();
    const [first, second, ...rest] = trace.spans;
    const twin = { ...second, spanId: first?.spanId } as (typeof trace.spans)[number];
    const view = toView({ ...trace, spans: [first, twin, ...rest] as typeof trace.spans });
    const marks = markSpanIds(view, [first?.spanId ?? '', 'ffffffffffffffff']);
    expect([...marks]).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
  });
});
