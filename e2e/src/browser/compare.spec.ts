/**
 * What differs between two traces, answered from the screen alone by somebody who has never seen Clew: each way to the answer is
 * written down click by click, four at most.
 */
import type { Locator, Page } from '@playwright/test';
import { ChildProcesses } from '../../../demo/src/child-processes.ts';
import type { FaultName } from '../../../demo/src/faults.ts';
import { startShop } from '../../../demo/src/shop.ts';
import { ClewProcess } from '../clew-process.ts';
import { encodeRawRequest, rawSpan } from '../otlp-bytes.ts';
import { readContrasts } from './contrast.ts';
import { expect, test as base } from './fixtures.ts';
import { sendMadeOrders, waitUntilStored } from './made-orders.ts';
import type { MadeOrders } from './made-orders.ts';
import { treeRows } from './search-page.ts';
import { ORDER_SPAN_COUNT } from './shop.ts';

interface Orders extends MadeOrders {
  readonly ui: string;
}

const FAULTS: readonly FaultName[] = ['slow-query', 'n-plus-one'];
/** The query that lists the shelves, one for each of twenty, and one that reserves, in the place of two. */
const SLOW_SPAN_COUNT = ORDER_SPAN_COUNT + 20;

/** The Clew of these tests has no other orders: their fixture makes them run in a process of their own. */
const test = base.extend<object, { readonly orders: Orders }>({
  orders: [
    async ({ clew: { addresses } }, use) => {
      await use({ ui: addresses.ui, ...(await sendMadeOrders(addresses)) });
    },
    { scope: 'worker' },
  ],
});

interface WantedOrder {
  readonly userId: number;
  readonly spanCount: number;
}

/**
 * Orders of the shop itself, behind a first one, which meets cold services. Resolves with the ids of their traces. Each waits until the
 * one before is packed: the shop's database lets one query wait for another.
 */
async function sendOrders(
  { addresses: { otlpHttp, ui } }: ClewProcess,
  wanted: readonly WantedOrder[],
  faults: readonly FaultName[] = [],
): Promise<readonly string[]> {
  const processes = new ChildProcesses((message) => console.error(message));
  const shop = await startShop({ otlpEndpoint: otlpHttp, faults: new Set(faults) }, processes);
  const traceIds: string[] = [];
  for (const { userId, spanCount } of [{ userId: 1, spanCount: 1 }, ...wanted]) {
    const body = JSON.stringify({ userId, item: 'tea', quantity: 1 });
    const response = await fetch(`${shop.orderServiceUrl}/orders`, { method: 'POST', body });
    await response.text();
    const traceId = response.headers.get('x-trace-id') ?? '';
    await waitUntilStored(`${ui}/api/clew/traces/${traceId}`, spanCount);
    traceIds.push(traceId);
  }
  await processes.stop();
  return traceIds.slice(1);
}

const headline = (page: Page): Locator => page.getByRole('region', { name: 'What differs' });
const details = (page: Page): Locator =>
  page.getByRole('complementary', { name: 'The selected span in A and B' });
const paths = (page: Page): Locator =>
  page.getByRole('grid', { name: 'Paths of calls in A and B' });
const choices = (page: Page): Locator => page.locator('.choice-list');

/** The answer: which calls made the slow order slow, and that they are many more than in the fast one. */
async function expectAnswer(page: Page): Promise<void> {
  await expect(headline(page).getByRole('heading')).toHaveText(/^B took [\d.]+\sm?s longer: /);
  const cause = headline(page).getByRole('listitem').first();
  await expect(cause).toContainText('order-service');
  await expect(cause).toContainText('pg.query:SELECT');
  await expect(cause).toContainText('in reserve-stock');
  await expect(cause).toContainText(/accounts for [\d.]+\sm?s\b/);
  await expect(cause).toContainText('1 call → 22 calls');
}

async function expectSlowQuery(page: Page): Promise<void> {
  await headline(page).getByRole('listitem').first().getByRole('button').click();
  // Of the spans of the path, the one that differs most: the query that was made slow.
  await expect(details(page)).toContainText('order_service.reserve');
  await expect(details(page).getByRole('row', { name: /^Calls/ })).toContainText(/1\s*22\s*\+21/);
  await expect(paths(page).locator('[aria-selected="true"]')).toContainText('pg.query:SELECT');
}

