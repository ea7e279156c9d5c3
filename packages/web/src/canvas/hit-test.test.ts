import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeScale } from '../base/time-scale.ts';
import { orderTrace, shopTrace, toView } from '../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll } from '../trace/collapse.ts';
import { layoutRows } from '../trace/span-rows.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { layoutBar } from './bar-geometry.ts';
import { hitTestWaterfall } from './hit-test.ts';
import type { HitTarget } from './hit-test.ts';

function targetOf(view: TraceView, collapsed = expandAll(view.tree), scrollTopPx = 0): HitTarget {
  const rows = layoutRows(view.tree, collapsed);
  return {
    view,
    rows,
    window: { rowCount: rows.spanIndexes.length, rowHeightPx: 22, scrollTopPx, heightPx: 600 },
    scale: new TimeScale({ startNs: 0, endNs: view.durationNs }, { leftPx: 0, widthPx: 864 }),
    widthPx: 864,
  };
}

const order = toView(orderTrace());

describe('hitTestWaterfall', () => {
  test('finds the row, and whether the point is on its bar', () => {
    const target = targetOf(order);
    expect(hitTestWaterfall(target, { xPx: 500, yPx: 30 })).toMatchObject({
      row: 1,
      spanIndex: 1,
      isOnBar: true,
    });
    expect(hitTestWaterfall(target, { xPx: 500, yPx: 50 })).toMatchObject({
      row: 2,
      spanIndex: 2,
      isOnBar: false,
    });
    expect(hitTestWaterfall(target, { xPx: 500, yPx: 400 })).toBeUndefined();
  });

  test('finds the event under the point', () => {
    const target = targetOf(order);
    expect(hitTestWaterfall(target, { xPx: 35, yPx: 30 })?.event).toBe(0);
    expect(hitTestWaterfall(target, { xPx: 60, yPx: 30 })?.event).toBeUndefined();
  });

  test('knows what is folded away and how far one has scrolled', () => {
    const target = targetOf(order, collapseFromDepth(order.tree, 2), 22);
    expect(hitTestWaterfall(target, { xPx: 100, yPx: 25 })).toMatchObject({ row: 2, spanIndex: 2 });
    expect(hitTestWaterfall(target, { xPx: 100, yPx: 47 })).toMatchObject({ row: 3, spanIndex: 6 });
  });

  test('hits the bar that is drawn, wherever one points on it', () => {
    const view = toView(shopTrace({ spanCount: 300 }));
    const target = targetOf(view);
    fc.assert(
      fc.property(fc.nat(299), fc.double({ min: 0, max: 1, noNaN: true }), (row, share) => {
        const spanIndex = target.rows.spanIndexes[row] ?? -1;
        const bar = layoutBar(view, spanIndex, target.scale, target.widthPx);
        if (typeof bar === 'string') return;
        const xPx = bar.leftPx + (bar.rightPx - bar.leftPx) * share;
        const hit = hitTestWaterfall(target, { xPx, yPx: row * 22 + 11 });
        expect(hit).toMatchObject({ row, spanIndex, isOnBar: true });
      }),
    );
  });
});
