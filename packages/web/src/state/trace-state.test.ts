import { describe, expect, test } from 'vitest';
import { serviceColorIndex } from '../base/service-color.ts';
import { indexOfName, orderTrace, toView, withoutSpans } from '../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll, setCollapsed } from '../trace/collapse.ts';
import { isShown } from '../trace/span-rows.ts';
import { gainInsight } from '../trace/trace-insight.ts';
import { TraceState } from './trace-state.ts';
import type { TraceStart } from './trace-state.ts';

const view = toView(orderTrace());
const START: TraceStart = { isDetailOpen: false, tab: 'attributes' };

const indexOf = (name: string, of = view) => indexOfName(of, name);

describe('TraceState', () => {
  test('begins with the whole trace unfolded and visible', () => {
    const state = new TraceState(view, START);
    expect(state.range.get()).toEqual({ startNs: 0, endNs: 86.4e6 });
    expect(state.folding.get().rows.spanIndexes).toHaveLength(8);
  });

  test('selecting a span unfolds what hides it, brings it into the range and asks to scroll', () => {
    const collapsed = collapseFromDepth(view.tree, 0);
    const state = new TraceState(view, { ...START, collapsed, range: { startNs: 0, endNs: 1e6 } });
    const insert = indexOf('INSERT orders');
    state.select(insert);
    expect(isShown(state.folding.get().rows, insert)).toBe(true);
    expect(state.range.get().endNs).toBeGreaterThan(44.9e6);
    expect(state.revealRequest.get()).toEqual({ spanIndex: insert });
  });

  test('colours of an attribute come with its values, and those of another or of fewer spans never', () => {
    const route = { scope: 'span', key: 'http.route' } as const;
    const state = new TraceState(view, START);
    const values = { texts: ['/a'], indexes: new Int32Array(view.spanCount) };
    state.setColorValues(route, values);
    expect(state.view.get().colors).toBe(view.colors);
    state.setColoring(route);
    state.setColorValues({ ...route, scope: 'resource' }, values);
    state.setColorValues(route, { ...values, indexes: new Int32Array(3) });
    expect(state.view.get().colors).toBe(view.colors);
    state.setColorValues(route, values);
    expect(new Set(state.view.get().colors)).toEqual(new Set([serviceColorIndex('/a')]));
    state.setColoring({ ...route, key: 'http.method' });
    expect(state.colorValues.get()).toBeUndefined();
    expect(new Set(state.view.get().colors)).toEqual(new Set([serviceColorIndex('/a')]));
    state.setColoring('service');
    expect(state.view.get().colors).toBe(view.colors);
  });

  test('a newer answer keeps what was selected, folded and visible', () => {
    const part = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    const state = new TraceState(part, { ...START, isDetailOpen: true });
    const get = indexOf('GET', part);
    state.setCollapsed(setCollapsed(expandAll(part.tree), get, true));
    state.select(indexOf('INSERT orders', part));
    state.setRange({ startNs: 10e6, endNs: 20e6 });
    state.places.scroll.set({ spanIndex: get, hiddenPx: 7 });
    state.replaceView(view);
    expect(state.places.scroll.get()).toEqual({ spanIndex: indexOf('GET'), hiddenPx: 7 });
    expect(state.selection.get()).toBe(indexOf('INSERT orders'));
    expect(state.isDetailOpen.get()).toBe(true);
    expect(state.folding.get().collapsed[indexOf('GET')]).toBe(1);
    expect(state.range.get()).toEqual({ startNs: 11.2e6, endNs: 21.2e6 });
  });

  test('a newer answer that is longer is all visible when all was visible before', () => {
    const part = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    const state = new TraceState(part, START);
    state.replaceView(view);
    expect(state.range.get()).toEqual({ startNs: 0, endNs: 86.4e6 });
  });

  test('tells its listeners once per change, and no more after they have left', () => {
    const state = new TraceState(view, START);
    let calls = 0;
    const stop = state.selection.subscribe(() => calls++);
    state.selection.set(3);
    state.selection.set(3);
    stop();
    state.selection.set(4);
    expect(calls).toBe(1);
  });
});

describe('what is known of the trace', () => {
  const failed = toView(orderTrace({ isFailed: true }));
  const insight = gainInsight(failed.columns);
  const [error] = insight.findings;
  const open = (start: Partial<TraceStart> = {}) => new TraceState(failed, { ...START, ...start });

  test('hides what is beside the critical path once the path is known', () => {
    const state = open({ path: 'only' });
    expect(state.folding.get().rows.spanIndexes).toHaveLength(8);
    state.setInsight(failed, insight);
    const { spanIndexes } = state.folding.get().rows;
    expect(spanIndexes).toHaveLength(insight.path.spanCount);
    expect(spanIndexes.every((index) => insight.path.isOnPath[index] === 1)).toBe(true);
  });

  test('a span beside the path shows all again when it is selected', () => {
    const off = { ...insight.path, isOnPath: insight.path.isOnPath.slice() };
    off.isOnPath[7] = 0;
    const state = open({ path: 'only' });
    state.setInsight(failed, { ...insight, path: off });
    expect(isShown(state.folding.get().rows, 7)).toBe(false);
    state.select(7);
    expect(isShown(state.folding.get().rows, 7)).toBe(true);
    expect(state.insights.path.get()).toBe('shown');
  });

  test('marks the spans of the finding that an address names, once it is found', () => {
    const state = open({ findings: 'error-origin' });
    expect(state.insights.evidence.get()).toBeUndefined();
    state.setInsight(failed, insight);
    expect(state.insights.finding.get()).toBe(error);
    const marks = state.insights.evidence.get() ?? new Uint8Array();
    expect(error?.spans.every((span) => marks[span] === 1)).toBe(true);
  });

  test('of another answer than the one on the screen is left aside', () => {
    const state = open();
    state.replaceView(view);
    state.setInsight(failed, insight);
    expect(state.insights.insight.get()).toBeUndefined();
  });

  test('brings the row that an address has on top back there, once it takes rows away', () => {
    const scroll = { spanIndex: 5, hiddenPx: 3 };
    const state = open({ path: 'only', places: { scroll } });
    state.setInsight(failed, insight);
    expect(state.scrollRequest.get()).toEqual({ place: scroll });
    const shown = open({ places: { scroll } });
    shown.setInsight(failed, insight);
    expect(shown.scrollRequest.get()).toBeUndefined();
  });

  test('other colours leave what was selected and folded', () => {
    const state = open({ spanIndex: 5 });
    const { folding } = state;
    const before = folding.get();
    state.setColoring('status');
    expect(state.view.get().colors).not.toEqual(failed.colors);
    expect([state.selection.get(), folding.get()]).toEqual([5, before]);
    // The same answer again is no newer one.
    state.replaceView(failed);
    expect(state.selection.get()).toBe(5);
    state.setColoring('service');
    expect(state.view.get()).toBe(failed);
  });
});
