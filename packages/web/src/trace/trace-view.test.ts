import { describe, expect, test } from 'vitest';
import {
  FIXTURE_START_UNIX_NANO,
  chainTrace,
  fanTrace,
  orderTrace,
  shopTrace,
  toTraceJson,
  toView,
} from '../testing/trace-fixtures.ts';
import { expandAll } from './collapse.ts';
import { layoutRows } from './span-rows.ts';
import { eventNameOf, serviceOf } from './trace-view.ts';

describe('buildTraceView', () => {
  test('counts time from the start of the trace', () => {
    const view = toView(orderTrace());
    expect(view.startUnixNano).toBe(FIXTURE_START_UNIX_NANO);
    expect(view.durationNs).toBe(86.4e6);
    expect(Array.from(view.offsetsNs.subarray(0, 3))).toEqual([0, 1.2e6, 4e6]);
  });

  test('keeps nanoseconds exact although the clock has 19 digits', () => {
    const spans = [0, 1, 2].map((id) => ({
      id: id + 1,
      service: 's',
      name: 'n',
      startNs: id,
      durationNs: 1,
    }));
    expect([...toView(toTraceJson(spans)).offsetsNs]).toEqual([0, 1, 2]);
  });

  test('knows the services and their failed spans', () => {
    const view = toView(orderTrace({ isFailed: true }));
    expect(view.services).toEqual([
      { service: 'order-service', spanCount: 5, errorCount: 3 },
      { service: 'user-service', spanCount: 3, errorCount: 0 },
    ]);
    expect(view.errorCount).toBe(3);
    expect(serviceOf(view, 3)).toBe('user-service');
  });

  test('counts the failed spans below each span', () => {
    const view = toView(orderTrace({ isFailed: true }));
    expect([...view.errorsBelow]).toEqual([2, 1, 0, 0, 0, 0, 0, 0]);
  });

  test('gives an event its place in time and remembers which one it was', () => {
    const trace = orderTrace();
    const view = toView(trace);
    const at = view.events.firsts[1] ?? -1;
    expect(view.events.firsts[2]).toBe(at + 1);
    expect(view.events.offsetsNs[at]).toBe(3.4e6);
    expect(eventNameOf(view, at)).toBe('basket.validated');
  });

  test('builds an empty trace', () => {
    const view = toView(toTraceJson([]));
    expect(view.durationNs).toBe(0);
    expect(view.services).toEqual([]);
  });

  test.each([
    ['a chain 50,000 deep', chainTrace(50_000)],
    ['a parent of 100,000 children', fanTrace(100_000)],
    ['100,000 spans of seven services', shopTrace({ spanCount: 100_000 })],
  ])('builds and lays out %s', (_, trace) => {
    const view = toView(trace);
    const rows = layoutRows(view.tree, expandAll(view.tree));
    expect(rows.spanIndexes).toHaveLength(trace.spans.length);
  });
});
