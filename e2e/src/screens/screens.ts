/** What pictures are taken of. A new page, or a new view of one, is a line more here. */
import type { Page } from '@playwright/test';
import { END_MS, FAILED_TRACE_ID, FAST_TRACE_ID, SLOW_TRACE_ID, START_MS } from './fixed-spans.ts';

export interface Screen {
  /** The name of its pictures. */
  readonly name: string;
  /** Below the address of Clew. */
  readonly path: string;
  /** What is there when the page has its data: a selector. */
  readonly ready: string;
  /** What is done with the page before its picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Main pages have a picture as a phone shows them, too. */
  readonly isNarrowToo?: boolean;
  /** Also kept in `docs/screenshots`, for those who read about Clew. */
  readonly isInDocs?: boolean;
}

const RANGE = `start=${START_MS}000000&end=${END_MS}000000`;
const TRACE = `/trace/${FAILED_TRACE_ID}`;

export const SCREENS: readonly Screen[] = [
  {
    name: 'search',
    path: `/search?${RANGE}`,
    ready: '.result-list li:nth-child(8)',
    isNarrowToo: true,
    isInDocs: true,
  },
  {
    name: 'search-spans',
    path: `/search?show=spans&order=slowest&${RANGE}`,
    ready: '.result-list li:nth-child(8)',
  },
  {
    name: 'search-table',
    path: `/search?picture=table&${RANGE}`,
    ready: '.result-list li:nth-child(3)',
  },
  {
    name: 'search-traceql',
    path: `/search?q=${encodeURIComponent('{ status = error && duration > 20ms }')}&${RANGE}`,
    ready: '.result-list li',
  },
  { name: 'search-nothing', path: `/search?service=none&${RANGE}`, ready: '.search-answer' },
  {
    name: 'trace',
    path: TRACE,
    ready: '[data-part="rows"] [role="row"]',
    isNarrowToo: true,
    isInDocs: true,
  },
  {
    name: 'trace-details',
    path: `${TRACE}?span=00000000000000a7`,
    ready: '.attribute-list',
    isNarrowToo: true,
  },
  {
    name: 'trace-findings',
    path: `${TRACE}?findings=open`,
    ready: '.findings-body',
    isInDocs: true,
  },
  {
    name: 'trace-color',
    path: `${TRACE}?color=span.server.address`,
    ready: '.color-legend li:nth-child(2)',
  },
  { name: 'flame', path: `${TRACE}?view=flame`, ready: '.flame-canvas', isInDocs: true },
  { name: 'graph', path: `${TRACE}?view=graph`, ready: '.graph-picture g', isInDocs: true },
  {
    name: 'statistics',
    path: `${TRACE}?view=statistics`,
    ready: '.statistics-table [role="row"]:nth-child(2)',
    isInDocs: true,
  },
  { name: 'spans', path: `${TRACE}?view=spans`, ready: '.virtual-table-row' },
  { name: 'events', path: `${TRACE}?view=events`, ready: '.virtual-table-row' },
  { name: 'json', path: `${TRACE}?view=json`, ready: '.json-line' },
  {
    name: 'compare',
    path: `/compare?a=${FAST_TRACE_ID}&b=${SLOW_TRACE_ID}`,
    ready: '[role="row"]:nth-child(2)',
    isNarrowToo: true,
    isInDocs: true,
  },
  {
    name: 'palette',
    path: TRACE,
    ready: '[data-part="rows"] [role="row"]',
    prepare: async (page) => {
      await page.keyboard.press('Control+k');
      await page.locator('[role="dialog"] [role="option"]').first().waitFor();
    },
  },
  { name: 'not-found', path: '/nowhere', ready: 'h1' },
];
