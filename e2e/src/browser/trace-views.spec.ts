/** The same trace in every view: by keyboard and by pointer, with one selection, restored from the address. */
import type { Locator, Page } from '@playwright/test';
import { countColors } from './contrast.ts';
import { expect, test } from './fixtures.ts';
import { pressCaret, treeRows, waitForTrace } from './search-page.ts';
import { ORDER_SPAN_COUNT } from './shop.ts';

const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Span details' });

const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true });

const selectedRow = (page: Page, table: string): Locator =>
  page.getByRole('grid', { name: table }).locator('[aria-selected="true"]');

let path = '';

test.beforeEach(async ({ page, clew, shop }) => {
  if (path === '') {
    const traceId = await shop.order({ userId: 1, item: 'tea', quantity: 2 });
    await waitForTrace(page, `${clew.addresses.ui}/api/clew/traces/${traceId}`, ORDER_SPAN_COUNT);
    path = `/trace/${traceId}`;
  }
  await page.goto(`${clew.addresses.ui}${path}`);
  await expect(treeRows(page).first()).toBeVisible();
});

test('a span that is selected in one view is selected in all', async ({ page }) => {
  await treeRows(page).filter({ hasText: 'reserve-stock' }).click();
  await page.keyboard.press('Enter');
  await expect(details(page)).toContainText('order.item');

  await page.keyboard.press('5');
  await expect(tab(page, 'Spans')).toHaveAttribute('aria-selected', 'true');
  await expect(selectedRow(page, 'Spans')).toContainText('reserve-stock');
  await page.keyboard.press('ArrowDown');
  const name = await selectedRow(page, 'Spans').locator('[data-column="name"]').textContent();
  await expect(details(page).getByRole('heading', { level: 2 })).toHaveText(name ?? '');

  await page.keyboard.press('1');
  await expect(treeRows(page).and(page.locator('[aria-selected="true"]'))).toContainText(
    name ?? '',
  );

  await test.step('reload and Back restore the view and the selection', async () => {
    await page.keyboard.press('5');
    await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').click();
    await expect(page).toHaveURL(/view=spans.*sort=-duration/);
    await expect(page).toHaveURL(/span=/);
    await page.reload();
    await expect(selectedRow(page, 'Spans')).toContainText(name ?? '');
    const rows = page.getByRole('grid', { name: 'Spans' }).getByRole('row');
    await expect(rows.nth(1)).toContainText('POST /orders');
    await page.getByRole('link', { name: 'Search' }).first().click();
    await expect(page).toHaveURL(/\/search/);
    await page.goBack();
    await expect(page).toHaveURL(/view=spans.*sort=-duration/);
    await expect(selectedRow(page, 'Spans')).toContainText(name ?? '');
  });
});

test('a press on the tree folds, unfolds and selects the row that is seen there', async ({
  page,
}) => {
  const rows = treeRows(page);
  const count = await rows.count();
  await pressCaret(rows.first());
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toHaveAttribute('aria-expanded', 'false');
  await pressCaret(rows.first());
  await expect(rows).toHaveCount(count);
  await rows.nth(2).click();
  await expect(rows.nth(2)).toHaveAttribute('aria-selected', 'true');
  await expect(details(page)).toBeVisible();
});

test('a trace folds by service and by duration, and a reload and Back restore it', async ({
  page,
}) => {
  const rows = treeRows(page);
  const count = await rows.count();
  const menu = page.getByRole('button', { name: 'Collapse by service or duration' });
  const panel = page.getByRole('dialog', { name: 'Collapse by service or duration' });
  await menu.click();
  await panel.getByRole('button', { name: 'Where another service begins' }).click();
  await expect(page).toHaveURL(/fold=service-borders/);
  const folded = await rows.count();
  expect(folded).toBeLessThan(count);
  await page.reload();
  await expect(rows).toHaveCount(folded);

  await menu.click();
  await panel.getByLabel('Another duration').fill('soon');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('alert')).toContainText('2.5ms');
  await panel.getByLabel('Another duration').fill('1h');
  await page.keyboard.press('Enter');
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/fold=below-3600s/);
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  await page.getByRole('link', { name: 'Search' }).first().click();
  await expect(page).toHaveURL(/\/search/);
  await page.goBack();
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('b');
  await expect(rows).toHaveCount(folded);
});

