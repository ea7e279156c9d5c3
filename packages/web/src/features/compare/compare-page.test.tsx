// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { ApiError } from '@clew/api';
import type { ClewClient, SearchResponse, TraceJson } from '@clew/api';
import { act, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
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

/** The root spans of the two, as a search for them finds them. */
const roots = [A, B].map((traceId) => ({
  traceId,
  spanId: '00f067aa0ba90001',
  service: 'shop',
  name: 'POST /orders',
  kind: 'server',
  startUnixNano: '1795374903123000000',
  durationNano: traceId === A ? '20000000' : '420000000',
  status: 'unset',
  statusMessage: '',
  attributes: [],
  resourceAttributes: [],
}));

const foundTraces = [A, B].map((traceId) => ({
  traceId,
  rootService: 'shop',
  rootSpanName: 'POST /orders',
  startUnixNano: '1795374903123000000',
  durationNano: '420000000',
  spanCount: 3,
  errorCount: 0,
  services: [],
  matchedStartUnixNano: '1795374903123000000',
  matchedSpanId: '1',
}));
const NOTHING = { traceCount: 0, spanCount: 0 };

let foundSpans: readonly unknown[] = [];
let searched: (string | undefined)[] = [];

/** Answers of two traces, and finds no other trace. */
const client = {
  readTraceColumns: async (traceId: string) => toColumns(findTrace(traceId)),
  readSpan: async (traceId: string, spanId: string) => {
    const trace = findTrace(traceId);
    return { ...trace, spans: trace.spans.filter((span) => span.spanId === spanId) };
  },
  searchSpans: async () => ({ spans: foundSpans }),
  searchTraces: async ({ q }: { readonly q?: string }): Promise<SearchResponse> => {
    if (q?.includes('trace:id') === true) return { traces: foundTraces, scanned: NOTHING };
    searched.push(q);
    return { traces: [], scanned: NOTHING };
  },
} as unknown as ClewClient;

let page: Rendered;
let addresses: QueryValues[] = [];
/** Shows the page at another address. */
let show: (search: QueryValues) => void = () => undefined;
afterEach(async () => {
  await page.unmount();
  foundSpans = [];
  searched = [];
});

/** The address does not change by itself: `show` changes it. */
async function open(search: QueryValues): Promise<void> {
  addresses = [];
  page = await render(<Opened search={search} />);
  await settle();
}

function Opened(props: { readonly search: QueryValues }): ReactNode {
  const [search, setSearch] = useState(props.search);
  const [openedFiles] = useState(() => new OpenedFiles());
  useEffect(() => {
    show = setSearch;
  }, []);
  return (
    <ComparePage
      client={client}
      openedFiles={openedFiles}
      findOpened={findNoFile}
      loadTrace={async (_, traceId) => toView(findTrace(traceId))}
      viewed={[]}
      search={search}
      onSearchChange={(next) => addresses.push(next)}
    />
  );
}

const findNoFile = (): undefined => undefined;

function settle(ms = 0): Promise<unknown> {
  return act(() => new Promise((resolve) => setTimeout(resolve, ms)));
}

/** What is loaded takes some turns to be on the page. */
async function waitFor(isThere: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isThere(); turn++) await settle(5);
  expect(isThere()).toBe(true);
}

