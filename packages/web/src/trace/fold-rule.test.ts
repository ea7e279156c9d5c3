import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyTraceView } from '../testing/any-trace.ts';
import { shopTrace, toTraceJson, toView } from '../testing/trace-fixtures.ts';
import { collapseByRule, isRuleOf } from './fold-rule.ts';
import type { FoldRule } from './fold-rule.ts';
import { layoutRows } from './span-rows.ts';
import { nameOf, serviceOf } from './trace-view.ts';
import type { TraceView } from './trace-view.ts';

/** web calls shop twice: the first call does work of its own and asks stock, the second does work alone. */
const view = toView(
  toTraceJson([
    { id: 1, service: 'web', name: 'GET /', startNs: 0, durationNs: 100e6 },
    { id: 2, parent: 1, service: 'web', name: 'render', startNs: 1e6, durationNs: 9e6 },
    { id: 3, parent: 2, service: 'web', name: 'template', startNs: 2e6, durationNs: 3e6 },
    { id: 4, parent: 1, service: 'shop', name: 'order', startNs: 20e6, durationNs: 50e6 },
    { id: 5, parent: 4, service: 'shop', name: 'check', startNs: 21e6, durationNs: 30e6 },
    { id: 6, parent: 5, service: 'stock', name: 'reserve', startNs: 22e6, durationNs: 20e6 },
    { id: 7, parent: 6, service: 'stock', name: 'update', startNs: 23e6, durationNs: 2e6 },
    { id: 8, parent: 1, service: 'shop', name: 'mail', startNs: 80e6, durationNs: 5e6 },
    { id: 9, parent: 8, service: 'shop', name: 'smtp', startNs: 81e6, durationNs: 4e6 },
  ]),
);

function rowsAfter(rule: FoldRule): readonly string[] {
  const { spanIndexes } = layoutRows(view.tree, collapseByRule(view, rule));
  return Array.from(spanIndexes, (index) => nameOf(view, index));
}

describe('folding by a rule', () => {
  test('at borders leaves the work of the first service, and a row for each call of another', () => {
    expect(rowsAfter({ type: 'borders' })).toEqual([
      'GET /',
      'render',
      'template',
      'order',
      'mail',
    ]);
  });

  test('of insides leaves what calls another service, and what is called', () => {
    expect(rowsAfter({ type: 'insides' })).toEqual([
      'GET /',
      'render',
      'order',
      'check',
      'reserve',
      'mail',
    ]);
  });

  test('of a service folds each of its spans, wherever they are', () => {
    expect(rowsAfter({ type: 'service', service: 'stock' })).not.toContain('update');
    expect(rowsAfter({ type: 'service', service: 'stock' })).toHaveLength(8);
    expect(rowsAfter({ type: 'service', service: 'web' })).toEqual(['GET /']);
    expect(rowsAfter({ type: 'service', service: 'nobody' })).toHaveLength(9);
    expect(isRuleOf(view, { type: 'service', service: 'nobody' })).toBe(false);
  });

  test('by duration hides no span that takes as long, however short what calls it is', () => {
    expect(rowsAfter({ type: 'below', durationNs: 5e6 })).toEqual([
      'GET /',
      'render',
      'order',
      'check',
      'reserve',
      'mail',
    ]);
    fc.assert(
      fc.property(anyTraceView, fc.integer({ min: 1, max: 1000 }), (any, durationNs) => {
        const shown = new Set(shownSpans(any, { type: 'below', durationNs }));
        any.durationsNs.forEach((one, index) => {
          if (one >= durationNs) expect(shown.has(index)).toBe(true);
        });
      }),
    );
  });

  test('keeps a row for each span that is called from another service, where insides are folded', () => {
    const shop = toView(shopTrace({ spanCount: 500 }));
    const shown = new Set(shownSpans(shop, { type: 'insides' }));
    shop.tree.parents.forEach((parent, index) => {
      const isCalled = parent >= 0 && serviceOf(shop, parent) !== serviceOf(shop, index);
      if (isCalled) expect(shown.has(index)).toBe(true);
    });
    expect(shown.size).toBeLessThan(shop.spanCount);
  });
});

function shownSpans(any: TraceView, rule: FoldRule): Uint32Array {
  return layoutRows(any.tree, collapseByRule(any, rule)).spanIndexes;
}
