import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_COLOR_INDEX } from '../../base/service-color.ts';
import { anyTraceView, sumOf } from '../../testing/any-trace.ts';
import { chainTrace, fanTrace, orderTrace, toView } from '../../testing/trace-fixtures.ts';
import { nameOf, serviceOf } from '../trace-view.ts';
import type { TraceView } from '../trace-view.ts';
import { FLAME_WIDTHS, layoutFlame } from './layout-flame.ts';
import { mergeCallPaths, pathOfFrame, spansOfFrame } from './merge-call-paths.ts';
import { walkFrames } from './walk-frames.ts';

/** The path of a span, the slow way. */
function pathOfSpan(view: TraceView, spanIndex: number): string {
  const names: string[] = [];
  for (let at = spanIndex; at >= 0; at = view.tree.parents[at] ?? -1) {
    names.unshift(`${serviceOf(view, at)}/${nameOf(view, at)}`);
  }
  return names.join(' > ');
}

/** How much of time is in one span at least, moment by moment between all starts and ends. */
function unionOf(view: TraceView, spans: readonly number[]): number {
  const startOf = (span: number) => view.offsetsNs[span] ?? 0;
  const endOf = (span: number) => startOf(span) + (view.durationsNs[span] ?? 0);
  const moments = spans.flatMap((span) => [startOf(span), endOf(span)]).sort((a, b) => a - b);
  let sum = 0;
  moments.forEach((from, at) => {
    const to = moments[at + 1] ?? from;
    if (spans.some((span) => startOf(span) <= from && endOf(span) >= to)) sum += to - from;
  });
  return sum;
}

describe('call paths', () => {
  test('put every span into the one frame of its path', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const paths = mergeCallPaths(view);
        const frameOfPath = new Map<string, number>();
        paths.frameOfSpan.forEach((frame, span) => {
          const path = pathOfSpan(view, span);
          expect(frameOfPath.get(path) ?? frame).toBe(frame);
          frameOfPath.set(path, frame);
        });
        expect(frameOfPath.size).toBe(paths.frameCount);
        expect(sumOf(paths.counts)).toBe(view.spanCount);
        expect(sumOf(paths.errorCounts)).toBe(view.errorCount);
        expect(sumOf(paths.selfTimesNs)).toBe(sumOf(view.coverage.selfTimesNs));
        expect(sumOf(paths.totalsNs)).toBe(sumOf(view.durationsNs));
      }),
    );
  });

  test('know how long one of their spans was running, counting once what ran side by side', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const paths = mergeCallPaths(view);
        for (let frame = 0; frame < paths.frameCount; frame++) {
          const spans = [...spansOfFrame(view, paths, frame)];
          expect(paths.elapsedNs[frame]).toBeCloseTo(unionOf(view, spans), 6);
        }
      }),
    );
  });

  test('number parents before children, and lead up to the top', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const paths = mergeCallPaths(view);
        for (let frame = 0; frame < paths.frameCount; frame++) {
          expect(paths.parents[frame]).toBeLessThan(frame);
          expect(pathOfFrame(paths, frame)).toHaveLength((paths.depths[frame] ?? 0) + 1);
        }
      }),
    );
  });

  test('have the colour of more than half of their spans, and grey where none has so many', () => {
    fc.assert(
      fc.property(anyTraceView, fc.infiniteStream(fc.nat(2)), (view, choice) => {
        const colors = view.colors.map(() => choice.next().value ?? 0);
        const paths = mergeCallPaths({ ...view, colors });
        for (let frame = 0; frame < paths.frameCount; frame++) {
          const own = [...colors].filter((_, span) => paths.frameOfSpan[span] === frame);
          const share = (color: number) => own.filter((one) => one === color).length / own.length;
          const majority = [0, 1, 2].find((color) => share(color) > 0.5);
          expect(paths.colors[frame]).toBe(majority ?? NO_COLOR_INDEX);
        }
      }),
    );
  });

  test('know the spans of a frame, longest first', () => {
    const view = toView(orderTrace());
    const paths = mergeCallPaths(view);
    const frame = paths.frameOfSpan[2] ?? 0;
    expect([...spansOfFrame(view, paths, frame)]).toEqual([2]);
  });
});

