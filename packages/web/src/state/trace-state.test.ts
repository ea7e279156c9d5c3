import { describe, expect, test } from 'vitest';
import { indexOfName, orderTrace, toView, withoutSpans } from '../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll, setCollapsed } from '../trace/collapse.ts';
import { isShown } from '../trace/span-rows.ts';
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

  test('a newer answer keeps what was selected, folded and visible', () => {
    const part = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    const state = new TraceState(part, { ...START, isDetailOpen: true });
    const get = indexOf('GET', part);
    state.setCollapsed(setCollapsed(expandAll(part.tree), get, true));
    state.select(indexOf('INSERT orders', part));
    state.setRange({ startNs: 10e6, endNs: 20e6 });
    state.replaceView(view);
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
