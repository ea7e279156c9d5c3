// @vitest-environment happy-dom
/// <reference types="vite/client" />
import { ApiError } from '@clew/api';
import type { ClewClient } from '@clew/api';
import { afterEach, expect, test } from 'vitest';
import { parseSearchState, resolveSearchState } from '../../../state/search-state.ts';
import { render } from '../../../testing/render.tsx';
import type { Rendered } from '../../../testing/render.tsx';
import type { SearchOutcome } from '../use-search.ts';
import { SearchResults } from './search-results.tsx';

let page: Rendered;
afterEach(() => page.unmount());

const before = resolveSearchState(parseSearchState({ service: 'cart' }), 1_800_000_000_000);
const state = resolveSearchState(parseSearchState({ q: '{ }' }), 1_800_000_000_000);
const unanswered = () => new Promise<never>(() => {});
/** Answers nothing: what these tests look at is all in the outcome. */
const client = new Proxy({} as ClewClient, { get: () => unanswered });
const ignore = () => {};
const actions = { search: ignore, refresh: ignore, show: ignore, narrow: ignore, zoomOut: ignore };

async function renderResults(
  change: Partial<SearchOutcome>,
  { isEarlier }: { readonly isEarlier: boolean },
): Promise<void> {
  const outcome: SearchOutcome = {
    answer: { kind: 'traces', asked: state, traces: [], isNewestFirst: true, hasMore: false },
    isOutdated: false,
    total: undefined,
    isSearching: false,
    isLoadingMore: false,
    isCancelled: false,
    error: undefined,
    isMoreFailed: false,
    loadMore: ignore,
    searchAgain: ignore,
    cancel: ignore,
    ...change,
  };
  const scroller = { current: null };
  page = await render(
    <SearchResults {...{ client, state, outcome, actions, scroller, isEarlier }} openedCount={0} />,
  );
}

const trace = {
  traceId: 'ab'.repeat(16),
  matchedStartUnixNano: '1799999999000000000',
  startUnixNano: '1799999999000000000',
  durationNano: '1000000',
  spanCount: 1,
  errorCount: 0,
  matchedSpanId: 'ab'.repeat(8),
  rootService: 'cart',
  rootSpanName: 'GET /cart',
  services: [{ service: 'cart', spanCount: 1, errorCount: 0 }],
} as const;
const found = (asked: typeof state) =>
  ({ kind: 'traces', asked, traces: [trace], isNewestFirst: true, hasMore: false }) as const;
const text = () => page.container.textContent ?? '';

test('an empty answer advises to ask for less, but not under a query that could not be read', async () => {
  await renderResults({}, { isEarlier: false });
  expect(text()).toContain('No trace answers this query');
  await page.unmount();
  await renderResults({}, { isEarlier: true });
  expect(text()).not.toContain('No trace answers this query');
});

test('under a query that could not be read, what was found before is dimmed and says so', async () => {
  await renderResults({ answer: found(state) }, { isEarlier: true });
  expect(text()).toContain('This was not searched.');
  expect(page.find('.search-answer').dataset).toMatchObject({ outdated: 'true', earlier: 'true' });
  await page.unmount();
  await renderResults({ answer: found(state) }, { isEarlier: false });
  expect(text()).not.toContain('the search before');
  expect(page.find('.search-answer').dataset).toMatchObject({ outdated: 'false' });
});

test('what the server refused has nothing of another search under it', async () => {
  const error = new ApiError('q: no', { code: 'invalid_argument', status: 400, parameter: 'q' });
  await renderResults({ answer: found(before), error, isOutdated: true }, { isEarlier: false });
  expect(page.container.querySelector('.search-answer')).toBeNull();
  expect(text()).toContain('The server refused a condition');
});

test('a search that failed says once that it did, and what to do, above what the one before found', async () => {
  const error = new ApiError('the server answered 500', { code: 'internal', status: 500 });
  await renderResults({ answer: found(before), error, isOutdated: true }, { isEarlier: false });
  expect(text().match(/500/g)).toHaveLength(1);
  expect(text()).toContain('the server’s log says why');
  expect(text()).toContain('What is below is of the search before.');
});
