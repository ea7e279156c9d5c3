import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeScale } from '../base/time-scale.ts';
import {
  FIXTURE_START_UNIX_NANO,
  fanTrace,
  toTraceJson,
  toView,
} from '../testing/trace-fixtures.ts';
import { layoutBar, walkEvents, walkSelfStretches } from './bar-geometry.ts';

const scaleOf = (startNs: number, endNs: number) =>
  new TimeScale({ startNs, endNs }, { leftPx: 0, widthPx: 1_000 });

function viewOf(spans: readonly (readonly [startNs: number, durationNs: number])[]) {
  return toView(
    toTraceJson(
      spans.map(([startNs, durationNs], at) => ({
        id: at + 1,
        parent: at === 0 ? undefined : 1,
        service: 'a',
        name: 'n',
        startNs,
        durationNs,
      })),
    ),
  );
}

describe('layoutBar', () => {
  const view = viewOf([
    [0, 1_000],
    [400, 100],
    [500, 0],
  ]);

  test('lies where its time is', () => {
    const scale = scaleOf(0, 1_000);
    expect(layoutBar(view, 1, scale, 1_000)).toMatchObject({
      leftPx: 400,
      rightPx: 500,
      isCutLeft: false,
    });
  });

  test('is visible however short the span', () => {
    expect(layoutBar(view, 2, scaleOf(0, 1_000), 1_000)).toMatchObject({
      leftPx: 500,
      rightPx: 502,
    });
  });

  test('says on which side of the view a span is', () => {
    expect(layoutBar(view, 1, scaleOf(600, 700), 1_000)).toBe('before');
    expect(layoutBar(view, 1, scaleOf(0, 100), 1_000)).toBe('after');
  });

  test('is cut a little beyond the edges, however far the span goes on', () => {
    expect(layoutBar(view, 0, scaleOf(500, 501), 1_000)).toEqual({
      leftPx: -8,
      rightPx: 1_008,
      isCutLeft: true,
      isCutRight: true,
    });
  });
});

describe('walkSelfStretches', () => {
  function walk(view: ReturnType<typeof viewOf>, scale: TimeScale) {
    const stretches: (readonly [number, number, number])[] = [];
    const bar = { leftPx: 0, rightPx: 1_000 };
    walkSelfStretches(view.coverage, 0, { bar, scale }, ({ leftPx, rightPx }, share) =>
      stretches.push([leftPx, rightPx, share]),
    );
    return stretches;
  }

  test('leaves out what children cover', () => {
    const view = viewOf([
      [0, 1_000],
      [100, 200],
      [250, 150],
      [600, 100],
    ]);
    expect(walk(view, scaleOf(0, 1_000))).toEqual([
      [0, 100, 1],
      [400, 600, 1],
      [700, 1_000, 1],
    ]);
  });

  test('adds up to the self time, and takes no more steps than there are pixels', () => {
    const children = fc.array(fc.tuple(fc.nat(999_000), fc.integer({ min: 1, max: 60_000 })), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(children, (spans) => {
        const view = viewOf([[0, 1_000_000], ...spans]);
        const stretches = walk(view, scaleOf(0, 1_000_000));
        const selfPx = stretches.reduce(
          (sum, [left, right, share]) => sum + (right - left) * share,
          0,
        );
        const expectedPx = (view.coverage.selfTimesNs[0] ?? 0) / 1_000;
        expect(stretches.length).toBeLessThanOrEqual(1_000);
        expect(Math.abs(selfPx - expectedPx)).toBeLessThanOrEqual(4 + stretches.length / 8);
        let last = 0;
        for (const [left, right] of stretches) {
          expect(left).toBeGreaterThanOrEqual(last);
          expect(right).toBeGreaterThan(left);
          last = right;
        }
      }),
      { numRuns: 50 },
    );
  });

  test('shows the share of self time where 20,000 children are narrower than a pixel', () => {
    const view = toView(fanTrace(20_000));
    const stretches = walk(view, scaleOf(0, view.durationNs));
    const selfPx = stretches.reduce((sum, [left, right, share]) => sum + (right - left) * share, 0);
    expect(selfPx / 1_000).toBeCloseTo((view.coverage.selfTimesNs[0] ?? 0) / view.durationNs, 1);
  });
});

describe('walkEvents', () => {
  test('visits events in view, and those that would touch each other once', () => {
    const events = [900, 100, 102, 500].map((ns) => ({
      timeUnixNano: String(FIXTURE_START_UNIX_NANO + BigInt(ns)),
      name: 'e',
      attributes: [],
      droppedAttributesCount: 0,
    }));
    const span = { id: 1, service: 'a', name: 'n', startNs: 0, durationNs: 1_000, events };
    const view = toView(toTraceJson([span]));
    const seen: number[] = [];
    walkEvents(view, 0, { scale: scaleOf(0, 800), viewWidthPx: 1_000 }, (xPx) => seen.push(xPx));
    expect(seen).toEqual([125, 625]);
  });

  test('visits those before and after the span at its edges, one each', () => {
    const events = [-500, -20, 300, 1_500, 9_000].map((ns) => ({
      timeUnixNano: String(FIXTURE_START_UNIX_NANO + BigInt(ns)),
      name: 'e',
      attributes: [],
      droppedAttributesCount: 0,
    }));
    const span = { id: 1, service: 'a', name: 'n', startNs: 0, durationNs: 1_000, events };
    const view = toView(toTraceJson([span]));
    const seen: unknown[] = [];
    const place = { scale: scaleOf(0, 1_000), viewWidthPx: 1_000 };
    walkEvents(view, 0, place, (xPx, at, side) => seen.push([xPx, at, side]));
    expect(seen).toEqual([
      [0, 1, 'before'],
      [300, 2, 'within'],
      [1_000, 3, 'after'],
    ]);
  });
});