test('the flame graph zooms into a path of calls and out again', async ({ page }) => {
  await tab(page, 'Flame graph').click();
  await expect(page).toHaveURL(/view=flame/);
  const canvas = page.locator('.flame-canvas');
  await expect.poll(() => countColors(canvas)).toBeGreaterThan(3);

  await canvas.hover({ position: { x: 60, y: 30 } });
  await expect(page.locator('.timeline-tooltip')).toContainText('create-order');
  await canvas.click({ position: { x: 60, y: 30 } });
  const way = page.getByRole('navigation', { name: 'Path of the frame that is zoomed to' });
  await expect(way).toContainText('POST /orders');
  await expect(way.locator('[aria-current]')).toHaveText('create-order');
  await expect(page).toHaveURL(/frame=/);
  await expect(details(page)).toContainText('create-order');
  await expect(page).toHaveURL(/span=[0-9a-f]{16}(?!.*panel=closed)/);

  await page.reload();
  await expect(way.locator('[aria-current]')).toHaveText('create-order');
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowDown');
  await expect(details(page).getByRole('heading', { level: 2 })).not.toHaveText('create-order');
  // Who cannot see the picture hears where the key has led.
  await expect(page.getByRole('status').filter({ hasText: ', total time ' })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(way).toBeHidden();

  await test.step('and says the same as a table', async () => {
    await page.keyboard.press('t');
    const table = page.getByRole('grid', { name: 'Flame graph' });
    await expect(table.getByRole('row').filter({ hasText: 'reserve-stock' }).first()).toBeVisible();
    await expect(page).toHaveURL(/as=table/);
  });
});

test(
  'the graph marks the spans of a node, and the next views show them',
  { tag: '@long' },
  async ({ page }) => {
    await page.keyboard.press('3');
    const node = page.getByRole('button', { name: /^payment-service, 3 spans/ });
    await node.click();
    await expect(page.getByRole('search')).toContainText('payment-service');
    await expect(page.getByRole('search')).toContainText('1 of 3');
    await page.keyboard.press('5');
    await page.getByRole('button', { name: 'Found', exact: true }).click();
    const rows = page.getByRole('grid', { name: 'Spans' }).getByRole('row');
    await expect(rows).toHaveCount(1 + 3);
    await expect(rows.nth(1)).toContainText('payment-service');

    await page.keyboard.press('3');
    await page.getByRole('button', { name: 'Span names' }).click();
    await expect(page.getByRole('button', { name: /charge-card/ })).toBeVisible();
    await expect(page).toHaveURL(/nodes=operation/);
    await page.getByRole('button', { name: 'As a table' }).click();
    const calls = page.getByRole('grid', { name: 'As a table' }).getByRole('row');
    await expect(calls.filter({ hasText: 'charge-card' }).first()).toBeVisible();
  },
);

test('an attribute of a span leads to the spans of the trace in groups by it', async ({ page }) => {
  await treeRows(page).filter({ hasText: 'INSERT' }).first().click();
  await details(page).getByRole('button', { name: 'Group by db.system.name' }).click();
  await expect(page).toHaveURL(/view=statistics.*group=span\.db\.system\.name/);
  const table = page.getByRole('grid', { name: 'Statistics of spans' });
  await expect(table.getByRole('row').filter({ hasText: 'postgresql' })).toBeVisible();
});

test('the statistics group by any attribute, exactly', async ({ page }) => {
  await page.keyboard.press('4');
  const table = page.getByRole('grid', { name: 'Statistics of spans' });
  await expect(table.getByRole('row').filter({ hasText: 'reserve-stock' })).toBeVisible();
  await page.getByLabel('Group by').selectOption('Attribute …');
  const key = page.getByRole('combobox', { name: 'Attribute to group by' });
  await key.click();
  await page.getByRole('option', { name: /^span\.db\.system\.name/ }).click();
  await expect(page).toHaveURL(/group=span\.db\.system\.name/);
  const postgres = table.getByRole('row').filter({ hasText: 'postgresql' });
  await expect(postgres).toBeVisible();
  const count = Number(await postgres.locator('[data-column="count"]').textContent());
  expect(count).toBeGreaterThan(3);
  const without = table.getByRole('row').filter({ hasText: '(without it)' });
  await expect(without.locator('[data-column="count"]')).toHaveText(
    String(ORDER_SPAN_COUNT - count),
  );
  await postgres.click();
  await expect(page.getByRole('search')).toContainText(`of ${count}`);
  await page.reload();
  await expect(postgres).toBeVisible();
});

test(
  'events stand in order, and an open one shows what it carries',
  { tag: '@long' },
  async ({ page }) => {
    await page.keyboard.press('6');
    const rows = page.getByRole('grid', { name: 'Events in order of time' }).getByRole('row');
    await expect(rows.nth(1)).toContainText('lock-acquired');
    await expect(rows.nth(2)).toContainText('lock-released');
    await rows.nth(2).click();
    await expect(details(page).getByRole('tab', { name: /Events/ })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await expect(details(page)).toContainText('lock-released');
    await page.getByRole('button', { name: 'Exceptions' }).click();
    await expect(page.getByText('No event of this trace is an exception.')).toBeVisible();
  },
);

test('the JSON is shown and saved, in both forms', { tag: '@long' }, async ({ page }) => {
  await page.keyboard.press('7');
  const text = page.getByRole('document', { name: 'The trace as JSON' });
  await expect(text).toContainText('"traceId"');
  await page.getByRole('button', { name: 'OTLP' }).click();
  await expect(text).toContainText('"resourceSpans"');
  await expect(page).toHaveURL(/form=otlp/);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^trace-[0-9a-f]{32}\.otlp\.json$/);
  const saved = JSON.parse(await readText(await file.createReadStream())) as {
    resourceSpans: { scopeSpans: { spans: unknown[] }[] }[];
  };
  const spans = saved.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap((each) => each.spans),
  );
  expect(spans).toHaveLength(ORDER_SPAN_COUNT);
});

test(
  'the keys of the views are in the sheet, and the tabs go by arrow keys',
  { tag: '@long' },
  async ({ page }) => {
    await tab(page, 'Timeline').focus();
    await page.keyboard.press('ArrowRight');
    await expect(tab(page, 'Flame graph')).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(tab(page, 'Graph')).toBeFocused();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard' });
    await expect(sheet).toContainText('2Flame graph');
    await expect(sheet).toContainText('Mark the spans of a node');
  },
);

test('a view whose code does not come says so, and the rest of the page works', async ({
  page,
  consoleErrors,
}) => {
  await page.route('**/events-view-*.js', (route) => route.abort());
  await page.keyboard.press('6');
  await expect(page.getByRole('alert')).toContainText('This view cannot be shown');
  await page.keyboard.press('1');
  await expect(treeRows(page).first()).toBeVisible();
  // The browser notes the request that was broken off, and React the failure.
  consoleErrors.length = 0;
});

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
