import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyTraceView } from '../testing/any-trace.ts';
import {
  FIXTURE_START_UNIX_NANO,
  orderTrace,
  shopTrace,
  toView,
  withoutSpans,
} from '../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll, setCollapsed } from '../trace/collapse.ts';
import type { FoldRule } from '../trace/fold-rule.ts';
import { gainInsight } from '../trace/trace-insight.ts';
import { spanIdOf } from '../trace/trace-view.ts';
import { formatQueryString, parseQueryString } from './query-string.ts';
import { TraceState } from './trace-state.ts';
import type { TraceStart } from './trace-state.ts';
import { formatTraceUrl, parseTraceUrl } from './trace-url.ts';

const view = toView(orderTrace());
const START: TraceStart = { isDetailOpen: false, tab: 'attributes' };

/** As it would go through the address bar. */
function reopen(state: TraceState, at = view): TraceState {
  const address = formatQueryString(formatTraceUrl(state));
  return new TraceState(at, parseTraceUrl(parseQueryString(address), at));
}

describe('trace address', () => {
  test('of an untouched page is empty', () => {
    expect(formatTraceUrl(new TraceState(view, START))).toEqual({});
  });

  test('restores the selected span with its details and tab', () => {
    const state = new TraceState(view, {
      ...START,
      spanIndex: 5,
      isDetailOpen: true,
      tab: 'events',
    });
    expect(formatTraceUrl(state)).toEqual({ span: '00f067aa0ba90006', tab: 'events' });
    const opened = reopen(state);
    expect([opened.selection.get(), opened.isDetailOpen.get(), opened.tab.get()]).toEqual([
      5,
      true,
      'events',
    ]);
  });

  test('restores that the details are closed', () => {
    const opened = reopen(new TraceState(view, { ...START, spanIndex: 5 }));
    expect([opened.selection.get(), opened.isDetailOpen.get()]).toEqual([5, false]);
  });

  test('restores the critical path, the finding that is looked at, and what colours stand for', () => {
    const failed = toView(orderTrace({ isFailed: true }));
    const insight = gainInsight(failed.columns);
    const [error] = insight.findings;
    const state = new TraceState(failed, START);
    state.setInsight(failed, insight);
    state.setPathMode('only');
    state.insights.open(failed, error);
    state.setColoring('kind');
    expect(formatTraceUrl(state)).toEqual({
      path: 'only',
      findings: 'error-origin.00f067aa0ba90001',
      color: 'kind',
    });
    const opened = reopen(state, failed);
    opened.setInsight(failed, insight);
    expect(opened.insights.finding.get()).toBe(error);
    expect([opened.insights.path.get(), opened.coloring.get()]).toEqual(['only', 'kind']);
    state.insights.open(failed);
    expect(formatTraceUrl(state)['findings']).toBe('open');
  });

  test('restores an attribute that colours stand for, and waits for its values', () => {
    const attribute = { scope: 'span', key: 'http.route' } as const;
    const state = new TraceState(view, START);
    state.setColoring(attribute);
    expect(formatTraceUrl(state)).toEqual({ color: 'span.http.route' });
    const opened = reopen(state);
    expect(opened.coloring.get()).toEqual(attribute);
    expect(opened.view.get().colors).toBe(view.colors);
    expect(parseTraceUrl({ color: 'http.route' }, view).coloring).toBeUndefined();
  });

  test('says the range in clock time, so that it holds when an earlier span arrives', () => {
    const part = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    const state = new TraceState(part, { ...START, range: { startNs: 10e6, endNs: 20e6 } });
    const start = FIXTURE_START_UNIX_NANO + 11_200_000n;
    expect(formatTraceUrl(state)['range']).toBe(`${start}-${start + 10_000_000n}`);
    expect(reopen(state, view).range.get()).toEqual({ startNs: 11.2e6, endNs: 21.2e6 });
  });

  test('believes the range, also when the span lies outside of it', () => {
    const state = new TraceState(view, { ...START, spanIndex: 7 });
    state.setRange({ startNs: 0, endNs: 1e6 });
    expect(reopen(state).range.get()).toEqual({ startNs: 0, endNs: 1e6 });
  });

  test('restores what is folded by depth, or span by span', () => {
    const state = new TraceState(view, { ...START, collapsed: collapseFromDepth(view.tree, 2) });
    expect(formatTraceUrl(state)).toEqual({ fold: 'depth-2' });
    expect(reopen(state).folding.get().rows.spanIndexes).toEqual(
      state.folding.get().rows.spanIndexes,
    );
  });

  test('restores a rule of folding exactly, and as a rule', () => {
    const shop = toView(shopTrace({ spanCount: 2000 }));
    const rules: readonly (readonly [FoldRule, string])[] = [
      [{ type: 'borders' }, 'service-borders'],
      [{ type: 'insides' }, 'service-insides'],
      [{ type: 'service', service: 'frontend' }, 'service-of-frontend'],
      [{ type: 'below', durationNs: 10e6 }, 'below-10ms'],
      [{ type: 'below', durationNs: 2_500_001 }, 'below-2500001ns'],
      [{ type: 'below', durationNs: 60e9 }, 'below-60s'],
    ];
    for (const [rule, text] of rules) {
      const state = new TraceState(shop, START);
      state.foldByRule(rule);
      expect(formatTraceUrl(state)).toEqual({ fold: text });
      expect(reopen(state, shop).folding.get()).toEqual(state.folding.get());
      const back = new TraceState(shop, START);
      back.apply(parseTraceUrl({ fold: text }, shop));
      expect(back.folding.get()).toEqual(state.folding.get());
    }
  });

  test('is of a rule until a span is folded or unfolded, and then says the spans', () => {
    const shop = toView(shopTrace({ spanCount: 2000 }));
    const state = new TraceState(shop, START);
    state.foldByRule({ type: 'borders' });
    const folded = state.folding.get().collapsed;
    state.setCollapsed(setCollapsed(folded, folded.indexOf(1), false));
    expect(formatTraceUrl(state)['fold']).not.toBe('service-borders');
    expect(reopen(state, shop).folding.get().collapsed).toEqual(state.folding.get().collapsed);
  });

  test('a rule folds what arrives later, as if the page were loaded anew', () => {
    const part = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    const state = new TraceState(part, START);
    state.foldByRule({ type: 'insides' });
    state.replaceView(view);
    expect(formatTraceUrl(state)).toEqual({ fold: 'service-insides' });
    expect(state.folding.get()).toEqual(reopen(state).folding.get());
  });

  test('of a service that the trace has not folds nothing, and that is said', () => {
    const state = new TraceState(view, parseTraceUrl({ fold: 'service-of-nobody' }, view));
    expect(state.foldLoss.get()).toBe('changed');
    expect(formatTraceUrl(state)).toEqual({});
  });

  test('names what is folded span by span where it is not a whole depth', () => {
    const shop = toView(shopTrace({ spanCount: 40 }));
    const folded = shop.tree.order.find((index) => shop.tree.parents[index] === 0) ?? 0;
    const collapsed = setCollapsed(expandAll(shop.tree), folded, true);
    const state = new TraceState(shop, { ...START, collapsed });
    expect(formatTraceUrl(state)).toEqual({ fold: spanIdOf(shop, folded) });
  });

  test('any folding comes back, also what is folded within something folded', () => {
    fc.assert(
      fc.property(anyTraceView, fc.infiniteStream(fc.boolean()), (any, choice) => {
        const collapsed = Uint8Array.from(any.tree.descendantCounts, (count) =>
          count > 0 && choice.next().value === true ? 1 : 0,
        );
        const state = new TraceState(any, { ...START, collapsed });
        expect(reopen(state, any).folding.get().collapsed).toEqual(collapsed);
      }),
    );
  });

  test('of thousands of folded spans says the runs, shorter than their ids', () => {
    const shop = toView(shopTrace({ spanCount: 1200 }));
    const collapsed = Uint8Array.from(shop.tree.descendantCounts, (count) =>
      count > 0 && count < 3 ? 1 : 0,
    );
    const state = new TraceState(shop, { ...START, collapsed });
    expect(String(formatTraceUrl(state)['fold'])).toMatch(/^runs-[0-9a-z]+-[\w-]{40,700}$/);
    expect(reopen(state, shop).folding.get().collapsed).toEqual(collapsed);
    const every = fc.array(fc.boolean(), {
      minLength: shop.spanCount,
      maxLength: shop.spanCount,
    });
    fc.assert(
      fc.property(every, (folds) => {
        const some = Uint8Array.from(shop.tree.descendantCounts, (count, index) =>
          count > 0 && folds[index] === true ? 1 : 0,
        );
        const folded = new TraceState(shop, { ...START, collapsed: some });
        expect(reopen(folded, shop).folding.get().collapsed).toEqual(some);
      }),
      { numRuns: 20 },
    );
  });

  test('runs of another trace fold nothing, and that is said', () => {
    const shop = toView(shopTrace({ spanCount: 1200 }));
    const collapsed = Uint8Array.from(shop.tree.descendantCounts, (count) =>
      count > 0 && count < 3 ? 1 : 0,
    );
    const { fold } = formatTraceUrl(new TraceState(shop, { ...START, collapsed }));
    const more = toView(shopTrace({ spanCount: 1300 }));
    const state = new TraceState(more, parseTraceUrl({ fold }, more));
    expect(state.foldLoss.get()).toBe('changed');
    expect(state.folding.get().rows.spanIndexes).toHaveLength(more.spanCount);
    state.setCollapsed(collapseFromDepth(more.tree, 1));
    expect(state.foldLoss.get()).toBeUndefined();
  });

  test('says that more is folded than an address has room for, which then stays as it is', () => {
    const shop = toView(shopTrace({ spanCount: 40_000 }));
    let count = 0;
    const collapsed = Uint8Array.from(shop.tree.descendantCounts, (below) =>
      below > 0 && count++ % 2 === 0 ? 1 : 0,
    );
    const state = new TraceState(shop, { ...START, collapsed });
    expect(formatTraceUrl(state)).toEqual({ fold: 'more' });
    state.apply(parseTraceUrl({ fold: 'more', view: 'flame' }, shop));
    expect(state.folding.get().collapsed).toBe(collapsed);
    expect(reopen(state, shop).foldLoss.get()).toBe('tooMany');
    state.apply(parseTraceUrl({}, shop));
    expect(state.folding.get().rows.spanIndexes).toHaveLength(shop.spanCount);
  });

  test('restores where one is in the pictures, and what one looks for', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const name = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined });
    const label = fc.record({ service: name, text: name });
    const nodes = fc.constantFrom('service' as const, 'operation' as const);
    const mark = fc.oneof(
      fc.record({ kind: fc.constant('node' as const), nodes, label }),
      fc.record({ kind: fc.constant('calls' as const), nodes, from: label, to: label }),
      fc.record({
        kind: fc.constant('group' as const),
        by: fc.oneof(
          fc.constantFrom('operation' as const, 'kind' as const),
          fc.record({ scope: fc.constantFrom('span' as const, 'resource' as const), key: text }),
        ),
        label,
      }),
    );
    const places = fc.record({
      scroll: fc.record({ spanIndex: fc.integer({ min: 1, max: 7 }), hiddenPx: fc.nat(21) }),
      graph: fc.record({
        xPx: fc.integer({ min: -1e5, max: 1e5 }).map((hundredths) => hundredths / 100),
        yPx: fc.integer({ min: -1e5, max: 1e5 }).map((hundredths) => hundredths / 100),
        scale: fc.integer({ min: 500, max: 30_000 }).map((tenths) => tenths / 10_000),
      }),
      findText: text,
      mark: fc.option(mark, { nil: undefined }),
    });
    fc.assert(
      fc.property(places, (start) => {
        const opened = reopen(new TraceState(view, { ...START, places: start })).places;
        expect({
          scroll: opened.scroll.get(),
          graph: opened.graph.get(),
          findText: opened.findText.get(),
          mark: opened.mark.get(),
        }).toEqual(start);
      }),
    );
  });

  test('restores which event of the selected span was chosen', () => {
    const failed = toView(orderTrace({ isFailed: true }));
    const { firsts } = failed.events;
    const spanIndex = firsts.findIndex((first, at) => (firsts[at + 1] ?? 0) > first);
    const state = new TraceState(failed, { ...START, spanIndex });
    state.places.event.set(firsts[spanIndex]);
    expect(formatTraceUrl(state)['event']).toBe('1');
    expect(reopen(state, failed).places.event.get()).toBe(firsts[spanIndex]);
    state.select(spanIndex === 0 ? 1 : 0);
    expect(formatTraceUrl(state)['event']).toBeUndefined();
  });

  test('of an address that says nothing, all is as at first', () => {
    const state = new TraceState(view, { ...START, spanIndex: 5, range: { startNs: 0, endNs: 9 } });
    state.setOptions({ spanFilter: 'failed' });
    state.page.set('spans');
    state.places.findText.set('select');
    state.setCollapsed(collapseFromDepth(view.tree, 1));
    state.apply(parseTraceUrl({}, view));
    expect(formatTraceUrl(state)).toEqual({});
  });

  test('a link that says which row is on top is believed, also when the selected one is out of sight', () => {
    const link = { span: spanIdOf(view, 7), top: spanIdOf(view, 0) };
    const state = new TraceState(view, parseTraceUrl(link, view));
    expect(state.revealRequest.get()).toBeUndefined();
    const plain = new TraceState(view, parseTraceUrl({ span: link.span }, view));
    expect(plain.revealRequest.get()).toEqual({ spanIndex: 7 });
  });

  test('ignores what names nothing in the trace', () => {
    const start = parseTraceUrl(
      {
        span: 'zzz',
        tab: 'x',
        range: '5-1',
        fold: 'a,b',
        panel: 'open',
        top: 'zzz~5',
        at: '1,2',
        event: '0',
        mark: ['node', 'planet', '', ''],
      },
      view,
    );
    const state = new TraceState(view, start);
    expect(formatTraceUrl(state)).toEqual({});
  });
});
