// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { TraceJson } from '@clew/api';
import { act } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { TraceState } from '../../../state/trace-state.ts';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { orderTrace, toView, withoutSpans } from '../../../testing/trace-fixtures.ts';
import { nameOf } from '../../../trace/trace-view.ts';
import { SpanDetails } from './span-details.tsx';

let page: Rendered;
afterEach(() => page.unmount());

async function open(trace: TraceJson, name: string): Promise<TraceState> {
  const view = toView(trace);
  const spanIndex = trace.spans.findIndex((span) => span.name === name);
  const state = new TraceState(view, { spanIndex, isDetailOpen: true, tab: 'attributes' });
  page = await render(
    <SpanDetails
      client={{ readSpan: (_, spanId) => Promise.resolve(onlySpan(trace, spanId)) }}
      state={state}
      spanIndex={spanIndex}
      onZoom={() => undefined}
    />,
  );
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  return state;
}

function onlySpan(trace: TraceJson, spanId: string): TraceJson {
  return withoutSpans(trace, (span) => span.spanId !== spanId);
}

const text = () => (page.container.textContent ?? '').replaceAll('\u00a0', ' ');

describe('span details', () => {
  test('show the whole statement of an SQL span', async () => {
    await open(orderTrace(), 'SELECT users');
    expect(page.find('[data-shape=block] pre').textContent).toContain('LEFT JOIN addresses a ON');
    expect(page.findText('button', 'Copy the value of db.query.text')).toBeDefined();
  });

  test('say when the span ran and what of it was its own', async () => {
    await open(orderTrace(), 'create-order');
    expect(text()).toContain('Start+1.20 ms');
    expect(text()).toContain('Duration84.1 ms97 % of the trace');
    expect(text()).toContain('Self time9.00 ms11 % of the span');
  });

  test('name the types of values that are no strings', async () => {
    await open(orderTrace(), 'create-order');
    const row = page.findText('dt', 'order.items').parentElement;
    expect(row?.dataset['type']).toBe('int');
    expect(row?.querySelector('small')?.textContent).toBe('int');
    expect(page.findText('dt', 'user.id').parentElement?.textContent).toContain('"4711"');
  });

  test('lead to a search for a value', async () => {
    await open(orderTrace(), 'GET');
    const link = page.findText('a', 'Search for http.response.status_code=200');
    const url = new URL(link.getAttribute('href') ?? '', 'http://localhost');
    expect(url.pathname).toBe('/search');
    expect(url.search).toContain('order-service');
    expect(decodeURIComponent(url.search)).toContain('http.response.status_code=200');
  });

  test('say why a span failed, and show the stack of its exception', async () => {
    await open(orderTrace({ isFailed: true }), 'INSERT orders');
    expect(page.find('.span-failed').textContent).toContain('duplicate key value');
    await page.click(page.findText('[role=tab]', 'Events1'));
    expect(page.find('h3').textContent?.replaceAll('\u00a0', ' ')).toBe('DatabaseError+25.1 ms');
    expect(page.find('pre').textContent).toContain('at insertOrder');
  });

  test('go to the parent, or say that it is not here', async () => {
    const state = await open(orderTrace(), 'get-user');
    await page.click(page.findText('button', 'GET /users/{id}'));
    expect(nameOf(state.view.get(), state.selection.get() ?? -1)).toBe('GET /users/{id}');
    await page.unmount();
    await open(
      withoutSpans(orderTrace(), ({ name }) => name === 'GET /users/{id}'),
      'get-user',
    );
    expect(text()).toContain('is not here');
  });

  test('show the resource, the scope and the links in tabs of their own', async () => {
    await open(orderTrace(), 'create-order');
    await page.click(page.findText('[role=tab]', 'Resource'));
    expect(text()).toContain('service.version');
    expect(text()).toContain('@opentelemetry/instrumentation-http 0.223.0');
    await page.click(page.findText('[role=tab]', 'Links1'));
    const link = page.findText('a', 'Span of another trace');
    expect(link.getAttribute('href')).toContain('/trace/0af7651916cd43dd8448eb211c80319c');
  });

  test('close', async () => {
    const state = await open(orderTrace(), 'GET');
    await page.click(page.findText('button', 'Close the details'));
    expect(state.isDetailOpen.get()).toBe(false);
  });
});
