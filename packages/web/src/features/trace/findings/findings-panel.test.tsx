// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { act } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { TraceState } from '../../../state/trace-state.ts';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { orderTrace, toTraceJson, toView } from '../../../testing/trace-fixtures.ts';
import type { FixtureSpan } from '../../../testing/trace-fixtures.ts';
import { gainInsight } from '../../../trace/trace-insight.ts';
import { nameOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { FindingsPanel } from './findings-panel.tsx';

/** Six queries of 10 ms one after the other, in a trace of 100 ms. */
const SHELVES = toView(
  toTraceJson([
    { id: 1, service: 'shop', name: 'GET /stock', startNs: 0, durationNs: 100e6, kind: 'server' },
    ...Array.from({ length: 6 }, (_, at): FixtureSpan => ({
      id: at + 2,
      parent: 1,
      service: 'shop',
      name: 'SELECT shelf',
      startNs: 5e6 + at * 12e6,
      durationNs: 10e6,
      kind: 'client',
    })),
  ]),
);

let page: Rendered;
afterEach(() => page.unmount());

async function open(view: TraceView): Promise<TraceState> {
  const state = new TraceState(view, {
    isDetailOpen: false,
    tab: 'attributes',
    findings: 'open',
  });
  page = await render(<FindingsPanel state={state} onZoom={() => undefined} />);
  return state;
}

const text = () => (page.container.textContent ?? '').replaceAll('\u00a0', ' ');
const selectedName = (state: TraceState) => nameOf(state.view.get(), state.selection.get() ?? -1);

describe('the findings', () => {
  test('say that the trace is being looked at, and what was looked for where nothing was found', async () => {
    const single = toView(
      toTraceJson([{ id: 1, service: 'shop', name: 'GET', startNs: 0, durationNs: 5e6 }]),
    );
    const state = await open(single);
    expect(text()).toContain('Analysing');
    await act(async () => state.setInsight(single, gainInsight(single.columns)));
    expect(text()).toContain('Nothing stands out');
    expect(text()).toContain('where errors began');
  });

  test('are told in words, with what they cost', async () => {
    const state = await open(SHELVES);
    await act(async () => state.setInsight(SHELVES, gainInsight(SHELVES.columns)));
    expect(text()).toContain('SELECT shelf, 6 times');
    expect(text()).toContain(
      'GET /stock of shop called it one after the other, for 60.0 ms in all',
    );
    expect(text()).toContain('saves up to 50.0 ms, 50 % of the trace');
  });

  test('lead to their spans, one after the other and round', async () => {
    const state = await open(SHELVES);
    await act(async () => state.setInsight(SHELVES, gainInsight(SHELVES.columns)));
    await page.click(page.find('.finding > button'));
    expect([state.selection.get(), state.isDetailOpen.get()]).toEqual([1, true]);
    expect(page.find('output').textContent).toBe('1 of 6');
    await page.click(page.findText('button', 'Previous span of the finding (X)'));
    expect([state.selection.get(), page.find('output').textContent]).toEqual([6, '6 of 6']);
    await page.click(page.findText('button', 'Next span of the finding (x)'));
    expect(state.selection.get()).toBe(1);
  });

  test('say what a span went on after, and what may have been why', async () => {
    const spans = (isFailed: boolean, selectNs: number): readonly FixtureSpan[] => [
      { id: 1, service: 'shop', name: 'GET /own', startNs: 0, durationNs: 100e6, isFailed },
      {
        id: 2,
        parent: 1,
        service: 'redis',
        name: 'GET',
        startNs: 1e6,
        durationNs: 5e6,
        isFailed: true,
      },
      {
        id: 3,
        parent: 1,
        service: 'db',
        name: 'SELECT',
        startNs: 10e6,
        durationNs: selectNs,
      },
    ];
    const long = toView(toTraceJson(spans(true, 80e6)));
    const state = await open(long);
    await act(async () => state.setInsight(long, gainInsight(long.columns)));
    expect(text()).toContain('It failed by itself, it seems');
    expect(text()).toContain('It was followed by SELECT of db, which went well');
    const short = toView(toTraceJson(spans(true, 20e6)));
    await page.unmount();
    const other = await open(short);
    await act(async () => other.setInsight(short, gainInsight(short.columns)));
    expect(text()).toContain('GET /own may have failed because of it, through 2 services');
  });

  test('lead to where an error began', async () => {
    const view = toView(orderTrace({ isFailed: true }));
    const state = await open(view);
    await act(async () => state.setInsight(view, gainInsight(view.columns)));
    const button = page.find('[data-severity=error] > button');
    expect(button.textContent).toContain('Error began in INSERT orders of order-service');
    await page.click(button);
    expect(selectedName(state)).toBe('INSERT orders');
  });

  test('say how an error stands to a root that does not say that it failed', async () => {
    const view = toView(
      toTraceJson([
        {
          id: 1,
          service: 'shop',
          name: 'POST /orders',
          startNs: 0,
          durationNs: 9e6,
          kind: 'server',
        },
        {
          id: 2,
          parent: 1,
          service: 'shop',
          name: 'create',
          startNs: 1e6,
          durationNs: 7e6,
          isFailed: true,
        },
        {
          id: 3,
          parent: 2,
          service: 'shop',
          name: 'GET',
          startNs: 2e6,
          durationNs: 4e6,
          kind: 'client',
          isFailed: true,
        },
        {
          id: 4,
          parent: 3,
          service: 'users',
          name: 'GET /user',
          startNs: 3e6,
          durationNs: 2e6,
          kind: 'server',
        },
        {
          id: 5,
          parent: 1,
          service: 'mail',
          name: 'process',
          startNs: 20e6,
          durationNs: 1e6,
          kind: 'consumer',
          isFailed: true,
        },
      ]),
    );
    const state = await open(view);
    await act(async () => state.setInsight(view, gainInsight(view.columns)));
    expect(text()).toContain(
      'Error began in GET of shop' +
        'create failed because of it, within the same service. ' +
        'It called users, which does not say that it failed: its answer was the error. ' +
        'POST /orders of shop waited for it, and does not say that it failed.',
    );
    expect(text()).toContain(
      'Error began in process of mail' +
        'It failed by itself: nothing that it waited for failed. POST /orders of shop did not wait for it.',
    );
  });
});
