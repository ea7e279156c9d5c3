// @vitest-environment happy-dom
/// <reference types="vite/client" />
import type { FoundSpanJson, TraceJson } from '@clew/api';
import { act } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { TraceState } from '../../../state/trace-state.ts';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import { orderTrace, toView, withoutSpans } from '../../../testing/trace-fixtures.ts';
import { gainInsight } from '../../../trace/trace-insight.ts';
import { nameOf } from '../../../trace/trace-view.ts';
import type { TraceClient } from '../trace-client.ts';
import { SpanDetails } from './span-details.tsx';

let page: Rendered;
afterEach(() => page.unmount());

async function open(trace: TraceJson, name: string): Promise<TraceState> {
  const view = toView(trace);
  const spanIndex = trace.spans.findIndex((span) => span.name === name);
  const state = new TraceState(view, { spanIndex, isDetailOpen: true, tab: 'attributes' });
  state.setInsight(view, gainInsight(view.columns));
  page = await render(
    <SpanDetails
      client={clientOf(trace)}
      state={state}
      spanIndex={spanIndex}
      onZoom={() => undefined}
    />,
  );
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  return state;
}

/** Of a store that holds this trace, and thousands of spans like each. */
function clientOf(trace: TraceJson): TraceClient {
  const unasked = (): Promise<never> => Promise.reject(new Error('that is not asked for'));
  return {
    listTraceAttributes: unasked,
    readTraceAttribute: unasked,
    // oxlint-disable-next-line require-yield -- Nobody asks for it.
    async *streamTrace() {
      throw new Error('no text is asked for');
    },
    readTraceColumns: () => Promise.reject(new Error('the trace is here already')),
    readSpan: (_, spanId) => Promise.resolve(onlySpan(trace, spanId)),
    findMatches: () => Promise.resolve({ spanIds: [] }),
    readMetrics: ({ q }) =>
      Promise.resolve({
        series: [{ labels: [], value: String(q).includes('duration <') ? 11_970 : 12_341 }],
      }),
    searchSpans: ({ q }) =>
      Promise.resolve({
        spans: String(q).includes('link:spanID = "00f067aa0ba90002"') ? [LINKING_SPAN] : [],
      }),
  };
}

const LINKING_SPAN: FoundSpanJson = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: '00f067aa0ba90099',
  service: 'mailer',
  name: 'send-mail',
  kind: 'consumer',
  startUnixNano: '0',
  durationNano: '1',
  status: 'unset',
  statusMessage: '',
  attributes: [],
  resourceAttributes: [],
};

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
    expect(page.find('pre[data-kind=own]').textContent).toContain('at insertOrder');
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

  test('say what the span means to the trace', async () => {
    await open(orderTrace(), 'SELECT users');
    // All of its time is on the path: nothing runs beside it.
    expect(text()).toContain('Path24.8 ms29 % of the critical path');
    expect(text()).toContain('Drag24.8 msis what shortening it saves at most');
  });

  test('rank the span among others of its kind, once it has been looked at for a moment', async () => {
    await open(orderTrace(), 'SELECT users');
    expect(text()).toContain('Rankcomparing …');
    // First that it is asked, then the answers.
    await act(() => new Promise((resolve) => setTimeout(resolve, 500)));
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(text()).toContain(
      'slower than 97 % of 12.3 k other SELECT users spans of user-service in the 1 h before it',
    );
  });

  test('lead to other values of an attribute', async () => {
    await open(orderTrace(), 'GET');
    const queryOf = (label: string) => {
      const href = page.findText('a', label).getAttribute('href') ?? '';
      return new URL(href, 'http://localhost').searchParams.get('q')?.replaceAll('"', '');
    };
    expect(queryOf('Search for http.response.status_code other than 200')).toBe(
      '{ resource.service.name = order-service && span.http.response.status_code != 200 }',
    );
  });

  test('lead to the spans of the trace in groups by an attribute', async () => {
    const state = await open(orderTrace(), 'GET');
    await page.click(page.findText('button', 'Group by http.response.status_code'));
    expect(state.page.get()).toBe('statistics');
    expect(state.options.get().groupBy).toEqual({
      scope: 'span',
      key: 'http.response.status_code',
    });
  });

  test('name the spans that link here', async () => {
    await open(orderTrace(), 'create-order');
    await page.click(page.findText('[role=tab]', 'Links1'));
    await act(() => new Promise((resolve) => setTimeout(resolve)));
    const link = page.findText('a', 'send-mail of mailer');
    expect(link.getAttribute('href')).toContain('span=00f067aa0ba90099');
  });

  test('lead to logs, by an address that the reader has written down', async () => {
    localStorage.setItem('clew.logs-link', 'https://logs.example/?q=${traceId}+${spanId}');
    await open(orderTrace(), 'GET');
    localStorage.clear();
    const link = page.findText('a', 'Open the logs of this span');
    expect(link.getAttribute('href')).toMatch(/\?q=4bf92f3577b34da6a3ce929d0e0e4736\+00f067/);
  });

  test('close', async () => {
    const state = await open(orderTrace(), 'GET');
    await page.click(page.findText('button', 'Close the details'));
    expect(state.isDetailOpen.get()).toBe(false);
  });
});
