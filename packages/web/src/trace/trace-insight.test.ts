import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chainTrace,
  orderTrace,
  shopTrace,
  toTraceJson,
  toView,
} from '../testing/trace-fixtures.ts';
import type { FixtureSpan } from '../testing/trace-fixtures.ts';
import { gainInsight } from './trace-insight.ts';

/** A call of 10 ms whose server's clock is 100 ms ahead. */
const SKEWED: readonly FixtureSpan[] = [
  { id: 1, service: 'shop', name: 'order', startNs: 0, durationNs: 20e6, kind: 'server' },
  {
    id: 2,
    parent: 1,
    service: 'shop',
    name: 'pay',
    startNs: 5e6,
    durationNs: 10e6,
    kind: 'client',
  },
  {
    id: 3,
    parent: 2,
    service: 'bank',
    name: 'pay',
    startNs: 107e6,
    durationNs: 6e6,
    kind: 'server',
  },
];

describe('the critical path of a view', () => {
  test('has for each span its own stretches, which add up to the root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (spanCount, seed) => {
        const { columns } = toView(shopTrace({ spanCount, seed }));
        const { path, rootDurationNs } = gainInsight(columns);
        let totalNs = 0;
        for (let span = 0; span < spanCount; span++) {
          let ownNs = 0;
          for (let at = path.firsts[span] ?? 0; at < (path.firsts[span + 1] ?? 0); at++)
            ownNs += (path.endsNs[at] ?? 0) - (path.startsNs[at] ?? 0);
          expect(ownNs).toBeCloseTo(path.ownNs[span] ?? 0, 3);
          totalNs += ownNs;
        }
        expect(totalNs).toBeCloseTo(rootDurationNs, 3);
      }),
    );
  });

  test('lies where the bars are, whatever a clock is off by', () => {
    const { path } = gainInsight(toView(toTraceJson(SKEWED)).columns);
    const stretches = [0, 1, 2].map((span) =>
      Array.from({ length: (path.firsts[span + 1] ?? 0) - (path.firsts[span] ?? 0) }, (_, n) => {
        const at = (path.firsts[span] ?? 0) + n;
        return [(path.startsNs[at] ?? 0) / 1e6, (path.endsNs[at] ?? 0) / 1e6];
      }),
    );
    // The server is taken to be in the middle of the call: 2 ms after its start, 2 ms before its end.
    expect(stretches).toEqual([
      [
        [0, 5],
        [15, 20],
      ],
      [
        [5, 7],
        [13, 15],
      ],
      [[107, 113]],
    ]);
    expect([path.fromsNs[2], path.tosNs[2]]).toEqual([107e6, 113e6]);
  });

  test('counts the spans on it, and is empty in a trace without spans', () => {
    expect(gainInsight(toView(orderTrace()).columns).path.spanCount).toBeGreaterThan(4);
    const none = gainInsight(toView(toTraceJson([])).columns);
    expect([none.path.spanCount, none.root, none.findings]).toEqual([0, -1, []]);
  });

  test('goes through a chain of any depth', () => {
    expect(gainInsight(toView(chainTrace(20_000)).columns).path.spanCount).toBe(20_000);
  });
});
