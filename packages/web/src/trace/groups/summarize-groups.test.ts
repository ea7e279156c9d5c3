import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyTraceView, sumOf } from '../../testing/any-trace.ts';
import { orderTrace, shopTrace, toView } from '../../testing/trace-fixtures.ts';
import { GROUPINGS, groupByValue, groupSpans } from './group-spans.ts';
import { orderGroups } from './order-groups.ts';
import { spansOfGroup, summarizeGroups } from './summarize-groups.ts';

describe('groups of spans', () => {
  test('have all spans between them, and all their time', () => {
    fc.assert(
      fc.property(anyTraceView, fc.constantFrom(...GROUPINGS), (view, by) => {
        const groups = groupSpans(view, by);
        const figures = summarizeGroups(view, groups);
        expect(sumOf(figures.counts)).toBe(view.spanCount);
        expect(sumOf(figures.errorCounts)).toBe(view.errorCount);
        expect(sumOf(figures.totalsNs)).toBe(sumOf(view.durationsNs));
        expect(sumOf(figures.selfTimesNs)).toBe(sumOf(view.coverage.selfTimesNs));
        expect(figures.selfTimeNs).toBe(sumOf(view.coverage.selfTimesNs));
        expect([...figures.spanIndexes].sort((a, b) => a - b)).toEqual(
          Array.from({ length: view.spanCount }, (_, index) => index),
        );
      }),
    );
  });

  test('know their percentiles: the smallest duration that so many do not exceed', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const groups = groupSpans(view, 'service');
        const figures = summarizeGroups(view, groups);
        groups.labels.forEach((_, group) => {
          const durations = Array.from(
            spansOfGroup(figures, group),
            (index) => view.durationsNs[index] ?? 0,
          );
          if (durations.length === 0) return;
          expect(durations).toEqual(durations.toSorted((a, b) => a - b));
          expect(figures.minsNs[group]).toBe(durations[0]);
          expect(figures.maxsNs[group]).toBe(durations.at(-1));
          const p50 = figures.p50sNs[group] ?? 0;
          const within = durations.filter((one) => one <= p50).length;
          const below = durations.filter((one) => one < p50).length;
          expect(within).toBeGreaterThanOrEqual(durations.length / 2);
          expect(below).toBeLessThan(durations.length / 2);
        });
      }),
    );
  });

  test('are those of the columns, each under its name', () => {
    const view = toView(orderTrace({ isFailed: true }));
    const groups = groupSpans(view, 'operation');
    const figures = summarizeGroups(view, groups);
    const order = orderGroups(groups, figures, { by: 'self', direction: -1 });
    expect(groups.labels[order[0] ?? 0]).toEqual({
      text: 'INSERT orders',
      service: 'order-service',
    });
    const kinds = groupSpans(view, 'kind');
    const byName = orderGroups(kinds, summarizeGroups(view, kinds), { by: 'label', direction: 1 });
    expect(Array.from(byName, (kind) => kinds.labels[kind]?.text)).toEqual([
      'client',
      'internal',
      'producer',
      'server',
    ]);
  });

  test('of an attribute have those without it in a group of their own', () => {
    const view = toView(shopTrace({ spanCount: 3 }));
    const groups = groupByValue({ texts: ['200', '504'], indexes: Int32Array.of(-1, 0, 0) });
    const figures = summarizeGroups(view, groups);
    const order = orderGroups(groups, figures, { by: 'count', direction: -1 });
    expect(Array.from(order, (group) => groups.labels[group]?.text)).toEqual(['200', undefined]);
  });
});