async function type(field: string, written: string): Promise<void> {
  const input = page.findText('input', field);
  await act(async () => {
    // React hides the element's own property behind one that it watches.
    Reflect.set(HTMLInputElement.prototype, 'value', written, input);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await act(async () => input.closest('form')?.requestSubmit());
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

  test('what one does stays on the screen while the address follows late', async () => {
    await open({ a: A, b: B });
    await press('2');
    await waitFor(() => addresses.length === 1);
    await press('d');
    await waitFor(() => addresses.length === 2);
    const isOrdered = () => page.find('[aria-sort="descending"]').dataset['column'];
    for (const address of addresses) {
      await act(async () => show(address));
      expect(isOrdered()).toBe('difference');
    }
    await settle(300);
    expect(addresses).toHaveLength(2);
    // One that comes from elsewhere is followed.
    await act(async () => show({ a: A, b: B, view: 'spans' }));
    expect(page.container.querySelector('[aria-sort="descending"]')).toBeNull();
  });

  test('the other way round, B took less', async () => {
    await open({ a: B, b: A });
    expect(section('What differs').querySelector('h2')?.textContent).toBe(
      'B took 400\u00a0ms less: 20.0\u00a0ms instead of 420\u00a0ms.',
    );
  });
});

describe('the tree of paths', () => {
  const rows = (): (string | null | undefined)[] =>
    [...page.container.querySelectorAll('.virtual-table-row')].map(
      (row) => row.querySelector('.compare-name')?.textContent,
    );
  /** Gives the table a height, which nothing has here. */
  const openTall = async (search: QueryValues): Promise<void> => {
    await open(search);
    const table = page.find('[role="grid"]');
    Object.defineProperty(table, 'clientHeight', { value: 400 });
    await act(async () => table.dispatchEvent(new Event('scroll')));
  };
  const ROOT = 'shopPOST /orders';
  const QUERY = 'shopSELECT';

  test('is folded and unfolded by arrow keys, and the address says so', async () => {
    await openTall({ a: A, b: B });
    expect(rows()).toEqual([ROOT, QUERY]);
    await page.click(page.find('.virtual-table-row'));
    await press('ArrowRight');
    expect(page.find('[aria-selected="true"]').textContent).toContain('SELECT');
    await press('ArrowLeft');
    await press('ArrowLeft');
    expect(rows()).toEqual([`${ROOT}+1 path`]);
    await waitFor(() => addresses.at(-1)?.['fold'] === 'a.00f067aa0ba90001');
    await press('ArrowRight');
    expect(rows()).toEqual([ROOT, QUERY]);
    await waitFor(() => addresses.at(-1)?.['fold'] === undefined);
  });

  test('is folded as the address says, by the mark of a row, and all of it', async () => {
    await openTall({ a: A, b: B, fold: 'b.00f067aa0ba90001', span: 'a.00f067aa0ba90002' });
    expect(rows()).toEqual([`${ROOT}+1 path`]);
    // What is selected is folded away: the row that hides it is marked.
    expect(page.find('[aria-selected="true"]').textContent).toContain('POST /orders');
    await page.click(page.findText('button', 'What is below POST /orders'));
    expect(rows()).toEqual([ROOT, QUERY]);
    await press('{');
    expect(rows()).toEqual([`${ROOT}+1 path`]);
    await page.click(page.find('.compare-causes button'));
    expect(rows()).toEqual([ROOT, QUERY]);
  });
});

describe('the comparison without two traces', () => {
  test('has a field for each, and an id goes where it is given', async () => {
    await open({});
    expect(page.find('h2').textContent).toBe('Choose trace A');
    await waitFor(() =>
      page.container.textContent.includes('no two traces of the same operation yet'),
    );
    await type('Trace B: its id, or what to look for', B);
    expect(addresses).toEqual([{ b: B }]);
    await act(async () => show({ b: B }));
    await settle();
    await type('Trace A: its id, or what to look for', A);
    expect(addresses.at(-1)).toEqual({ a: A, b: B });
  });

  test('words that are no id are looked for, and so is TraceQL', async () => {
    await open({});
    await type('Trace B: its id, or what to look for', 'feed');
    await waitFor(() => searched.length > 0);
    expect(searched[0]).toContain('(?is).*feed.*');
    expect(page.find('h2').textContent).toBe('Choose trace B');
    await page.click(page.findText('button', `Take it as a trace id: ${'feed'.padStart(32, '0')}`));
    expect(addresses).toEqual([{ b: 'feed'.padStart(32, '0') }]);
  });

  test('offers the fastest, the median and the slowest run of an operation for either', async () => {
    foundSpans = roots;
    await open({});
    await waitFor(() => page.container.textContent.includes('2 traces'));
    await page.click(page.findText('button', 'Slowest POST /orders as trace A'));
    expect(addresses).toEqual([{ a: B }]);
    await page.click(
      page.findText('button', 'Compare the fastest and the slowest POST /orders of shop'),
    );
    expect(addresses.at(-1)).toEqual({ a: A, b: B });
    await act(async () => page.findText('input', 'Trace B: its id, or what to look for').focus());
    await page.click(page.findText('button', 'Fastest POST /orders as trace B'));
    expect(addresses.at(-1)).toEqual({ b: A });
  });

  test('looks for others of the same operation, by how long their root spans took', async () => {
    foundSpans = roots;
    await open({ b: B });
    expect(page.find('h2').textContent).toBe('Choose trace A');
    expect(page.container.textContent).toContain('Others of POST /orders of shop');
    await waitFor(() => page.container.textContent.includes('Fastest'));
    expect(page.find('.choice-list li').textContent).toContain('20.0\u00a0ms');
    await page.click(page.find('.choice-list li button'));
    expect(addresses).toEqual([{ a: A, b: B }]);
  });

  test('says when there are no others', async () => {
    await open({ b: B });
    await waitFor(() =>
      page.container.textContent.includes('There is no other trace of this operation'),
    );
  });

  test.each<[string, QueryValues, string, string]>([
    ['a trace that is unknown', { a: UNKNOWN, b: B }, 'Trace A is not here', 'A'],
    ['what is no id', { a: A, b: 'xyz' }, 'The id of trace B is not a trace id', 'B'],
    [
      'a file that was closed',
      { a: A, b: B, bSource: 'file' },
      'The file of trace B is not open',
      'B',
    ],
    ['the same trace twice', { a: B, b: B }, 'A and B are the same trace', 'B'],
  ])('says what is wrong with %s, and what else to choose', async (_, search, title, side) => {
    await open(search);
    expect(page.find('.notice').textContent).toContain(title);
    expect(page.find('.choice-page h2').textContent).toBe(`Choose trace ${side}`);
  });
});
