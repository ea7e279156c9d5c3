// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { ApiError } from '@clew/api';
import type { ClewClient, SearchResponse, TraceJson } from '@clew/api';
import { act } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { OpenedFiles } from '../../state/opened-files.ts';
import type { QueryValues } from '../../state/query-string.ts';
import { render } from '../../testing/render.tsx';
import type { Rendered } from '../../testing/render.tsx';
import { text, toColumns, toTraceJson, toView } from '../../testing/trace-fixtures.ts';
import type { FixtureSpan } from '../../testing/trace-fixtures.ts';
import { ComparePage } from './compare-page.tsx';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const UNKNOWN = 'c'.repeat(32);

/** An order that asks the database some times, one after the other. */
function order(traceId: string, queryCount: number): TraceJson {
  const root: FixtureSpan = {
    id: 1,
    service: 'shop',
    name: 'POST /orders',
    startNs: 0,
    durationNs: (queryCount + 1) * 1e7,
  };
  const queries = Array.from({ length: queryCount }, (_, at): FixtureSpan => ({
    id: at + 2,
    parent: 1,
    service: 'shop',
    name: 'SELECT',
    startNs: at * 1e7,
    durationNs: 1e7,
    attributes: [text('db.query.text', `SELECT ${queryCount}`), text('db.system.name', 'pg')],
  }));
  return toTraceJson([root, ...queries], traceId);
}

const traces: Readonly<Record<string, TraceJson>> = { [A]: order(A, 1), [B]: order(B, 41) };

function findTrace(traceId: string): TraceJson {
  const trace = traces[traceId];
  if (trace === undefined) {
    throw new ApiError('no trace with this id', { code: 'not_found', status: 404 });
  }
  return trace;
}

/** Answers of two traces, and finds nothing else. */
const client = {
  readTraceColumns: async (traceId: string) => toColumns(findTrace(traceId)),
  readSpan: async (traceId: string, spanId: string) => {
    const trace = findTrace(traceId);
    return { ...trace, spans: trace.spans.filter((span) => span.spanId === spanId) };
  },
  searchTraces: async (): Promise<SearchResponse> => ({
    traces: [],
    scanned: { traceCount: 0, spanCount: 0 },
  }),
} as unknown as ClewClient;

let page: Rendered;
let addresses: QueryValues[] = [];
afterEach(() => page.unmount());

async function open(search: QueryValues): Promise<void> {
  addresses = [];
  page = await render(
    <ComparePage
      client={client}
      openedFiles={new OpenedFiles()}
      findOpened={() => undefined}
      loadTrace={async (_, traceId) => toView(findTrace(traceId))}
      viewed={[]}
      search={search}
      onSearchChange={(next) => addresses.push(next)}
    />,
  );
  await settle();
}

function settle(ms = 0): Promise<unknown> {
  return act(() => new Promise((resolve) => setTimeout(resolve, ms)));
}

/** What is loaded takes some turns to be on the page. */
async function waitFor(isThere: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isThere(); turn++) await settle(5);
  expect(isThere()).toBe(true);
}

function press(key: string): Promise<unknown> {
  return act(async () => document.dispatchEvent(new KeyboardEvent('keydown', { key })));
}

const section = (label: string): HTMLElement => page.find(`[aria-label="${label}"]`);

describe('the comparison of two traces', () => {
  test('says in words which calls account for the difference', async () => {
    await open({ a: A, b: B });
    const headline = section('What differs');
    expect(headline.querySelector('h2')?.textContent).toBe(
      'B took 400\u00a0ms longer: 420\u00a0ms instead of 20.0\u00a0ms, 21 times as long.',
    );
    const cause = headline.querySelector('li')?.textContent ?? '';
    expect(cause).toContain('SELECT');
    expect(cause).toContain('accounts for 400\u00a0ms of it (100\u00a0%)');
    expect(cause).toContain('1 call → 41 calls');
    expect(headline.textContent).toContain('40 spans only in B');
  });

  test('a cause leads to the spans of its path, those first that differ most', async () => {
    await open({ a: A, b: B });
    await page.click(page.find('.compare-causes button'));
    const details = section('The selected span in A and B');
    expect(details.querySelector('h2')?.textContent).toBe('SELECT');
    expect(details.textContent).toContain('1 of 41');
    await press(']');
    expect(details.textContent).toContain('2 of 41');
    await waitFor(() => addresses.length > 0);
    expect(addresses.at(-1)).toMatchObject({
      a: A,
      b: B,
      span: expect.stringMatching(/^b\./) as string,
    });
    await press('Escape');
    expect(page.container.querySelector('.compare-details')).toBeNull();
  });

  test('a span is shown beside its partner, with the attributes that differ, and links to both', async () => {
    await open({ a: A, b: B, span: 'a.00f067aa0ba90002' });
    await waitFor(() => page.container.querySelector('[aria-label="Attributes"]') !== null);
    const attributes = section('Attributes');
    expect(attributes.querySelector('h3')?.textContent).toContain('1 attribute differs');
    const different = attributes.querySelector('[data-different="true"]')?.textContent;
    expect(different).toBe('≠db.query.textASELECT 1BSELECT 41');
    expect(attributes.querySelector('summary')?.textContent).toBe('2 attributes alike');
    const links = [...page.container.querySelectorAll('.compare-links a')];
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      expect.stringContaining(`/trace/${A}?span=00f067aa0ba90002`),
      expect.stringContaining(`/trace/${B}?span=00f067aa0ba90002`),
    ]);
  });

  test('changes places by a key, and goes back to the choice of one', async () => {
    await open({ a: A, b: B, sort: '-share' });
    await press('x');
    expect(addresses.at(-1)).toEqual({ a: B, b: A, sort: '-share' });
    await page.click(page.findText('button', 'Choose another trace A'));
    expect(addresses.at(-1)).toEqual({ b: B });
  });

  test('the other way round, B took less', async () => {
    await open({ a: B, b: A });
    expect(section('What differs').querySelector('h2')?.textContent).toBe(
      'B took 400\u00a0ms less: 20.0\u00a0ms instead of 420\u00a0ms.',
    );
  });
});

describe('the comparison without two traces', () => {
  test('asks which, and says when there is nothing to choose from', async () => {
    await open({});
    expect(page.find('h2').textContent).toBe('Which traces?');
    await waitFor(() =>
      page.container.textContent.includes('no two traces of the same operation yet'),
    );
  });

  test('looks for others of the same operation', async () => {
    await open({ b: B });
    expect(page.find('h2').textContent).toBe('Compare with which trace?');
    expect(page.container.textContent).toContain('Others of POST /orders of shop');
    await waitFor(() =>
      page.container.textContent.includes('There is no other trace of this operation'),
    );
  });

  test.each<[string, QueryValues, string]>([
    ['a trace that is unknown', { a: UNKNOWN, b: B }, 'Trace A is not here'],
    ['what is no id', { a: A, b: 'xyz' }, 'The id of trace B is not a trace id'],
    ['a file that was closed', { a: A, b: B, bSource: 'file' }, 'The file of trace B is not open'],
    ['the same trace twice', { a: B, b: B }, 'A and B are the same trace'],
  ])('says what is wrong with %s, and what else to choose', async (_, search, title) => {
    await open(search);
    expect(page.find('.notice').textContent).toContain(title);
    expect(page.find('.choice-page h2').textContent).toBe('Compare with which trace?');
  });
});