test('from a slow order: two clicks to what differs, and a third to the query', async ({
  page,
  orders,
}) => {
  await page.goto(`${orders.ui}/trace/${orders.slow}`);
  await expect(treeRows(page).first()).toBeVisible();

  await test.step('click 1: Compare…', () => page.getByRole('link', { name: 'Compare…' }).click());
  await test.step('click 2: the fastest other order', () =>
    choices(page)
      .getByRole('button', { name: /^Fastest/ })
      .click());
  await expectAnswer(page);
  await expect(headline(page)).toContainText(/\d+ spans only in B/);

  await test.step('click 3: the cause', () => expectSlowQuery(page));

  await test.step('click 4: the span in its trace', () =>
    details(page)
      .getByRole('link', { name: /Open in trace B/ })
      .click());
  await expect(page).toHaveURL(new RegExp(`/trace/${orders.slow}\\?span=`));
  await expect(page.getByRole('complementary', { name: 'Span details' })).toContainText(
    'order_service.reserve',
  );
  await page.goBack();
  await expect(details(page)).toContainText('order_service.reserve');
});

test('why the order of a business is slow, in three clicks', async ({ page, orders }) => {
  await expectBusinessAnswer(page, `${orders.ui}/trace/${orders.business}`);
});

async function expectBusinessAnswer(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Compare…' }).click();
  await choices(page)
    .getByRole('button', { name: /^Fastest/ })
    .click();
  const cause = headline(page).getByRole('listitem').first();
  await expect(cause).toContainText(/user-service.*pg\.query:SELECT.*in get-user/);
  await expect(cause).toContainText(/accounts for [\d.]+\sm?s\b.*1 call → 2 calls/);
  await cause.getByRole('button').click();
  await expect(details(page)).toContainText('credit_limit');
}

test(
  'in the shop as `npm run demo` starts it, and in one where things go wrong: the same answers',
  { tag: '@long' },
  async ({ page }) => {
    test.setTimeout(180_000);
    await using clew = await ClewProcess.start({ from: 'dist' });
    const { ui } = clew.addresses;
    const [business, fast] = await sendOrders(clew, [
      { userId: 10, spanCount: ORDER_SPAN_COUNT + 1 },
      { userId: 2, spanCount: ORDER_SPAN_COUNT },
    ]);
    await expectBusinessAnswer(page, `${ui}/trace/${business}`);
    const wanted = { userId: 2, spanCount: SLOW_SPAN_COUNT };
    const [slow] = await sendOrders(clew, [wanted], FAULTS);
    await page.goto(`${ui}/compare?a=${fast}&b=${slow}`);
    await expectAnswer(page);
    await expectSlowQuery(page);
  },
);

test('from the rail: two clicks, with no trace at hand', async ({ page, orders }) => {
  await page.goto(`${orders.ui}/search`);
  await page.getByRole('navigation').getByRole('link', { name: 'Compare', exact: true }).click();
  // Neither the refused order nor the one that was sent back is the fastest, though both are quicker.
  await expect(choices(page)).toContainText(
    /3 traces; left out: 1 with a failed span, 1 with fewer than \d+ spans/,
  );
  await choices(page)
    .getByRole('button', { name: /^Compare the fastest and the slowest .*POST \/orders/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`a=${orders.fast}&b=${orders.slow}`));
  await expect(headline(page).getByRole('heading')).toHaveText(/^B took .* longer: /);
  await expect(page.getByRole('list').getByText('POST /orders').first()).toBeVisible();
});

test('from the search: two ticks and a click, whichever was ticked first', async ({
  page,
  orders,
}) => {
  await page.goto(`${orders.ui}/search?q=${encodeURIComponent('{ name = "create-order" }')}`);
  const boxOf = (id: string): Locator =>
    page
      .getByRole('listitem')
      .filter({ has: page.locator(`a[href*="${id}"]`) })
      .getByRole('checkbox');
  await boxOf(orders.slow).check();
  await expect(page.getByText('Tick another one to compare the two.')).toBeVisible();
  await boxOf(orders.fast).check();
  await page.getByRole('link', { name: 'Compare the two' }).click();
  await expect(page).toHaveURL(new RegExp(`a=${orders.fast}&b=${orders.slow}`));
  await expectAnswer(page);
});

