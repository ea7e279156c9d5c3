import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySpans } from '../testing/any-spans.ts';
import { traceIdOf } from '../testing/example-span.ts';
import { toTraceColumns } from '../trace-columns.ts';
import { compareColumns } from './compare-columns.ts';
import { toDiffColumns } from './diff-columns.ts';

describe('compareColumns', () => {
  test('says the same of the columns that a page loads as of the spans themselves', () => {
    fc.assert(
      fc.property(anySpans, anySpans, (base, other) => {
        const traceId = traceIdOf(1);
        const loaded = compareColumns(
          toTraceColumns({ traceId, spans: base }),
          toTraceColumns({ traceId, spans: other }),
        );
        // Parents that are missing are told apart in one of them only.
        const { orphans: _, ...tree } = loaded.base.tree;
        const expected = compareColumns(toDiffColumns(base), toDiffColumns(other));
        expect(loaded.groups).toEqual(expected.groups);
        expect(loaded.base.partners).toEqual(expected.base.partners);
        expect(loaded.other.partners).toEqual(expected.other.partners);
        expect(expected.base.tree).toMatchObject(tree);
      }),
    );
  });

  test('partners are partners of each other, and counted with their group', () => {
    fc.assert(
      fc.property(anySpans, anySpans, (spans, others) => {
        const { base, other, groups, matchedCount } = compareColumns(
          toDiffColumns(spans),
          toDiffColumns(others),
        );
        base.partners.forEach((partner, index) => {
          if (partner < 0) return;
          expect(other.partners[partner]).toBe(index);
          expect(other.groupIds[partner]).toBe(base.groupIds[index]);
        });
        const matched = base.partners.filter((partner) => partner >= 0).length;
        expect(other.partners.filter((partner) => partner >= 0)).toHaveLength(matched);
        expect(matchedCount).toBe(matched);
        expect(groups.matchedCounts.reduce((sum, count) => sum + count, 0)).toBe(matched);
      }),
    );
  });
});
