import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyTraceView } from '../testing/any-trace.ts';
import {
  indexOfName,
  orderTrace,
  shopTrace,
  toColumns,
  toView,
  withSkew,
} from '../testing/trace-fixtures.ts';
import { correctColumns } from './correct-clocks.ts';
import { gainInsight } from './trace-insight.ts';
import { findSpanByKey, formatSpanKey } from './span-key.ts';
import { buildCorrectedView, buildSentView, nameOf, sentStartOf } from './trace-view.ts';

const MS = 1_000_000;
const HOUR_NS = 3_600_000 * MS;

const orderWithSkew = (skewNs: number) =>
  withSkew(orderTrace({ isFailed: true }), 'user-service', skewNs);

describe('clocks that do not go together', () => {
  test.each([-400 * MS, HOUR_NS])('are put right: %d ns', (skewNs) => {
    const straight = toView(orderTrace({ isFailed: true }));
    const view = buildCorrectedView(toColumns(orderWithSkew(skewNs)));
    expect(view.durationNs).toBe(straight.durationNs);
    expect(view.startUnixNano).toBe(straight.startUnixNano);
    expect(view.clock?.services).toMatchObject([{ service: 'user-service', spanCount: 3 }]);
    const [found] = view.clock?.services ?? [];
    // How long the call was on its way in either direction is not known.
    expect(Math.abs((found?.minNs ?? 0) + skewNs)).toBeLessThan(10 * MS);
    for (let index = 0; index < view.spanCount; index++) {
      const parent = view.tree.parents[index] ?? -1;
      if (parent < 0) continue;
      expect(view.offsetsNs[index]).toBeGreaterThanOrEqual(view.offsetsNs[parent] ?? 0);
    }
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    expect(sum(view.coverage.selfTimesNs)).toBe(sum(straight.coverage.selfTimesNs));
  });

  test('leave what was sent to be told', () => {
    const columns = toColumns(orderWithSkew(-400 * MS));
    const sent = buildSentView(columns);
    const view = buildCorrectedView(columns);
    for (let index = 0; index < view.spanCount; index++) {
      const other = findSpanByKey(sent, formatSpanKey(view, index)) ?? -1;
      expect(view.clock?.sentIndexes?.[index]).toBe(other);
      expect(nameOf(view, index)).toBe(nameOf(sent, other));
      expect(sentStartOf(view, index)).toBe(sentStartOf(sent, other));
      expect(view.clock?.skewsNs[index]).toBe(sent.clock?.skewsNs[other]);
    }
    expect(sent.clock?.isApplied).toBe(false);
    expect(sent.columns).toBe(columns);
  });

  test('move the events with their spans', () => {
    const straight = toView(orderTrace({ isFailed: true }));
    const view = buildCorrectedView(toColumns(orderWithSkew(-400 * MS)));
    const index = indexOfName(view, 'INSERT orders');
    const before = indexOfName(straight, 'INSERT orders');
    const inSpan = (from: typeof view, at: number) =>
      (from.events.offsetsNs[from.events.firsts[at] ?? 0] ?? 0) - (from.offsetsNs[at] ?? 0);
    expect(inSpan(view, index)).toBe(inSpan(straight, before));
  });

  test('have the path marks where the bars are drawn', () => {
    const view = buildCorrectedView(toColumns(orderWithSkew(HOUR_NS)));
    const { path } = gainInsight(view.columns);
    path.startsNs.forEach((startNs, at) => {
      expect(startNs).toBeGreaterThanOrEqual(0);
      expect(path.endsNs[at]).toBeLessThanOrEqual(view.durationNs);
    });
  });
});

describe('clocks that go together', () => {
  test('are not blamed for the few calls that go on after their callers', () => {
    // Children side by side outlast their parents in some places.
    const columns = toColumns(shopTrace({ spanCount: 5_000 }));
    expect(correctColumns(columns).clock).toBeUndefined();
  });

  test('leave the columns as they are', () => {
    const columns = toColumns(orderTrace());
    expect(correctColumns(columns)).toEqual({ columns, clock: undefined });
    expect(correctColumns(columns).columns).toBe(columns);
  });
});

test('whatever comes, each span keeps what it is, spans are ordered by start, and nothing is left to correct', () => {
  fc.assert(
    fc.property(anyTraceView, (any) => {
      // Nanoseconds are no matter of clocks: the same trace in milliseconds.
      const slow = {
        ...any.columns,
        startsNs: any.columns.startsNs.map((ns) => ns * MS),
        durationsNs: any.columns.durationsNs.map((ns) => ns * MS),
      };
      const { columns, clock } = correctColumns(slow);
      const order = clock?.sentIndexes ?? Uint32Array.from(slow.startsNs.keys());
      expect([...order].toSorted((a, b) => a - b)).toEqual([...slow.startsNs.keys()]);
      order.forEach((sent, index) => {
        expect(columns.durationsNs[index]).toBe(slow.durationsNs[sent]);
        expect(columns.serviceIndexes[index]).toBe(slow.serviceIndexes[sent]);
        const parent = columns.parents[index] ?? -1;
        expect(parent < 0 ? parent : order[parent]).toBe(slow.parents[sent]);
        const before = columns.startsNs[index - 1] ?? 0;
        expect(columns.startsNs[index]).toBeGreaterThanOrEqual(before);
      });
      if (clock === undefined) return;
      expect(columns.startsNs[0]).toBe(0);
      expect(correctColumns(columns).clock).toBeUndefined();
    }),
  );
});