describe('the layout of a flame graph', () => {
  test('keeps every frame within its parent and apart from its siblings', () => {
    fc.assert(
      fc.property(anyTraceView, fc.constantFrom(...FLAME_WIDTHS), (view, by) => {
        const paths = mergeCallPaths(view);
        const { lefts, widths, rows, firsts, width } = layoutFlame(paths, by);
        const slack = 1e-9 * (width + 1);
        expect([...rows].sort((a, b) => a - b)).toEqual([...rows.keys()]);
        for (let depth = 0; depth <= paths.maxDepth; depth++) {
          let endBefore = 0;
          for (const frame of rows.subarray(firsts[depth], firsts[depth + 1])) {
            expect(paths.depths[frame]).toBe(depth);
            const left = lefts[frame] ?? 0;
            const right = left + (widths[frame] ?? 0);
            expect(left).toBeGreaterThanOrEqual(endBefore - slack);
            endBefore = right;
            const parent = paths.parents[frame] ?? -1;
            const parentLeft = parent < 0 ? 0 : (lefts[parent] ?? 0);
            const parentWidth = parent < 0 ? width : (widths[parent] ?? 0);
            expect(left).toBeGreaterThanOrEqual(parentLeft - slack);
            expect(right).toBeLessThanOrEqual(parentLeft + parentWidth + slack);
          }
        }
      }),
    );
  });

  test('makes no frame wider than its parent, nor siblings together', () => {
    fc.assert(
      fc.property(anyTraceView, fc.constantFrom(...FLAME_WIDTHS), (view, by) => {
        const paths = mergeCallPaths(view);
        const { widths, width } = layoutFlame(paths, by);
        const slack = 1e-9 * (width + 1);
        const below = new Float64Array(paths.frameCount);
        widths.forEach((widthNs, frame) => {
          const parent = paths.parents[frame] ?? -1;
          if (parent < 0) return;
          expect(widthNs).toBeLessThanOrEqual((widths[parent] ?? 0) + slack);
          below[parent] = (below[parent] ?? 0) + widthNs;
        });
        below.forEach((sum, parent) => {
          expect(sum).toBeLessThanOrEqual((widths[parent] ?? 0) + slack);
        });
      }),
    );
  });

  test('by total time says of a call what the timeline says, and of one within it no more', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const paths = mergeCallPaths(view);
        const { valuesNs } = layoutFlame(paths, 'total');
        const { parents } = view.tree;
        const startOf = (span: number) => view.offsetsNs[span] ?? 0;
        const endOf = (span: number) => startOf(span) + (view.durationsNs[span] ?? 0);
        const isWithin = (span: number) => {
          const parent = parents[span] ?? -1;
          return startOf(span) >= startOf(parent) && endOf(span) <= endOf(parent);
        };
        for (let frame = 0; frame < paths.frameCount; frame++) {
          const spans = [...spansOfFrame(view, paths, frame)];
          const [only = 0] = spans;
          if (spans.length === 1) expect(valuesNs[frame]).toBe(view.durationsNs[only]);
          const parent = paths.parents[frame] ?? -1;
          if (parent < 0 || !spans.every(isWithin)) continue;
          expect(valuesNs[frame]).toBeLessThanOrEqual((valuesNs[parent] ?? 0) + 1e-6);
        }
      }),
    );
  });

  test('is as wide as all self times together', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const paths = mergeCallPaths(view);
        const { width, widths } = layoutFlame(paths, 'self');
        expect(width).toBeCloseTo(sumOf(view.coverage.selfTimesNs), 6);
        paths.selfTimesNs.forEach((selfNs, frame) =>
          expect(widths[frame]).toBeGreaterThanOrEqual(selfNs - 1e-6),
        );
      }),
    );
  });

  test('puts the widest of siblings first', () => {
    const view = toView(orderTrace());
    const paths = mergeCallPaths(view);
    const { rows, firsts } = layoutFlame(paths, 'self');
    const names = Array.from(
      rows.subarray(firsts[2], firsts[3]),
      (frame) => paths.labels[paths.operations[frame] ?? 0]?.text,
    );
    expect(names).toEqual(['GET', 'INSERT orders', 'publish order.created']);
  });

  test('takes a chain 50,000 deep and 100,000 children of one span', () => {
    const chain = mergeCallPaths(toView(chainTrace(50_000)));
    expect(chain.frameCount).toBe(50_000);
    expect(chain.maxDepth).toBe(49_999);
    expect(layoutFlame(chain, 'total').firsts.at(-1)).toBe(50_000);
    const fan = mergeCallPaths(toView(fanTrace(100_000)));
    expect(fan.frameCount).toBe(100_001);
    const layout = layoutFlame(fan, 'self');
    expect(layout.width).toBeCloseTo(1e9, 0);
  }, 60_000);
});

describe('walking through the frames', () => {
  test('reaches every frame from the first', () => {
    fc.assert(
      fc.property(anyTraceView, (view) => {
        const paths = mergeCallPaths(view);
        const layout = layoutFlame(paths, 'total');
        const reached = new Set([layout.rows[0] ?? 0]);
        for (const frame of reached) {
          for (const step of ['up', 'down', 'left', 'right'] as const) {
            const next = walkFrames({ paths, layout }, frame, step);
            if (next !== undefined) reached.add(next);
          }
        }
        const first = layout.rows.filter((frame) => (layout.widths[frame] ?? 0) > 0);
        for (const frame of first) expect(reached).toContain(frame);
      }),
    );
  });
});