test('keys do all that the pointer does, and the address keeps it', async ({ page, orders }) => {
  await page.goto(`${orders.ui}/compare?a=${orders.fast}&b=${orders.slow}`);
  await expectAnswer(page);
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/sort=-share/);
  await expect(paths(page).getByRole('row').nth(1)).toContainText('pg.query:SELECT');
  await page.keyboard.press('ArrowDown');
  await expect(details(page)).toContainText('order_service.reserve');
  await page.keyboard.press('2');
  const spans = page.getByRole('grid', { name: 'Spans of A and B' });
  await expect(spans.locator('[aria-selected="true"]')).toContainText('only in B');
  await page.keyboard.press(']');
  await expect(details(page)).toContainText('2 of 22');
  await page.keyboard.press('f');
  await page.keyboard.type('reserve-stock');
  await expect(spans.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/view=spans.*find=reserve-stock.*span=b\./);
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('reserve-stock');
  await expect(details(page)).toContainText('2 of 22');

  await page.getByRole('searchbox').blur();
  await page.keyboard.press('Escape');
  await expect(details(page)).toBeHidden();
  await page.keyboard.press('x');
  await expect(page).toHaveURL(new RegExp(`a=${orders.slow}&b=${orders.fast}`));
  await expect(headline(page).getByRole('heading')).toHaveText(/^B took [\d.]+\sm?s less: /);
  await page.goBack();
  await expectAnswer(page);
});

test('paths of calls fold by keys and by a press, and a reload keeps it', async ({
  page,
  orders,
}) => {
  await page.goto(`${orders.ui}/compare?a=${orders.fast}&b=${orders.slow}`);
  await expectAnswer(page);
  const rows = paths(page).locator('.virtual-table-row');
  const all = await rows.count();
  await page.keyboard.press('{');
  await expect(rows).toHaveText([/POST \/orders.*\+\d+ paths/]);
  await expect(page).toHaveURL(/fold=depth-0/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(paths(page).locator('[aria-selected="true"]')).toContainText('create-order');
  await paths(page).getByRole('button', { name: 'What is below create-order' }).click();
  await expect(rows.first()).toBeVisible();
  await expect(paths(page).locator('[aria-selected="true"]')).toContainText('create-order');
  expect(await rows.count()).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Unfold all' }).click();
  await expect(rows).toHaveCount(all);
  await expect(page).not.toHaveURL(/fold=/);
});

test('each of two fields is filled by an id, by a search, and by a run of an operation', async ({
  page,
  orders,
}) => {
  await page.goto(`${orders.ui}/compare`);
  const field = (side: string): Locator =>
    page.getByRole('textbox', { name: new RegExp(`^Trace ${side}:`) });
  await field('B').fill(orders.slow);
  await field('B').press('Enter');
  await expect(page).toHaveURL(new RegExp(`/compare\\?b=${orders.slow}$`));
  await page.getByRole('button', { name: 'Choose another trace B' }).click();
  await field('B').fill('reserve-st');
  await field('B').press('Enter');
  const found = choices(page).filter({ hasText: 'Found by' });
  await expect(found.getByRole('listitem')).toHaveCount(3);
  await field('A').focus();
  await expect(page.getByRole('heading', { name: 'Choose trace A' })).toBeVisible();
  await page.getByRole('button', { name: 'Fastest POST /orders as trace A' }).click();
  await expect(page).toHaveURL(new RegExp(`/compare\\?a=${orders.fast}$`));
  await expect(page.getByRole('heading', { name: 'Choose trace B' })).toBeVisible();
  await choices(page)
    .getByRole('button', { name: /^Slowest/ })
    .click();
  await expectAnswer(page);
  await page.goBack();
  await expect(field('B')).toBeVisible();
});

test('a trace that is not here is named, and another one is chosen', async ({
  page,
  orders,
  consoleErrors,
}) => {
  const unknown = '1'.padStart(32, '0');
  await page.goto(`${orders.ui}/compare?a=${unknown}&b=${orders.slow}`);
  await expect(page.getByText('Trace A is not here')).toBeVisible();
  await choices(page)
    .getByRole('button', { name: /^Median/ })
    .click();
  await expect(headline(page)).toBeVisible();
  // The browser reports every answer that is not a good one.
  expect(consoleErrors.splice(0).every((text) => text.includes('404'))).toBe(true);

  await page.goto(`${orders.ui}/compare?a=${orders.slow}&b=${orders.slow}`);
  await expect(page.getByText('A and B are the same trace')).toBeVisible();
});

test('a narrow page and the dark show all of it, and can be read', async ({ page, orders }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${orders.ui}/compare?a=${orders.fast}&b=${orders.slow}`);
  await expectAnswer(page);
  await headline(page).getByRole('listitem').first().getByRole('button').click();
  await expect(details(page).getByRole('row', { name: /^Calls/ })).toBeInViewport();
  await expect(page.locator('html')).toHaveJSProperty('scrollWidth', 360);
  const texts = page.locator('.compare-page :is(h2, small, td, th, button, a, em, dt, code)');
  for (const { text, contrast } of await readContrasts(texts)) {
    expect(contrast, text).toBeGreaterThan(4.5);
  }
});

test('traces of files that were opened are compared without a server that has them', async ({
  page,
  orders,
}) => {
  const lines = await Promise.all(
    [orders.fast, orders.slow].map(async (id) => {
      const headers = { accept: 'application/vnd.clew.otlp+json' };
      const response = await page.request.get(`${orders.ui}/api/clew/traces/${id}`, { headers });
      return response.text();
    }),
  );
  await page.goto(`${orders.ui}/search`);
  await page.locator('input[type="file"]').setInputFiles({
    name: 'orders.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(lines.join('\n')),
  });
  const list = page.getByRole('list', { name: 'Traces of opened files' });
  await expect(list.getByRole('checkbox')).toHaveCount(2);
  // Before, the list of what is stored may have asked.
  await page.route('**/api/clew/traces/**', (route) => route.abort());
  for (const box of await list.getByRole('checkbox').all()) await box.check();
  await page.getByRole('link', { name: 'Compare the two' }).click();
  await expectAnswer(page);
  await headline(page).getByRole('listitem').first().getByRole('button').click();
  await expect(details(page)).toContainText('order_service.reserve');
});

test(
  'traces of 100,000 spans are compared beside the page, which stays usable',
  { tag: '@long' },
  async ({ page, orders }) => {
    test.setTimeout(180_000);
    const [a, b] = [
      await sendLargeTrace(orders.ui, 100_000),
      await sendLargeTrace(orders.ui, 90_000),
    ];
    await waitForSpanCount(page, `${orders.ui}/api/clew/traces/${a}`, 100_000);
    await waitForSpanCount(page, `${orders.ui}/api/clew/traces/${b}`, 90_000);
    const working: string[] = [];
    page.on('worker', (worker) => working.push(worker.url()));
    await page.goto(`${orders.ui}/compare?a=${a}&b=${b}&view=spans`);
    const spans = page.getByRole('grid', { name: 'Spans of A and B' });
    await expect(spans).toHaveAttribute('aria-rowcount', '100001', { timeout: 60_000 });
    expect(working.some((url) => url.includes('compare'))).toBe(true);
    await expect(headline(page)).toContainText('10 k spans only in A');
    await spans.focus();
    await page.keyboard.press('End');
    await expect(spans.locator('[aria-selected="true"]')).toBeInViewport();
  },
);

/** Roots without a parent, sent to the port of the page; resolves with the id of the trace. */
async function sendLargeTrace(ui: string, spanCount: number): Promise<string> {
  const { traceId } = rawSpan();
  const BATCH = 10_000;
  for (let sent = 0; sent < spanCount; sent += BATCH) {
    const spans = Array.from({ length: BATCH }, () => rawSpan({ traceId }));
    const response = await fetch(`${ui}/api/otlp/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from(encodeRawRequest(spans, 'busy-service')),
    });
    expect(response.status).toBe(200);
  }
  return Buffer.from(traceId).toString('hex');
}

async function waitForSpanCount(page: Page, url: string, spanCount: number): Promise<void> {
  const search = url.replace(/traces\/.*$/, 'search?limit=1&q=');
  const id = url.split('/').at(-1);
  const q = encodeURIComponent(`{ trace:id = "${id}" }`);
  await expect
    .poll(
      async () => {
        const response = await page.request.get(`${search}${q}`);
        const { traces = [] } = (await response.json()) as { traces?: { spanCount: number }[] };
        return traces[0]?.spanCount ?? 0;
      },
      { timeout: 60_000 },
    )
    .toBe(spanCount);
}
